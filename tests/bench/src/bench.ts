import type { SuiteOptions } from "./main.js";
import { type Comparison, compare, type Entry } from "./measure.js";

/** The entries of a suite, as they are measured. */
export class Bench {
  readonly quick: boolean;
  readonly entries: Entry[] = [];
  readonly #only: string | undefined;

  constructor({ quick, only }: SuiteOptions) {
    this.quick = quick;
    this.#only = only;
  }

  wants(name: string): boolean {
    return this.#only === undefined || name.includes(this.#only);
  }

  /** Measures, if it is wanted. A bar asks for seven pairs; quick ones are fewer, and say so. */
  async compare(comparison: Omit<Comparison, "runs" | "unit"> & { unit?: string }): Promise<void> {
    if (!this.wants(comparison.name)) return;
    const full = (comparison.bar ?? comparison.atMost) === undefined ? 5 : 9;
    this.add(await compare({ unit: "MB/s", ...comparison, runs: this.quick ? 5 : full }));
  }

  add(entry: Entry): void {
    this.entries.push(entry);
    console.log(
      `${entry.name}: ${entry.ratio.toFixed(2)} (${entry.interval.map((x) => x.toFixed(2)).join("-")})`,
    );
  }
}
