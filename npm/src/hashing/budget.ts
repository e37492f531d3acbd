/** Counts the memory that hashing holds, so that it never holds more than it may. */
export class Budget {
  readonly limit: number;
  #used = 0;
  #peak = 0;
  readonly #waiting: { readonly bytes: number; resolve(): void }[] = [];

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Bytes that are held. */
  get used(): number {
    return this.#used;
  }

  /** The most that was held at any time. */
  get peak(): number {
    return this.#peak;
  }

  /** Takes memory, if there is as much left and nobody has been waiting for it. */
  take(bytes: number): boolean {
    if (this.#waiting.length > 0 || this.#used + bytes > this.limit) return false;
    this.#hold(bytes);
    return true;
  }

  /** Takes memory, as soon as there is as much left. */
  async wait(bytes: number): Promise<void> {
    if (bytes > this.limit) throw new RangeError("more memory than the whole budget");
    if (this.take(bytes)) return;
    await new Promise<void>((resolve) => this.#waiting.push({ bytes, resolve }));
  }

  give(bytes: number): void {
    this.#used -= bytes;
    for (;;) {
      const [first] = this.#waiting;
      if (first === undefined || this.#used + first.bytes > this.limit) return;
      this.#waiting.shift();
      this.#hold(first.bytes);
      first.resolve();
    }
  }

  #hold(bytes: number): void {
    this.#used += bytes;
    this.#peak = Math.max(this.#peak, this.#used);
  }
}
