import { WorkerError } from "../../core/errors.js";
import type { HashingOptions } from "../hashing.js";
import { Budget } from "./budget.js";
import { type HashWorker, WORKER_COST } from "./hash-worker.js";
import { WorkerPool } from "./pool.js";

/** What one call has of the pool: some of its workers, and a part of its memory. */
export class PoolShare {
  /** What this call holds. The workers themselves are the pool's. */
  readonly budget: Budget;
  /** How many workers have jobs of this call at most. */
  readonly most: number;
  readonly #pool: WorkerPool;
  /** The workers that have jobs of this call, and how many. */
  readonly #busy = new Map<HashWorker, number>();
  readonly #used = new Set<HashWorker>();

  constructor(pool: WorkerPool, options: HashingOptions) {
    this.#pool = pool;
    this.most = WorkerPool.affordable(options);
    this.budget = new Budget(options.memoryBudget - this.most * WORKER_COST, pool.budget);
    pool.budget.raise(options.memoryBudget);
  }

  /** How many workers have had jobs of this call. */
  get used(): number {
    return this.#used.size;
  }

  /** Whether a worker has a job of this call. */
  has(worker: HashWorker): boolean {
    return this.#busy.has(worker);
  }

  /** The workers that may have a job of this call: those that have one, or any while there are too few of them. */
  allowed(): readonly HashWorker[] {
    return this.#busy.size < this.most ? this.#pool.workers : [...this.#busy.keys()];
  }

  /** A worker without work, where there may be one. Throws if one more cannot be made. */
  leastLoaded(): HashWorker | undefined {
    const [first, ...others] = this.allowed();
    const least = first && others.reduce((a, b) => (b.load < a.load ? b : a), first);
    if (least?.load === 0 || this.#busy.size >= this.most) return least;
    try {
      return this.#pool.add() ?? least;
    } catch (cause) {
      throw new WorkerError("one more worker could not be started", { cause });
    }
  }

  /** Notes a job of this call, which is so much work. */
  begin(worker: HashWorker, load: number): void {
    worker.load += load;
    this.#used.add(worker);
    this.#busy.set(worker, (this.#busy.get(worker) ?? 0) + 1);
  }

  end(worker: HashWorker, load: number): void {
    worker.load -= load;
    const left = (this.#busy.get(worker) ?? 1) - 1;
    if (left === 0) this.#busy.delete(worker);
    else this.#busy.set(worker, left);
  }

  /** Takes memory, as soon as there is as much. What comes after the signal is given back at once. */
  async wait(bytes: number, signal: AbortSignal): Promise<void> {
    await this.budget.wait(bytes);
    if (!signal.aborted) return;
    this.give(bytes);
    signal.throwIfAborted();
  }

  /** Gives memory back, which another call may have waited for. */
  give(bytes: number): void {
    this.budget.give(bytes);
    this.#pool.dispatch();
  }
}

/** All workers of the pool have broken. */
export function noWorker(): WorkerError {
  return new WorkerError("no worker is left to hash in");
}
