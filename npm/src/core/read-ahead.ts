/** Reads the next bytes into the memory: as many as it holds, fewer only at the end. Returns a view of it. */
export type ReadInto = (memory: ArrayBuffer) => Promise<Uint8Array<ArrayBuffer>>;

/** Reads one block ahead: the next one is read while this one is hashed. */
export class ReadAhead {
  readonly #read: ReadInto;
  readonly #size: number;
  #next: Promise<Uint8Array<ArrayBuffer>>;
  #spare: ArrayBuffer | undefined;

  /** Begins to read, in blocks of this size. */
  constructor(read: ReadInto, size: number) {
    this.#read = read;
    this.#size = size;
    this.#next = this.#begin(new ArrayBuffer(size));
  }

  /** The next block; an empty one at the end. It holds until the one after it is asked for. */
  async take(): Promise<Uint8Array<ArrayBuffer>> {
    const block = await this.#next;
    if (block.byteLength === 0) return block;
    // What fits into one block has no second one, as a rule.
    this.#next = this.#begin(this.#spare ?? new ArrayBuffer(block.byteLength < this.#size ? 1 : this.#size));
    this.#spare = block.buffer;
    return block;
  }

  /** Waits until nothing is being read: what is read can be closed then. */
  async settle(): Promise<void> {
    await this.#next.catch(() => {});
  }

  #begin(memory: ArrayBuffer): Promise<Uint8Array<ArrayBuffer>> {
    const reading = this.#read(memory);
    // The failure is told to the one who takes the block, and that may be later.
    reading.catch(() => {});
    return reading;
  }
}
