import { BlockReader } from "./bytes.js";
import { VerifyError } from "./errors.js";
import type { Check } from "./hashing/check.js";
import type { CheckOptions } from "./types.js";

const SPOOL_LIMIT = 256 * 1024 * 1024;

/**
 * A stream of the same bytes that never completes unless they are the signed ones.
 *
 * It reads blocks itself: a TransformStream costs ten times as much on workerd.
 */
export function checkedStream(
  check: Check,
  readable: ReadableStream<Uint8Array>,
  options: CheckOptions,
): ReadableStream<Uint8Array> {
  let source: CheckedSource;
  try {
    options.signal?.throwIfAborted();
    source = new CheckedSource(check, new BlockReader(readable), options);
  } catch (error) {
    check.free();
    throw error;
  }
  // Nothing is read before somebody asks.
  return new ReadableStream(source, { highWaterMark: 0 });
}

class CheckedSource implements UnderlyingDefaultSource<Uint8Array> {
  readonly #check: Check;
  readonly #reader: BlockReader;
  readonly #stopListening: () => void;
  readonly #spoolLimit: number;
  readonly #spool: boolean;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  /** Read and hashed, but not passed on. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #verified = false;
  #over = false;

  constructor(check: Check, reader: BlockReader, options: CheckOptions) {
    this.#check = check;
    this.#reader = reader;
    this.#spool = options.delivery === "verified";
    this.#spoolLimit = options.spoolLimit ?? SPOOL_LIMIT;
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
      while (!this.#verified) {
        const block = await this.#reader.read();
        if (this.#over) return;
        if (block === undefined) {
          await this.#finish();
          break;
        }
        await this.#check.push(block);
        if (this.#over) return;
        this.#hold(block);
        if (!this.#spool && this.#held.length > 1) return this.#passOn(controller);
      }
      if (this.#over) return;
      if (this.#held.length > 0) this.#passOn(controller);
      if (this.#held.length === 0) {
        controller.close();
        this.#end();
      }
    } catch (error) {
      this.fail(error);
    }
  }

  async cancel(reason: unknown): Promise<void> {
    if (this.#over) return;
    this.#end();
    await this.#reader.cancel(reason);
  }

  /** Errors both ends and lets everything go. */
  fail(reason: unknown): void {
    if (this.#over) return;
    this.#end();
    this.#controller?.error(reason);
    this.#reader.cancel(reason).catch(() => {});
  }

  #hold(block: Uint8Array): void {
    this.#held.push(block);
    this.#heldBytes += block.byteLength;
    if (this.#spool && this.#heldBytes > this.#spoolLimit) {
      throw new RangeError(`the file is larger than the spoolLimit of ${this.#spoolLimit} bytes`);
    }
  }

  #passOn(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const block = this.#held.shift();
    if (block !== undefined) controller.enqueue(block);
  }

  async #finish(): Promise<void> {
    if ((await this.#check.finish()) !== "ok") {
      throw new VerifyError("file-changed", "files", "a file is not the one that was signed");
    }
    this.#verified = true;
  }

  #end(): void {
    this.#over = true;
    this.#held = [];
    this.#stopListening();
    this.#check.free();
  }
}

/** Lets a signal forget streams that nobody reads any more. Where there is none, little is lost. */
const abandoned =
  typeof FinalizationRegistry === "undefined"
    ? undefined
    : new FinalizationRegistry<() => void>((stopListening) => stopListening());

/** A signal that lives long must not keep a stream alive that was abandoned. */
function listen(signal: AbortSignal, source: WeakRef<CheckedSource>): () => void {
  const onAbort = () => source.deref()?.fail(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  return () => signal.removeEventListener("abort", onAbort);
}
