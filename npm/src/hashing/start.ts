import { isBlob } from "../bytes.js";
import { WorkerError } from "../errors.js";
import type { Source } from "../types.js";
import { compiledModule, workerSource } from "../wasm.js";
import type { FileOutcome, Hashing, HashingOptions } from "./hashing.js";
import { InThreadHashing } from "./in-thread.js";
import type { Hashed, Plan } from "./plan.js";
import { WorkerHashing } from "./with-workers.js";

/** Memory that hashing may hold, unless the caller says otherwise. */
export const MEMORY_BUDGET = 256 * 1024 * 1024;

/** The least budget that can be kept. */
const LEAST_BUDGET = 16 * 1024 * 1024;

/** What a caller may ask of hashing. */
export interface HashingLimits {
  /** How many workers hash at a time. Default: one for each of the machine's cores. */
  readonly concurrency?: number | undefined;
  /** How many bytes of memory hashing may hold, at least 16 MiB. Default: 256 MiB. */
  readonly memoryBudget?: number | undefined;
}

/** Begins to hash, in workers where there are any. The Wasm has to be loaded. */
export async function startHashing(
  limits: HashingLimits,
  listener: Pick<HashingOptions, "signal" | "onBytes" | "onFile">,
): Promise<Hashing> {
  const options: HashingOptions = { ...listener, ...readLimits(limits) };
  const source = workerSource();
  if (source === undefined) return new InThreadHashing(options);
  try {
    const module = compiledModule();
    return await WorkerHashing.start(options, () => ({ worker: source.start(), module }));
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!source.given) return new InThreadHashing(options);
    const text = error instanceof Error ? error.message : String(error);
    throw new WorkerError(
      `the worker could not be started: ${text}; its address has to be right, of the page's own origin, and ` +
        "allowed by worker-src of the Content-Security-Policy",
      { cause: error },
    );
  }
}

/** A Blob of less is hashed before a worker has started. */
const WORTH_A_WORKER = 8 * 1024 * 1024;

/** Hashes one file. */
export async function hashOne(plan: Plan, source: Source, signal?: AbortSignal): Promise<Hashed> {
  let outcome: FileOutcome | undefined;
  const listener = {
    signal,
    onBytes() {},
    onFile(_: unknown, came: FileOutcome) {
      outcome = came;
    },
  };
  const large = isBlob(source) && source.size >= WORTH_A_WORKER;
  const options = { ...listener, ...readLimits({}) };
  const hashing = large ? await startHashing({}, listener) : new InThreadHashing(options);
  try {
    await hashing.add({ path: "", plan, open: () => source });
    await hashing.finish();
  } finally {
    hashing.stop();
  }
  if (outcome === undefined || "error" in outcome) throw outcome?.error;
  return outcome;
}

/** Refuses limits that nobody could keep. */
export function readLimits(limits: HashingLimits): { concurrency: number; memoryBudget: number } {
  const { concurrency = cores(), memoryBudget = MEMORY_BUDGET } = limits;
  if (!(Number.isInteger(concurrency) && concurrency > 0)) {
    throw new TypeError("concurrency must be a whole number above 0");
  }
  if (!(memoryBudget >= LEAST_BUDGET)) {
    throw new TypeError(`memoryBudget must be a number of bytes, at least ${LEAST_BUDGET}`);
  }
  return { concurrency, memoryBudget };
}

function cores(): number {
  return (typeof navigator === "undefined" ? undefined : navigator.hardwareConcurrency) || 4;
}
