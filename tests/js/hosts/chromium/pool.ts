// How many workers the page's verifications start.
import { type Verdict, verify } from "modelseal";
import { fromFile } from "modelseal/files";

/** A model of one file, and its signature. */
export interface SignedFileInput {
  readonly bundle: string;
  readonly policy: { readonly method: "key"; readonly publicKey: string };
  readonly path: string;
  readonly length: number;
}

let alive = 0;
let started = 0;

class CountedWorker extends Worker {
  #ended = false;

  constructor(url: string | URL, options?: WorkerOptions) {
    super(url, options);
    started += 1;
    alive += 1;
  }

  override terminate(): void {
    super.terminate();
    if (!this.#ended) alive -= 1;
    this.#ended = true;
  }
}

/** Verifies a model of zeros so many times at once, and counts the workers that are made meanwhile. */
export async function verifyAtOnce({ bundle, policy, path, length }: SignedFileInput, times: number) {
  if (globalThis.Worker !== CountedWorker) globalThis.Worker = CountedWorker;
  const before = started;
  const file = new File([new Uint8Array(length)], path);
  const verdicts: Verdict[] = await Promise.all(
    Array.from({ length: times }, () => verify({ bundle, policy, files: fromFile(file) })),
  );
  // With the reasons of one that is not verified: they tell what to look at.
  const outcomes = [...new Set(verdicts.map(({ outcome, reasons }) => [outcome, ...reasons].join(" ")))];
  const used = Math.max(...verdicts.map(({ diagnostics }) => diagnostics?.workers ?? 0));
  return { outcomes, started: started - before, alive, used, cores: navigator.hardwareConcurrency };
}

/** Waits until no worker is left; for so many milliseconds at most. */
export async function waitForNone(most: number): Promise<number> {
  const began = performance.now();
  while (alive > 0 && performance.now() - began < most)
    await new Promise((resolve) => setTimeout(resolve, 100));
  return alive;
}
