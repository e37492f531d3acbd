import type { Hasher, Sha256x4 } from "#wasm";
import { BlobReader } from "./blob-reader.js";

/** Large pieces are read and hashed in blocks of this size. Two are held of each: one is read, one hashed. */
export const STREAM_BLOCK = 1024 * 1024;

/** How many streams of SHA-256 are hashed side by side in the lanes of a vector. */
export const LANES = 4;

const NOTHING = new Uint8Array();

/** Reads one block ahead: the next one comes while this one is hashed. */
class ReadAhead {
  readonly #reader: BlobReader;
  #spare = new ArrayBuffer(STREAM_BLOCK);
  #next: Promise<Uint8Array<ArrayBuffer>>;
  #left: number;

  constructor(blob: Blob) {
    this.#reader = new BlobReader(blob);
    this.#left = blob.size;
    this.#next = this.#read(new ArrayBuffer(STREAM_BLOCK));
  }

  /** The next block; an empty one at the end. It holds until the one after it is asked for. */
  async take(): Promise<Uint8Array<ArrayBuffer>> {
    const block = await this.#next;
    this.#left -= block.byteLength;
    if (block.byteLength === 0) {
      if (this.#left > 0) throw new DOMException("a file became shorter", "NotReadableError");
      return block;
    }
    this.#next = this.#read(this.#spare);
    this.#spare = block.buffer;
    return block;
  }

  #read(buffer: ArrayBuffer): Promise<Uint8Array<ArrayBuffer>> {
    const reading = this.#reader.fill(buffer);
    // Whoever takes the block hears of it.
    reading.catch(() => {});
    return reading;
  }
}

/** Hashes one large piece by itself. */
export async function hashStream(
  hasher: Hasher,
  blob: Blob,
  onBytes: (count: number) => void,
): Promise<Uint8Array> {
  const source = new ReadAhead(blob);
  for (;;) {
    const block = await source.take();
    if (block.byteLength === 0) return hasher.finish();
    hasher.push(block);
    onBytes(block.byteLength);
  }
}

interface Lane {
  readonly source: ReadAhead;
  resolve(digest: Uint8Array): void;
  reject(error: unknown): void;
}

/** Hashes up to four large pieces side by side by SHA-256. */
export class LaneHasher {
  readonly #kernel: Sha256x4;
  readonly #onBytes: (count: number) => void;
  readonly #lanes: (Lane | undefined)[] = Array(LANES).fill(undefined);
  #running = false;

  constructor(kernel: Sha256x4, onBytes: (count: number) => void) {
    this.#kernel = kernel;
    this.#onBytes = onBytes;
  }

  /** Hashes a piece in a lane that is free: there are never more pieces than lanes. */
  hash(blob: Blob): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const lane = this.#lanes.indexOf(undefined);
      if (lane < 0) throw new RangeError("all lanes are taken");
      this.#lanes[lane] = { source: new ReadAhead(blob), resolve, reject };
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#lanes.some((lane) => lane !== undefined)) {
      // All wait for the slowest: one lane alone takes nearly as long as four.
      const blocks = await Promise.all(this.#lanes.map((lane, index) => this.#take(lane, index)));
      const [a = NOTHING, b = NOTHING, c = NOTHING, d = NOTHING] = blocks;
      this.#kernel.push(a, b, c, d);
      this.#onBytes(a.byteLength + b.byteLength + c.byteLength + d.byteLength);
    }
    this.#running = false;
  }

  /** The next block of a lane. When there is none, the lane is free again. */
  async #take(lane: Lane | undefined, index: number): Promise<Uint8Array> {
    if (lane === undefined) return NOTHING;
    try {
      const block = await lane.source.take();
      if (block.byteLength > 0) return block;
      this.#lanes[index] = undefined;
      lane.resolve(this.#kernel.finish(index));
    } catch (error) {
      this.#lanes[index] = undefined;
      // What it has seen so far must not be the beginning of the next piece.
      this.#kernel.finish(index);
      lane.reject(error);
    }
    return NOTHING;
  }
}
