import type { Progress } from "./types.js";

const INTERVAL_MS = 100;

/** Counts what was done and tells it, but not more often than eyes can follow. */
export class ProgressMeter {
  readonly #tell: ((progress: Progress) => void) | undefined;
  readonly #totals: Pick<Progress, "totalBytes" | "totalFiles">;
  #bytes = 0;
  #files = 0;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(
    tell: ((progress: Progress) => void) | undefined,
    totals: { totalBytes: number | undefined; totalFiles: number },
  ) {
    this.#tell = tell;
    const { totalBytes, totalFiles } = totals;
    this.#totals = totalBytes === undefined ? { totalFiles } : { totalBytes, totalFiles };
  }

  addBytes(count: number): void {
    this.#bytes += count;
    this.#tellNowAndThen();
  }

  addFile(): void {
    this.#files += 1;
    this.#tellNowAndThen();
  }

  finish(): void {
    this.#tell?.({ bytes: this.#bytes, files: this.#files, ...this.#totals });
  }

  #tellNowAndThen(): void {
    if (this.#tell === undefined) return;
    const now = performance.now();
    if (now - this.#toldAt < INTERVAL_MS) return;
    this.#toldAt = now;
    this.finish();
  }
}
