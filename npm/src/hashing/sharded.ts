import type { Digester } from "./digests.js";
import type { Hashed, Plan } from "./plan.js";

/** Hashes one file as its bytes arrive, each shard by itself. */
export class FileDigests {
  readonly #plan: Plan;
  readonly #create: () => Digester;
  readonly #digests: Uint8Array[] = [];
  #current: Digester | undefined;
  #length = 0;

  constructor(plan: Plan, create: () => Digester) {
    this.#plan = plan;
    this.#create = create;
  }

  /** Takes the next bytes. They must not change before it has. */
  async push(bytes: Uint8Array): Promise<void> {
    let start = 0;
    while (start < bytes.byteLength) {
      const piece = bytes.subarray(start, start + this.#room());
      this.#current ??= this.#create();
      await this.#current.push(piece);
      start += piece.byteLength;
      this.#length += piece.byteLength;
      if (this.#room() === 0) await this.#close();
    }
  }

  async finish(): Promise<Hashed> {
    // A file of no bytes has one digest, but no shards.
    if (this.#plan.shardSize === undefined) this.#current ??= this.#create();
    if (this.#current !== undefined) await this.#close();
    return { digests: this.#digests, length: this.#length };
  }

  free(): void {
    this.#current?.free();
    this.#current = undefined;
  }

  /** How many bytes the current shard still takes; none when it has to be closed. */
  #room(): number {
    const { shardSize } = this.#plan;
    if (shardSize === undefined) return Number.POSITIVE_INFINITY;
    const used = this.#length % shardSize;
    return used === 0 && this.#current !== undefined ? 0 : shardSize - used;
  }

  async #close(): Promise<void> {
    const digester = this.#current;
    if (digester === undefined) return;
    this.#current = undefined;
    try {
      this.#digests.push(await digester.finish());
    } finally {
      digester.free();
    }
  }
}
