import { BLOCK } from "../core/block.js";
import type { Bound } from "../core/bound.js";
import { ByteReader } from "../core/byte-reader.js";
import { VerifyError } from "../core/errors.js";
import { copyOf } from "../core/sources.js";
import type { StreamCheck } from "../hashing/stream-check.js";
import type { FileResult } from "../types/index.js";

/** How a checked stream delivers. */
export interface StreamOptions {
  readonly path: string;
  readonly signal: AbortSignal | undefined;
  readonly delivery: "streamed" | "verified";
  /** How many bytes `verified` may hold. */
  readonly spoolLimit: number;
  readonly bound: Bound;
  /** Whether the file was signed in shards. */
  readonly sharded: boolean;
}

/** What came of a stream. */
export type Settled = Pick<FileResult, "status" | "error">;

/**
 * A stream of the same bytes that never completes unless they are the signed ones. Of a file in shards it hands
 * out verified bytes alone.
 *
 * It reads blocks itself: a TransformStream costs ten times as much on workerd.
 */
export function checkedStream(
  check: StreamCheck,
  readable: ReadableStream<Uint8Array>,
  options: StreamOptions,
  onSettled: (settled: Settled) => void,
): ReadableStream<Uint8Array> {
  let source: CheckedSource;
  try {
    options.signal?.throwIfAborted();
    const reader = new ByteReader(readable, { at: "readable", path: options.path });
    source = new CheckedSource(check, reader, options, onSettled);
  } catch (error) {
    check.free();
    throw error;
  }
  // Nothing is read before the reader asks.
  return new ReadableStream(source, { highWaterMark: 0 });
}

class CheckedSource implements UnderlyingDefaultSource<Uint8Array> {
  readonly #check: StreamCheck;
  readonly #reader: ByteReader;
  readonly #options: StreamOptions;
  readonly #onSettled: (settled: Settled) => void;
  readonly #stopListening: () => void;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  /** Memory for the next block; what was handed out is the reader's. */
  #memory: ArrayBuffer | undefined;
  /** Read and hashed, but not passed on. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #passedOn = 0;
  #finished = false;
  #failure: { readonly error: unknown } | undefined;
  #over = false;

  constructor(
    check: StreamCheck,
    reader: ByteReader,
    options: StreamOptions,
    onSettled: (settled: Settled) => void,
  ) {
    this.#check = check;
    this.#reader = reader;
    this.#options = options;
    this.#onSettled = onSettled;
    this.#stopListening = options.signal
      ? listen(options.signal, new WeakRef<CheckedSource>(this))
      : () => {};
    abandoned?.register(this, this.#stopListening);
  }

  start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    this.#controller = controller;
  }

  /** Passes on one block, or ends. */
  async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    try {
      while (!this.#passOn(controller) && !this.#finished) {
        if (this.#failure !== undefined) throw this.#failure.error;
        await this.#readOn();
        if (this.#over) return;
      }
      if (this.#finished && this.#held.length === 0) {
        controller.close();
        this.#end();
      }
    } catch (error) {
      this.fail(error);
    }
  }

  async cancel(reason: unknown): Promise<void> {
    if (this.#over) return;
    this.#settle({ status: "not-checked", error: reason });
    this.#end();
    await this.#reader.cancel(reason);
  }

  /** Errors both ends and lets everything go. */
  fail(error: unknown, aborted = false): void {
    if (this.#over) return;
    const isChanged = error instanceof VerifyError && error.code === "file-changed";
    this.#settle({ status: aborted ? "not-checked" : isChanged ? "changed" : "unreadable", error });
    this.#end();
    this.#controller?.error(error);
    this.#reader.cancel(error).catch(() => {});
  }

  /** Reads and hashes one block, or finds the end. */
  async #readOn(): Promise<void> {
    const memory = this.#memory ?? new ArrayBuffer(BLOCK);
    this.#memory = undefined;
    const block = await this.#reader.read(memory);
    if (this.#over) return;
    const { bound } = this.#options;
    if (this.#passedOn + this.#heldBytes + block.byteLength > bound.bytes) throw bound.exceeded();
    if (block.byteLength > 0) {
      try {
        await this.#check.push(block);
      } catch (error) {
        // The shards before the wrong one are right: they are passed on first.
        this.#failure = { error };
      }
      if (!this.#over) this.#hold(block);
      return;
    }
    await this.#check.finish();
    if (this.#over) return;
    this.#finished = true;
    this.#settle({ status: "ok" });
  }

  #hold(block: Uint8Array<ArrayBuffer>): void {
    // Of a source that delivers little at a time, each piece would hold a whole block.
    const small = block.byteLength < BLOCK / 2;
    if (small) this.#memory = block.buffer;
    this.#held.push(small ? copyOf(block) : block);
    this.#heldBytes += block.byteLength;
    const { delivery, spoolLimit } = this.#options;
    if (delivery === "verified" && this.#heldBytes > spoolLimit) {
      throw new RangeError(`the file is larger than the spoolLimit of ${spoolLimit} bytes`);
    }
  }

  /** Passes on what may be, one block at most. */
  #passOn(controller: ReadableStreamDefaultController<Uint8Array>): boolean {
    const [block] = this.#held;
    if (block === undefined) return false;
    const length = Math.min(block.byteLength, this.#allowed());
    if (length === 0) return false;
    if (length === block.byteLength) this.#held.shift();
    else this.#held[0] = block.subarray(length);
    this.#heldBytes -= length;
    this.#passedOn += length;
    // A part is copied: its reader may hand its memory to another thread.
    controller.enqueue(length === block.byteLength ? block : copyOf(block.subarray(0, length)));
    return true;
  }

  /** How many bytes may be passed on now. */
  #allowed(): number {
    if (this.#finished) return Number.POSITIVE_INFINITY;
    if (this.#options.delivery === "verified") return 0;
    if (this.#options.sharded) return this.#check.verified - this.#passedOn;
    // All but the last block, and none after a failure.
    return this.#failure === undefined && this.#held.length > 1 ? Number.POSITIVE_INFINITY : 0;
  }

  #settle(settled: Settled): void {
    if (!this.#finished || settled.status === "ok") this.#onSettled(settled);
  }

  #end(): void {
    this.#over = true;
    this.#held = [];
    this.#stopListening();
    this.#check.free();
  }
}

/** Lets a signal forget streams that were abandoned. Without it, little is lost. */
const abandoned =
  typeof FinalizationRegistry === "undefined"
    ? undefined
    : new FinalizationRegistry<() => void>((stopListening) => stopListening());

/** A signal that lives long must not keep a stream alive that was abandoned. */
function listen(signal: AbortSignal, source: WeakRef<CheckedSource>): () => void {
  const onAbort = () => source.deref()?.fail(signal.reason, true);
  signal.addEventListener("abort", onAbort, { once: true });
  return () => signal.removeEventListener("abort", onAbort);
}
