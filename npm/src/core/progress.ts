import type { Progress } from "../types/index.js";

const INTERVAL_MS = 100;

/** Counts what was done and tells it, but not more often than eyes can follow. */
export class ProgressMeter {
  readonly #tell: ((progress: Progress) => void) | undefined;
  readonly #totals: Pick<Progress, "totalBytes" | "totalFiles">;
  #bytes = 0;
  #files = 0;
  #toldAt = Number.NEGATIVE_INFINITY;
  #startedAt: number | undefined;

  constructor(
    tell: ((progress: Progress) => void) | undefined,
    totals: { totalBytes: number | undefined; totalFiles: number },
  ) {
    this.#tell = tell;
    const { totalBytes, totalFiles } = totals;
    this.#totals = totalBytes === undefined ? { totalFiles } : { totalBytes, totalFiles };
  }

  addBytes(count: number): void {
    this.#startedAt ??= performance.now();
    this.#bytes += count;
    this.#tellNowAndThen();
  }

  addFile(): void {
    this.#files += 1;
    this.#tellNowAndThen();
  }

  finish(): void {
    this.#tell?.({ bytes: this.#bytes, files: this.#files, ...this.#totals, ...this.#speed() });
  }

  /** Since the first bytes: what came before is not hashing. */
  #speed(): Pick<Progress, "bytesPerSecond" | "secondsLeft"> {
    const seconds = (performance.now() - (this.#startedAt ?? Number.NaN)) / 1000;
    if (!(seconds > 0)) return {};
    const bytesPerSecond = this.#bytes / seconds;
    const { totalBytes } = this.#totals;
    if (totalBytes === undefined) return { bytesPerSecond };
    return { bytesPerSecond, secondsLeft: Math.max(0, totalBytes - this.#bytes) / bytesPerSecond };
  }

  #tellNowAndThen(): void {
    if (this.#tell === undefined) return;
    const now = performance.now();
    if (now - this.#toldAt < INTERVAL_MS) return;
    this.#toldAt = now;
    this.finish();
  }
}
