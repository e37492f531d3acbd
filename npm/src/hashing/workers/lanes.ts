import type { Hasher, Sha256x4 } from "../../../wasm/instance.js";
import { BLOCK } from "../../core/block.js";
import { ByteReader } from "../../core/byte-reader.js";
import { abortable } from "../../core/bytes.js";
import { ReadAhead } from "../../core/read-ahead.js";
import { turn, turnIsDue } from "../../core/turn.js";
import { pushTo, pushToLanes } from "../push.js";

/** How many streams of SHA-256 are hashed side by side in the lanes of a vector. */
export const LANES = 4;

/** So long the lanes that have a block wait for those that have none yet. */
const PATIENCE_MS = 10;

const NOTHING = new Uint8Array();

/** Reads a Blob block by block, one ahead. An empty block is its end. */
class BlobBlocks {
  readonly #reader: ByteReader;
  readonly #ahead: ReadAhead;
  #left: number;

  constructor(blob: Blob) {
    this.#reader = new ByteReader(blob.stream(), "blob", blob);
    this.#ahead = new ReadAhead((memory) => this.#reader.read(memory, memory.byteLength), BLOCK);
    this.#left = blob.size;
  }

  async take(): Promise<Uint8Array> {
    const block = await this.#ahead.take();
    this.#left -= block.byteLength;
    if (block.byteLength === 0 && this.#left > 0) {
      throw new DOMException("a file became shorter", "NotReadableError");
    }
    return block;
  }

  /** Lets the Blob go. */
  cancel(): void {
    this.#reader.cancel().catch(() => {});
  }
}

/** What a large piece is hashed for. */
export interface StreamTools {
  readonly signal: AbortSignal;
  onBytes(count: number): void;
}

/** Hashes one large piece on its own. */
export async function hashStream(
  hasher: Hasher,
  blob: Blob,
  { signal, onBytes }: StreamTools,
): Promise<Uint8Array> {
  const blocks = new BlobBlocks(blob);
  try {
    for (;;) {
      const block = await abortable(blocks.take(), signal);
      if (block.byteLength === 0) return hasher.finish();
      pushTo(hasher, block);
      onBytes(block.byteLength);
      // A job that is cancelled should hear of it.
      if (turnIsDue()) await turn();
    }
  } finally {
    blocks.cancel();
  }
}

/** One of the four. */
class Lane {
  readonly #blocks: BlobBlocks;
  readonly #tools: StreamTools;
  readonly resolve: (digest: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
  #next: Promise<void> | undefined;
  #found: { readonly block: Uint8Array } | { readonly error: unknown } | undefined;

  constructor(
    blob: Blob,
    tools: StreamTools,
    resolve: (digest: Uint8Array) => void,
    reject: (error: unknown) => void,
  ) {
    this.#blocks = new BlobBlocks(blob);
    this.#tools = tools;
    this.resolve = resolve;
    this.reject = reject;
  }

  /** Resolves when there is a block, or none can come. */
  ready(): Promise<void> {
    this.#next ??= abortable(this.#blocks.take(), this.#tools.signal).then(
      (block) => {
        this.#found = { block };
      },
      (error: unknown) => {
        this.#found = { error };
      },
    );
    return this.#next;
  }

  get isReady(): boolean {
    return this.#found !== undefined;
  }

  /** The block; nothing while there is none yet. Throws if none can come. */
  take(): Uint8Array | undefined {
    const found = this.#found;
    if (found === undefined) return undefined;
    this.#found = undefined;
    this.#next = undefined;
    if ("error" in found) throw found.error;
    this.#tools.onBytes(found.block.byteLength);
    return found.block;
  }

  end(): void {
    this.#blocks.cancel();
  }
}

/** Hashes up to four large pieces side by side by SHA-256. */
export class LaneHasher {
  readonly #kernel: Sha256x4;
  readonly #lanes: (Lane | undefined)[] = Array(LANES).fill(undefined);
  #running = false;

  constructor(kernel: Sha256x4) {
    this.#kernel = kernel;
  }

  /** Hashes a piece in a lane that is free: there are never more pieces than lanes. */
  hash(blob: Blob, tools: StreamTools): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const lane = this.#lanes.indexOf(undefined);
      if (lane < 0) throw new RangeError("all lanes are taken");
      this.#lanes[lane] = new Lane(blob, tools, resolve, reject);
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (;;) {
      const lanes = this.#lanes.filter((lane) => lane !== undefined);
      if (lanes.length === 0) break;
      await someReady(lanes);
      const [a = NOTHING, b = NOTHING, c = NOTHING, d = NOTHING] = this.#lanes.map((lane, index) =>
        this.#take(lane, index),
      );
      pushToLanes(this.#kernel, [a, b, c, d]);
      if (turnIsDue()) await turn();
    }
    this.#running = false;
  }

  /** The next block of a lane. When there is none any more, the lane is free again. */
  #take(lane: Lane | undefined, index: number): Uint8Array {
    if (lane === undefined) return NOTHING;
    try {
      const block = lane.take();
      if (block === undefined || block.byteLength > 0) return block ?? NOTHING;
      this.#free(lane, index);
      lane.resolve(this.#kernel.finish(index));
    } catch (error) {
      this.#free(lane, index);
      // What it has seen so far must not be the beginning of the next piece.
      this.#kernel.finish(index);
      lane.reject(error);
    }
    return NOTHING;
  }

  #free(lane: Lane, index: number): void {
    lane.end();
    this.#lanes[index] = undefined;
  }
}

/**
 * Waits for all lanes, since one alone takes nearly as long as four, but not long: a disk that hangs under one
 * file must not hold up the others, which may be of another model.
 */
async function someReady(lanes: readonly Lane[]): Promise<void> {
  const ready = lanes.map((lane) => lane.ready());
  await Promise.race(ready);
  if (lanes.every((lane) => lane.isReady)) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS);
  });
  await Promise.race([Promise.all(ready), patience]);
  clearTimeout(timer);
}
