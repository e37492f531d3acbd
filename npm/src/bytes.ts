import { BLOCK } from "./block.js";
import { misuse, VerifyError } from "./errors.js";
import type { BundleSource, Source } from "./types.js";

/** The core's own limit. It is also here so that an endless stream is not read to its end. */
const BUNDLE_LIMIT = 64 * 1024 * 1024;

/** The other events of this thread get their turn after so many bytes, whoever reads them. */
const TURN = 8 * BLOCK;
let sinceTurn = 0;

/** Reads a whole bundle. */
export async function readBundle(source: BundleSource, signal?: AbortSignal): Promise<Uint8Array> {
  signal?.throwIfAborted();
  // Bytes that are there already are not copied.
  if (typeof source === "string") return limited(new TextEncoder().encode(source));
  if (isBytes(source)) return limited(asBytes(source));
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks(source, signal)) {
    length += chunk.byteLength;
    if (length > BUNDLE_LIMIT) throw tooLarge();
    parts.push(chunk.slice());
  }
  return concat(parts, length);
}

function limited(bytes: Uint8Array): Uint8Array {
  if (bytes.byteLength > BUNDLE_LIMIT) throw tooLarge();
  return bytes;
}

function tooLarge(): VerifyError {
  const message = `the bundle has more bytes than the limit of ${BUNDLE_LIMIT}`;
  return new VerifyError("bundle-too-large", "bundle", message);
}

/** Yields a source's bytes in blocks. Each holds only until the next one is asked for. */
export async function* chunks(source: Source, signal?: AbortSignal): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of rawChunks(source, signal)) {
    for (let start = 0; start < chunk.byteLength; start += BLOCK) {
      signal?.throwIfAborted();
      const block = chunk.subarray(start, start + BLOCK);
      yield block;
      sinceTurn += block.byteLength;
      if (sinceTurn >= TURN) {
        sinceTurn = 0;
        await nextTurn();
      }
    }
  }
  signal?.throwIfAborted();
}

/** Waits for a promise, but no longer than until the signal aborts. */
export async function abortable<T>(promise: Promise<T> | T, signal?: AbortSignal): Promise<T> {
  if (signal === undefined) return promise;
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    signal.throwIfAborted();
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/**
 * Who is waiting for bytes. Chromium (156 at least) collects a BYOB reader of a Blob as garbage while its read
 * is pending, about once in a thousand files, and the read never ends: so they are held here.
 */
const waiting = new Set<BlockReader>();

/** Reads a stream in blocks that belong to the reader alone: nobody else can change them any more. */
export class BlockReader {
  /** What the stream was made from, which has to live as long. */
  readonly source: unknown;
  readonly #reader: { cancel(reason?: unknown): Promise<void>; releaseLock(): void };
  readonly #next: () => Promise<ReadableStreamReadResult<Uint8Array>>;
  #spare: ArrayBufferLike | undefined;
  #done = false;

  constructor(stream: ReadableStream<Uint8Array>, source: unknown = stream) {
    this.source = source;
    const byob = byobReader(stream);
    if (byob !== undefined) {
      this.#reader = byob;
      this.#next = () => readBlock(byob, new Uint8Array(this.#takeSpare()));
    } else {
      const reader = stream.getReader();
      this.#reader = reader;
      this.#next = async () => {
        const { done, value } = await reader.read();
        return done ? { done, value: undefined } : { done, value: asBytes(value).slice() };
      };
    }
  }

  /** The next block, or nothing at the end. */
  async read(): Promise<Uint8Array | undefined> {
    waiting.add(this);
    try {
      return await this.#readOn();
    } finally {
      waiting.delete(this);
    }
  }

  async #readOn(): Promise<Uint8Array | undefined> {
    while (!this.#done) {
      const { done, value } = await this.#next();
      // The last block of a BYOB reader may come together with the end.
      this.#done = done;
      if (value !== undefined && value.byteLength > 0) return value;
    }
    this.#reader.releaseLock();
    return undefined;
  }

  /** Gives a block back that is not needed any more, so that its memory is used again. */
  giveBack(block: Uint8Array): void {
    if (block.buffer.byteLength === BLOCK) this.#spare = block.buffer;
  }

  /** Ends the stream at its source. */
  async cancel(reason?: unknown): Promise<void> {
    this.#done = true;
    await this.#reader.cancel(reason);
  }

  #takeSpare(): ArrayBuffer {
    const buffer = this.#spare ?? new ArrayBuffer(BLOCK);
    this.#spare = undefined;
    return buffer as ArrayBuffer;
  }
}

/** What was given as bytes, as a view of them. */
export function asBytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (!isBytes(value)) throw misuse("a chunk of a file is not a Uint8Array");
  return ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value);
}

/** Whether something is bytes. From another realm, `instanceof` does not know them. */
export function isBytes(value: unknown): value is ArrayBuffer | ArrayBufferView {
  return ArrayBuffer.isView(value) || Object.prototype.toString.call(value) === "[object ArrayBuffer]";
}

/** Whether something is a Blob, or a File. */
export function isBlob(value: unknown): value is Blob {
  return /^\[object (Blob|File)\]$/.test(Object.prototype.toString.call(value));
}

function rawChunks(source: Source, signal?: AbortSignal): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (typeof source === "object" && source !== null) {
    if (isBytes(source)) return [asBytes(source)];
    if ("getReader" in source) return streamChunks(source, signal);
    if ("stream" in source && typeof source.stream === "function")
      return streamChunks(source.stream(), signal, source);
    if (Symbol.asyncIterator in source || Symbol.iterator in source) return iterableChunks(source, signal);
  }
  throw misuse(
    "the bytes must be a Blob, a Uint8Array, an ArrayBuffer, a ReadableStream or an iterable of Uint8Array",
  );
}

async function* streamChunks(
  stream: ReadableStream<Uint8Array>,
  signal?: AbortSignal,
  source: unknown = stream,
): AsyncGenerator<Uint8Array> {
  const reader = new BlockReader(stream, source);
  let ended = false;
  try {
    for (;;) {
      const block = await abortable(reader.read(), signal);
      if (block === undefined) {
        ended = true;
        return;
      }
      yield block;
      reader.giveBack(block);
    }
  } finally {
    // Not waited for: a source that hangs would hold up whoever aborted.
    if (!ended) reader.cancel(signal?.reason).catch(() => {});
  }
}

async function* iterableChunks(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const iterator =
    Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  let ended = false;
  try {
    for (;;) {
      const step = await abortable(iterator.next(), signal);
      if (step.done === true) {
        ended = true;
        return;
      }
      yield asBytes(step.value);
    }
  } finally {
    if (!ended) closeIterator(iterator);
  }
}

/** Tells an iterator that nobody will ask again. Not waited for, as it may hang. */
export function closeIterator(iterator: AsyncIterator<unknown> | Iterator<unknown>): void {
  Promise.resolve()
    .then(() => iterator.return?.())
    .catch(() => {});
}

function byobReader(stream: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | undefined {
  try {
    return stream.getReader({ mode: "byob" });
  } catch (error) {
    // Only byte streams have one. A stream that is taken already is another matter.
    if (stream.locked) throw misuse("the stream is already locked to a reader");
    if (error instanceof TypeError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * workerd brings 4 KiB at a time, unless asked by its `readAtLeast`. The standard's `min` would ask the same
 * elsewhere, but Node 20 loses the end of a stream over it.
 */
function readBlock(
  reader: ReadableStreamBYOBReader & {
    readAtLeast?(min: number, view: Uint8Array): Promise<ReadableStreamReadResult<Uint8Array>>;
  },
  view: Uint8Array<ArrayBuffer>,
): Promise<ReadableStreamReadResult<Uint8Array>> {
  if (typeof reader.readAtLeast === "function") return reader.readAtLeast(view.byteLength, view);
  return reader.read(view);
}

function concat(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.byteLength;
  }
  return whole;
}

/** Lets the other events of this thread have their turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") setImmediate(resolve);
    else if (typeof MessageChannel === "function") {
      // A page in the background gets its timers only once a second, but its messages at once.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    } else setTimeout(resolve, 0);
  });
}
