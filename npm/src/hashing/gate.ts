/** Admits so many at a time, and ends everything at the first failure. */
export class Gate {
  readonly #limit: number;
  #open = 0;
  #failed = false;
  #reason: unknown;
  readonly #waiting = new Set<() => void>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get failed(): boolean {
    return this.#failed;
  }

  /** Begins one more, as soon as there is room. */
  async begin(): Promise<void> {
    await this.#until(() => this.#open < this.#limit);
    this.#open += 1;
  }

  /** Ends one. */
  end(): void {
    this.#open -= 1;
    this.#wake();
  }

  /** Waits until none is open. */
  async idle(): Promise<void> {
    await this.#until(() => this.#open === 0);
  }

  /** All who wait, now or later, are thrown the reason. Only the first one counts. */
  fail(reason: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#reason = reason;
    this.#wake();
  }

  async #until(met: () => boolean): Promise<void> {
    for (;;) {
      if (this.#failed) throw this.#reason;
      if (met()) return;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  #wake(): void {
    const woken = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of woken) resolve();
  }
}
