import { misuse, type Place } from "./errors.js";
import { asBytes } from "./sources.js";

/**
 * The readers with a pending read. Chromium (156 at least) collects a BYOB reader of a Blob as garbage while its
 * read is pending, about once in a thousand files, and the read never ends: so they are held here.
 */
const waiting = new Set<ByteReader>();

/** A BYOB reader; in workerd with a method of its own. */
type ByobReader = ReadableStreamBYOBReader & {
  readAtLeast?(least: number, view: Uint8Array): Promise<ReadableStreamReadResult<Uint8Array>>;
};

/** Reads a stream into memory that its caller owns, and uses again. */
export class ByteReader {
  /** What the stream was made from, which must live as long. */
  readonly source: unknown;
  readonly #at: Place;
  readonly #byob: ByobReader | undefined;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  /** What the other kind of reader read too much of. */
  #rest = new Uint8Array();
  #ended = false;

  /** `at` is the stream's place in the call. */
  constructor(stream: ReadableStream<Uint8Array>, at: Place, source: unknown = stream) {
    this.source = source;
    this.#at = at;
    this.#byob = byobReader(stream, at);
    if (this.#byob === undefined) this.#reader = stream.getReader();
  }

  /**
   * The next bytes, from the memory's start: at least so many, and at most so many; fewer only at the end of the
   * stream, and none after it. The memory is lost: the view that is returned has what became of it.
   */
  async read(memory: ArrayBuffer, least = 1, most = memory.byteLength): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#ended) return new Uint8Array(memory, 0, 0);
    waiting.add(this);
    try {
      return this.#byob === undefined
        ? await this.#copyInto(memory, least, most)
        : await this.#readInto(this.#byob, memory, least, most);
    } finally {
      waiting.delete(this);
    }
  }

  /** Ends the stream at its source, if it was not read to its end. */
  async cancel(reason?: unknown): Promise<void> {
    this.#ended = true;
    this.#rest = new Uint8Array();
    await (this.#byob ?? this.#reader)?.cancel(reason);
  }

  async #readInto(
    reader: ByobReader,
    memory: ArrayBuffer,
    least: number,
    most: number,
  ): Promise<Uint8Array<ArrayBuffer>> {
    let own = memory;
    let filled = 0;
    while (filled < least) {
      const view = new Uint8Array(own, filled, most - filled);
      const { done, value } = await readBlock(reader, view);
      if (value !== undefined) {
        own = value.buffer as ArrayBuffer;
        filled += value.byteLength;
      }
      if (!done) continue;
      // A stream that was cancelled elsewhere returns no memory.
      if (value === undefined) own = new ArrayBuffer(0);
      this.#end(reader);
      break;
    }
    return new Uint8Array(own, 0, own.byteLength === 0 ? 0 : filled);
  }

  async #copyInto(memory: ArrayBuffer, least: number, most: number): Promise<Uint8Array<ArrayBuffer>> {
    const target = new Uint8Array(memory, 0, most);
    let filled = 0;
    while (filled < most) {
      if (this.#rest.byteLength === 0) {
        if (filled >= least) break;
        const { done, value } = (await this.#reader?.read()) ?? { done: true, value: undefined };
        if (done) {
          this.#end(this.#reader);
          break;
        }
        this.#rest = asBytes(value, this.#at) as Uint8Array<ArrayBuffer>;
        continue;
      }
      const part = this.#rest.subarray(0, most - filled);
      target.set(part, filled);
      filled += part.byteLength;
      this.#rest = this.#rest.subarray(part.byteLength);
    }
    return target.subarray(0, filled);
  }

  #end(reader: { releaseLock(): void } | undefined): void {
    this.#ended = true;
    reader?.releaseLock();
  }
}

function byobReader(stream: ReadableStream<Uint8Array>, at: Place): ByobReader | undefined {
  try {
    return stream.getReader({ mode: "byob" });
  } catch (error) {
    // Only byte streams have one. A stream that is taken already is another matter.
    if (stream.locked) throw misuse(at, "is a stream that is already locked to a reader");
    if (error instanceof TypeError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * workerd reads 4 KiB at a time, unless asked by its `readAtLeast`. The standard's `min` would ask the same
 * elsewhere, but Node 20 loses the end of a stream over it.
 */
function readBlock(
  reader: ByobReader,
  view: Uint8Array<ArrayBuffer>,
): Promise<ReadableStreamReadResult<Uint8Array>> {
  if (typeof reader.readAtLeast === "function") return reader.readAtLeast(view.byteLength, view);
  return reader.read(view);
}
