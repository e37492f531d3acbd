import type { Awaitable, BundleSource, Source } from "../types/index.js";
import { BLOCK } from "./block.js";
import type { Bound } from "./bound.js";
import { ByteReader } from "./byte-reader.js";
import { misuse, type Place, VerifyError } from "./errors.js";
import { isThenable } from "./own.js";
import { asBytes, copyOf, isBlob, isBytes, isResponse, requireSource } from "./sources.js";
import { turn, turnIsDue } from "./turn.js";

/** The core's own limit. It is also here so that an endless stream is not read to its end. */
const BUNDLE_LIMIT = 64 * 1024 * 1024;

/** Reads a whole bundle. Bytes are copied at once: what the caller changes later does not count. */
export async function readBundle(
  source: Awaitable<BundleSource | Response>,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  signal?.throwIfAborted();
  if (isThenable(source)) return readBundle(await abortable(source, signal), signal);
  if (isResponse(source)) return readBundle(bodyOf(source), signal);
  const bound = { bytes: BUNDLE_LIMIT, exceeded: tooLarge };
  if (typeof source === "string") return limited(new TextEncoder().encode(source));
  if (isBytes(source)) return copyOf(limited(asBytes(source)));
  return readAll(source, { at: "bundle", bound, signal });
}

/** The body of a response that should have a bundle. An error page is not one, whatever it contains. */
function bodyOf(response: Response): BundleSource {
  const { status, type, bodyUsed, body } = response;
  if (status !== 200) {
    const answer = status === 0 ? `an ${type} response` : `HTTP status ${status}`;
    throw new VerifyError("bundle-unreadable", "bundle", `${answer} in place of a bundle`);
  }
  if (bodyUsed || body?.locked === true) throw misuse("bundle", "is a response that was read already");
  return body ?? new Uint8Array();
}

/** Reads a source whole, into memory of its own. */
export async function readAll(
  source: Source,
  options: ReadOptions & { readonly bound: Bound },
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks(source, options)) {
    length += chunk.byteLength;
    parts.push(copyOf(chunk));
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

/** How a source is read. */
export interface ReadOptions {
  /** The source's place in the call, for messages. */
  readonly at: Place;
  readonly bound?: Bound | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Yields a source's bytes in blocks. Each holds only until the next one is asked for. */
export async function* chunks(source: Source, options: ReadOptions): AsyncGenerator<Uint8Array, void> {
  const { bound, signal } = options;
  let length = 0;
  for await (const chunk of rawChunks(source, options)) {
    length += chunk.byteLength;
    if (bound !== undefined && length > bound.bytes) throw bound.exceeded();
    for (let start = 0; start < chunk.byteLength; start += BLOCK) {
      signal?.throwIfAborted();
      yield chunk.subarray(start, start + BLOCK);
      if (turnIsDue(BLOCK_WEIGHT)) await turn();
    }
    // Chunks without bytes come without end as well.
    if (turnIsDue()) await turn();
  }
  signal?.throwIfAborted();
}

/** Of the steps after which there is a turn: one block is much more work than one entry. */
const BLOCK_WEIGHT = 64;

/** Waits for a promise, but no longer than until the signal aborts. */
export async function abortable<T>(promise: PromiseLike<T> | T, signal?: AbortSignal): Promise<T> {
  if (signal === undefined) return promise;
  const waiting = Promise.resolve(promise);
  // Where the signal comes first, no one hears of a failure that follows it: it must not count as unhandled.
  waiting.catch(() => {});
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    signal.throwIfAborted();
    return await Promise.race([waiting, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function rawChunks(source: Source, options: ReadOptions): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  const { at } = options;
  requireSource(source, at);
  if (isBytes(source)) return [asBytes(source)];
  if (isBlob(source)) return streamChunks(source.stream(), options, source);
  // A stream is iterable too, but not everywhere, and slower that way.
  if ("getReader" in source) return streamChunks(source, options);
  return iterableChunks(source, options);
}

async function* streamChunks(
  stream: ReadableStream<Uint8Array>,
  { at, signal }: ReadOptions,
  blob?: Blob,
): AsyncGenerator<Uint8Array> {
  const reader = new ByteReader(stream, at, blob ?? stream);
  let memory = new ArrayBuffer(Math.min(BLOCK, (blob?.size ?? BLOCK) + 1));
  let ended = false;
  try {
    for (;;) {
      const block = await abortable(reader.read(memory), signal);
      if (block.byteLength === 0) {
        ended = true;
        return;
      }
      yield block;
      memory = block.buffer;
    }
  } finally {
    // Not waited for: a source that hangs would hold up the one who aborted.
    if (!ended) reader.cancel(signal?.reason).catch(() => {});
  }
}

async function* iterableChunks(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { at, signal }: ReadOptions,
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
      yield asBytes(step.value, at);
    }
  } finally {
    if (!ended) closeIterator(iterator);
  }
}

/** Tells an iterator that it will not be asked again. Not waited for, as it may hang. */
export function closeIterator(iterator: AsyncIterator<unknown> | Iterator<unknown>): void {
  Promise.resolve()
    .then(() => iterator.return?.())
    .catch(() => {});
}

function concat(parts: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.byteLength;
  }
  return whole;
}
