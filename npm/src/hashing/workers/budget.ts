/** Counts the memory that hashing holds, so that it never holds more than it may. */
export class Budget {
  #limit: number;
  readonly #whole: Budget | undefined;
  #used = 0;
  #peak = 0;
  readonly #waiting: { readonly bytes: number; resolve(): void }[] = [];

  /** A budget, perhaps a share of a larger one: what is taken of the share is taken of the whole, too. */
  constructor(limit: number, whole?: Budget) {
    this.#limit = limit;
    this.#whole = whole;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Bytes that are held. */
  get used(): number {
    return this.#used;
  }

  /** The most that was held at any time. */
  get peak(): number {
    return this.#peak;
  }

  /** Raises the limit. It never falls: what is held would be above it. */
  raise(limit: number): void {
    this.#limit = Math.max(this.#limit, limit);
  }

  /** Takes memory, if there is as much left and none waits for it. */
  take(bytes: number): boolean {
    if (this.#waiting.length > 0 || this.#used + bytes > this.#limit) return false;
    if (this.#whole?.take(bytes) === false) return false;
    this.#hold(bytes);
    return true;
  }

  /** Takes memory, as soon as there is as much left. */
  async wait(bytes: number): Promise<void> {
    if (bytes > this.#limit) throw new RangeError("more memory than the whole budget");
    if (this.#waiting.length > 0 || this.#used + bytes > this.#limit) {
      await new Promise<void>((resolve) => this.#waiting.push({ bytes, resolve }));
    } else this.#hold(bytes);
    await this.#whole?.wait(bytes);
  }

  give(bytes: number): void {
    this.#used -= bytes;
    this.#whole?.give(bytes);
    for (;;) {
      const [first] = this.#waiting;
      if (first === undefined || this.#used + first.bytes > this.#limit) return;
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
