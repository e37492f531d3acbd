import { abortable } from "../../core/bytes.js";
import { compiledModule, type Workers } from "../../core/wasm.js";
import { LEAST_BUDGET } from "../limits.js";
import { Budget } from "./budget.js";
import { HashWorker, WORKER_COST } from "./hash-worker.js";

/** So long workers are kept that no call needs: the next one may be about to come. */
const KEPT_MS = 5_000;

/** A call that hashes in the pool. */
export interface PoolUser {
  /** Gives out work, if it has any: something has become free. */
  dispatch(): void;
  /** A worker of the pool is broken. */
  onBroken(worker: HashWorker, error: unknown): void;
}

/** What a call may have of the pool. */
export interface PoolLimits {
  readonly concurrency: number;
  readonly memoryBudget: number;
}

/** Workers that all calls share, and one budget of memory over all that these hold. */
export class WorkerPool {
  readonly budget = new Budget(0);
  readonly #source: Pick<Workers, "start">;
  readonly #workers: HashWorker[] = [];
  readonly #users = new Set<PoolUser>();
  /** The most workers that one call has asked for so far. */
  #most = 0;
  #retired = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(source: Pick<Workers, "start">) {
    this.#source = source;
  }

  get workers(): readonly HashWorker[] {
    return this.#workers;
  }

  /** How many workers a call may have at a time. */
  static affordable({ concurrency, memoryBudget }: PoolLimits): number {
    return Math.max(1, Math.min(concurrency, Math.floor(memoryBudget / LEAST_BUDGET)));
  }

  /** Takes a call in, as soon as a worker runs. Throws if none starts. */
  async join(user: PoolUser, limits: PoolLimits, signal: AbortSignal): Promise<void> {
    this.#users.add(user);
    clearTimeout(this.#timer);
    this.budget.raise(limits.memoryBudget);
    this.#most = Math.max(this.#most, WorkerPool.affordable(limits));
    try {
      const worker = this.#workers[0] ?? this.#add();
      if (worker === undefined) throw new Error("there is no memory for a worker");
      await abortable(worker.started, signal);
    } catch (error) {
      this.leave(user);
      throw error;
    }
  }

  /** Lets a call go. What its jobs hold is given back when they end. */
  leave(user: PoolUser): void {
    this.#users.delete(user);
    if (this.#users.size > 0) return;
    if (this.#retired) {
      this.end();
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.end(), KEPT_MS);
    // A process of Node does not wait for it.
    (this.#timer as { unref?(): void }).unref?.();
  }

  /** One more worker, if there may be one. */
  add(): HashWorker | undefined {
    if (this.#workers.length >= this.#most) return undefined;
    return this.#add();
  }

  /** Gives all calls the chance to give out work, those first that have waited longest. */
  dispatch(): void {
    for (const user of [...this.#users]) {
      user.dispatch();
      if (this.#users.delete(user)) this.#users.add(user);
    }
  }

  /** Ends the workers when the last call is over: the next ones are made in another way. */
  retire(): void {
    this.#retired = true;
    if (this.#users.size === 0) this.end();
  }

  /** Ends all workers. */
  end(): void {
    clearTimeout(this.#timer);
    for (const worker of this.#workers.splice(0)) {
      worker.end();
      this.budget.give(WORKER_COST);
    }
  }

  #add(): HashWorker | undefined {
    if (!this.budget.take(WORKER_COST)) return undefined;
    let added: HashWorker;
    try {
      added = new HashWorker(this.#source.start(), compiledModule(), (error) => this.#drop(added, error));
    } catch (error) {
      this.budget.give(WORKER_COST);
      throw error;
    }
    // Who joins waits for it; who adds one more hears of a failure by `onBroken`.
    added.started.catch(() => {});
    this.#workers.push(added);
    return added;
  }

  #drop(worker: HashWorker, error: unknown): void {
    const index = this.#workers.indexOf(worker);
    if (index < 0) return;
    this.#workers.splice(index, 1);
    this.budget.give(WORKER_COST);
    for (const user of [...this.#users]) user.onBroken(worker, error);
  }
}

let shared: { readonly key: unknown; readonly pool: WorkerPool } | undefined;

/** The pool of this thread: one for all calls, as long as workers are made in the same way. */
export function sharedPool(source: Workers): WorkerPool {
  if (shared !== undefined && shared.key === source.key) return shared.pool;
  shared?.pool.retire();
  shared = { key: source.key, pool: new WorkerPool(source) };
  return shared.pool;
}
