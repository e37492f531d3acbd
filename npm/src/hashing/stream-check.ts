import { VerifyError } from "../core/errors.js";
import { createDigester } from "./digests.js";
import { FileDigests } from "./file-digests.js";
import type { Hashed, Plan } from "./plan.js";

/** How a file compares with what was signed. */
export type CheckStatus = "ok" | "changed";

/** What was signed of a file. */
export interface SignedContent {
  /** The file's path. */
  readonly path: string;
  readonly plan: Plan;
  compare(hashed: Hashed): CheckStatus;
  /** Whether a shard, counted from 0, is as signed. Asked of files in shards alone. */
  compareShard(index: number, digest: Uint8Array): boolean;
}

/**
 * The check of one file whose bytes pass by: hashed in this thread by the fastest digest that the host has.
 *
 * The public `FileCheck` does the same for bytes that a caller pushes. There are two because a host's own
 * digests cannot be saved: `FileCheck` hashes in Wasm, so that it can be saved and resumed.
 */
export class StreamCheck {
  readonly #signed: SignedContent;
  readonly #digests: FileDigests;
  #verified = 0;

  constructor(signed: SignedContent) {
    this.#signed = signed;
    this.#digests = new FileDigests(
      signed.plan,
      () => createDigester(signed.plan.algorithm),
      (index, digest) => this.#compareShard(index, digest),
    );
  }

  /** How many bytes from the file's start are known to be right: of a file in shards, before its end. */
  get verified(): number {
    return this.#verified;
  }

  /** Takes the next bytes. They must not change before it has. Throws at the first shard that is wrong. */
  push(bytes: Uint8Array): Promise<void> {
    return this.#digests.push(bytes);
  }

  /** Compares the whole file; throws a `VerifyError` of the code `file-changed` if it is another one. */
  async finish(): Promise<void> {
    const hashed = await this.#digests.finish();
    if (this.#signed.compare(hashed) !== "ok") throw changed(this.#signed.path);
    this.#verified = hashed.length;
  }

  /** Lets everything go. */
  free(): void {
    this.#digests.free();
  }

  #compareShard(index: number, digest: Uint8Array): void {
    if (!this.#signed.compareShard(index, digest)) throw changed(this.#signed.path);
    this.#verified = this.#digests.length;
  }
}

/** The error of a file that is not as signed. */
export function changed(path: string): VerifyError {
  return new VerifyError("file-changed", "files", "a file is not the one that was signed", { path });
}
