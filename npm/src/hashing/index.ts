import type { Bound } from "../core/bound.js";
import { misuse, type Place } from "../core/errors.js";
import { beginTurn } from "../core/turn.js";
import { workerSource } from "../core/wasm.js";
import type { Source } from "../types/index.js";
import type { FileOutcome, Hashing, HashingOptions } from "./hashing.js";
import { InThreadHashing } from "./in-thread.js";
import { LEAST_BUDGET } from "./limits.js";
import type { Hashed, Plan } from "./plan.js";
import { WorkerHashing } from "./workers/with-workers.js";

/** Memory that hashing may hold, unless the caller says otherwise. */
const MEMORY_BUDGET = 256 * 1024 * 1024;

/** What a caller may ask of hashing. */
export interface HashingLimits {
  /** How many workers hash at a time. Default: one for each of the machine's cores. */
  readonly concurrency?: number | undefined;
  /** How many bytes of memory hashing may hold, at least 16 MiB. Default: 256 MiB. */
  readonly memoryBudget?: number | undefined;
}

/** Begins to hash: in workers where there are any, and enough to hash. The Wasm must be loaded. */
export function startHashing(
  limits: HashingLimits,
  listener: Pick<HashingOptions, "expectedBytes" | "signal" | "onBytes" | "onFile">,
): Hashing {
  beginTurn();
  const options: HashingOptions = { ...listener, ...readLimits(limits) };
  const workers = workerSource();
  return workers === undefined ? new InThreadHashing(options) : new WorkerHashing(options, workers);
}

/** Where the bytes of one file come from. */
export interface OneFile {
  readonly plan: Plan;
  readonly source: Source;
  /** The source's place in the call, for messages. */
  readonly at: Place;
  readonly bound: Bound;
  readonly signal?: AbortSignal | undefined;
}

/** Hashes one file. */
export async function hashOne({ source, signal, ...file }: OneFile): Promise<Hashed> {
  let outcome: FileOutcome | undefined;
  const hashing = startHashing(
    {},
    {
      signal,
      onBytes() {},
      onFile(_, came) {
        outcome = came;
      },
    },
  );
  try {
    await hashing.add({ path: "", ...file, open: () => source });
    await hashing.finish();
  } finally {
    hashing.stop();
  }
  if (outcome === undefined || "error" in outcome) throw outcome?.error;
  return outcome;
}

/** Refuses limits that cannot be kept. */
export function readLimits(limits: HashingLimits): { concurrency: number; memoryBudget: number } {
  const { concurrency = cores(), memoryBudget = MEMORY_BUDGET } = limits;
  if (!(Number.isInteger(concurrency) && concurrency > 0)) {
    throw misuse("concurrency", "must be a whole number above 0");
  }
  if (!(typeof memoryBudget === "number" && memoryBudget >= LEAST_BUDGET)) {
    throw misuse("memoryBudget", `must be a number of bytes, at least ${LEAST_BUDGET}`);
  }
  return { concurrency, memoryBudget };
}

function cores(): number {
  return (typeof navigator === "undefined" ? undefined : navigator.hardwareConcurrency) || 4;
}
