import type { Progress } from "../types/index.js";

const INTERVAL_MS = 100;

/** Counts what was done and tells it, but not more often than eyes can follow. */
export class ProgressMeter {
  readonly #tell: ((progress: Progress) => void) | undefined;
  readonly #totalFiles: number;
  #totalBytes: number | undefined;
  #path: string | undefined;
  #bytes = 0;
  #files = 0;
  #toldAt = Number.NEGATIVE_INFINITY;
  #startedAt: number | undefined;

  constructor(
    tell: ((progress: Progress) => void) | undefined,
    totals: { totalBytes: number | undefined; totalFiles: number },
  ) {
    this.#tell = tell;
    this.#totalFiles = totals.totalFiles;
    this.#totalBytes = totals.totalBytes;
  }

  addBytes(count: number): void {
    this.#startedAt ??= performance.now();
    this.#bytes += count;
    this.#tellNowAndThen();
  }

  /** Notes which file is read now. */
  beginFile(path: string): void {
    this.#path = path;
  }

  /** Takes bytes out of the total that will not be hashed. */
  skipBytes(count: number): void {
    if (this.#totalBytes !== undefined) this.#totalBytes = Math.max(this.#bytes, this.#totalBytes - count);
  }

  addFile(): void {
    this.#files += 1;
    this.#tellNowAndThen();
  }

  /** Tells it for the last time: what was not hashed by now will not be. */
  finish(): void {
    if (this.#totalBytes !== undefined) this.#totalBytes = this.#bytes;
    this.#tellNow();
  }

  #tellNow(): void {
    this.#tell?.({
      bytes: this.#bytes,
      files: this.#files,
      totalFiles: this.#totalFiles,
      ...(this.#totalBytes !== undefined && { totalBytes: this.#totalBytes }),
      ...(this.#path !== undefined && { path: this.#path }),
      ...this.#speed(),
    });
  }

  /** Since the first bytes: what came before is not hashing. */
  #speed(): Pick<Progress, "bytesPerSecond" | "secondsLeft"> {
    const seconds = (performance.now() - (this.#startedAt ?? Number.NaN)) / 1000;
    if (!(seconds > 0)) return {};
    const bytesPerSecond = this.#bytes / seconds;
    const totalBytes = this.#totalBytes;
    if (totalBytes === undefined) return { bytesPerSecond };
    return { bytesPerSecond, secondsLeft: Math.max(0, totalBytes - this.#bytes) / bytesPerSecond };
  }

  #tellNowAndThen(): void {
    if (this.#tell === undefined) return;
    const now = performance.now();
    if (now - this.#toldAt < INTERVAL_MS) return;
    this.#toldAt = now;
    this.#tellNow();
  }
}
