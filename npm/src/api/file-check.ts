import type { FileCheck as WasmCheck } from "../../wasm/instance.js";
import { misuse, translate } from "../core/errors.js";
import { asBytes, isBytes } from "../core/sources.js";
import { pushTo } from "../hashing/push.js";
import type { CheckedFile } from "../types/index.js";

/**
 * The check of one file whose bytes come piece by piece, and perhaps not all at once: its state can be saved,
 * and resumed after a reload or in another process. Made by {@link SignedModel.checkFile}.
 */
export class FileCheck {
  /** The path of the file. */
  readonly path: string;
  readonly #check: WasmCheck;
  readonly #resumed: boolean;
  #length: number;
  #over: string | undefined;

  /** @internal */
  constructor(path: string, check: WasmCheck) {
    this.path = path;
    this.#check = check;
    this.#length = check.length();
    this.#resumed = this.#length > 0;
  }

  /** How many bytes it has seen, those before it was saved included: where a download must go on. */
  get length(): number {
    return this.#length;
  }

  /** Takes the next bytes. */
  push(bytes: Uint8Array): void {
    this.#require();
    if (!isBytes(bytes)) throw misuse("bytes", "must be a Uint8Array");
    const view = asBytes(bytes);
    translate(() => pushTo(this.#check, view));
    this.#length += view.byteLength;
  }

  /**
   * The state so far, at most a few KiB, for {@link SignedModel.checkFile} with the same key. The key has at
   * least 32 bytes, which should be random. Keep it where those who can change the state, or the bytes that were
   * downloaded, cannot read it: with the key a state can be made up for bytes that were never signed.
   */
  save(key: Uint8Array): Uint8Array {
    this.#require();
    const bytes = readKey(key);
    return translate(() => this.#check.save(bytes));
  }

  /** Compares the whole file with what was signed. The check is over then. */
  finish(): CheckedFile {
    this.#require();
    this.#over = "is finished";
    const status = translate(() => this.#check.finish()) as "ok" | "changed";
    return { path: this.path, status, resumed: this.#resumed };
  }

  /** Frees the memory at once. Optional: abandoning the object frees it later. */
  [Symbol.dispose](): void {
    if (this.#over !== "was disposed of") this.#check.free();
    this.#over = "was disposed of";
  }

  #require(): void {
    if (this.#over !== undefined) throw misuse("this check", `${this.#over}: it takes no more bytes`);
  }
}

/** The key of a saved state. */
export function readKey(key: unknown): Uint8Array {
  if (key === undefined) throw misuse("key", "is missing: there is no saved state without one");
  if (!isBytes(key)) throw misuse("key", "must be a Uint8Array");
  if (key.byteLength < LEAST_KEY) throw misuse("key", `must have at least ${LEAST_KEY} bytes`);
  return asBytes(key);
}

const LEAST_KEY = 32;
