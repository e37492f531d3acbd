/**
 * Who is waiting for bytes. Chromium (156 at least) collects a BYOB reader of a Blob as garbage while its read
 * is pending, and the read never ends: so they are held here.
 */
const waiting = new Set<BlobReader>();

/** Reads a Blob into memory that its caller brings, and uses again. */
export class BlobReader {
  /** It has to live as long as its stream. */
  readonly blob: Blob;
  readonly #byob: ReadableStreamBYOBReader | undefined;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  /** What the other kind of reader brought too much of. */
  #rest = new Uint8Array();

  constructor(blob: Blob) {
    this.blob = blob;
    const stream = blob.stream();
    try {
      this.#byob = stream.getReader({ mode: "byob" });
    } catch {
      // Not every browser makes a Blob's stream a stream of bytes.
      this.#reader = stream.getReader();
    }
  }

  /** Fills a buffer from its start, and gives what could be filled of it: less only at the Blob's end. */
  async fill(buffer: ArrayBuffer, length = buffer.byteLength): Promise<Uint8Array<ArrayBuffer>> {
    waiting.add(this);
    try {
      return this.#byob === undefined
        ? await this.#copyInto(buffer, length)
        : await readInto(this.#byob, buffer, length);
    } finally {
      waiting.delete(this);
    }
  }

  /** Lets the stream go, if it was not read to its end. */
  close(): void {
    (this.#byob ?? this.#reader)?.cancel().catch(() => {});
  }

  async #copyInto(buffer: ArrayBuffer, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const target = new Uint8Array(buffer, 0, length);
    let filled = 0;
    while (filled < length) {
      if (this.#rest.byteLength === 0) {
        const step = await this.#reader?.read();
        if (step?.value === undefined) break;
        this.#rest = step.value as Uint8Array<ArrayBuffer>;
      }
      const part = this.#rest.subarray(0, length - filled);
      target.set(part, filled);
      filled += part.byteLength;
      this.#rest = this.#rest.subarray(part.byteLength);
    }
    return target.subarray(0, filled);
  }
}

/** A read gives the buffer away, and another one back over the same memory. */
async function readInto(
  reader: ReadableStreamBYOBReader,
  buffer: ArrayBuffer,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  let memory = buffer;
  let filled = 0;
  while (filled < length) {
    const { done, value } = await reader.read(new Uint8Array(memory, filled, length - filled));
    if (value === undefined) break;
    memory = value.buffer;
    filled += value.byteLength;
    if (done) break;
  }
  return new Uint8Array(memory, 0, filled);
}
