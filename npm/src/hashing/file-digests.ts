import type { Digester } from "./digests.js";
import type { Hashed, Plan } from "./plan.js";

/** Hashes one file as its bytes arrive, each shard separately. */
export class FileDigests {
  readonly #plan: Plan;
  readonly #create: () => Digester;
  readonly #onShard: (index: number, digest: Uint8Array) => void;
  readonly #digests: Uint8Array[] = [];
  #current: Digester | undefined;
  #length = 0;

  /** `onShard` is told of each shard when its last byte was hashed. What it throws, `push` or `finish` throws. */
  constructor(
    plan: Plan,
    create: () => Digester,
    onShard: (index: number, digest: Uint8Array) => void = () => {},
  ) {
    this.#plan = plan;
    this.#create = create;
    this.#onShard = onShard;
  }

  /** How many bytes it has taken. */
  get length(): number {
    return this.#length;
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

  /** How many bytes the current shard still takes; none when it must be closed. */
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
      const digest = await digester.finish();
      this.#digests.push(digest);
      if (this.#plan.shardSize !== undefined) this.#onShard(this.#digests.length - 1, digest);
    } finally {
      digester.free();
    }
  }
}
