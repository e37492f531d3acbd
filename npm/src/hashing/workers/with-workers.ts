import { BLOCK } from "../../core/block.js";
import { abortable, chunks } from "../../core/bytes.js";
import { WorkerError } from "../../core/errors.js";
import { copyOf, isBlob, isBytes } from "../../core/sources.js";
import type { Workers } from "../../core/wasm.js";
import type { Source } from "../../types/index.js";
import { engineOf } from "../digests.js";
import { FileDigests } from "../file-digests.js";
import { Gate } from "../gate.js";
import type { FileOutcome, FileTask, Hashing, HashingOptions } from "../hashing.js";
import { FILE_COST, hashHere, isFatal } from "../in-thread.js";
import type { Hashed } from "../plan.js";
import type { HashWorker } from "./hash-worker.js";
import { type PoolUser, sharedPool, type WorkerPool } from "./pool.js";
import { Scheduler } from "./scheduler.js";
import { noWorker, PoolShare } from "./share.js";

const MIB = 1024 * 1024;

/** So much is hashed in this thread before a worker would have started. */
const WORTH_A_WORKER = 8 * MIB;

/** So much of a stream of unknown length is read to see whether it is worth a worker. */
const PEEK = MIB;

/** Files that are known and not done: enough to choose from, and no more than that. */
const FILES = 2048;

/** Files that are being opened, or whose bytes this thread reads. */
const OPEN = 8;

/** Blocks of a feed: one that is read here, two on their way, and their copies in Wasm. */
const FEED_COST = 4 * BLOCK;

/**
 * Hashes in the workers of the pool. What is not worth a worker is hashed in this thread; what a worker cannot read
 * is read here.
 */
export class WorkerHashing implements Hashing, PoolUser {
  readonly engines = new Set<string>();
  readonly #options: HashingOptions;
  readonly #source: Workers;
  readonly #pool: WorkerPool;
  readonly #share: PoolShare;
  readonly #scheduler: Scheduler;
  readonly #files = new Gate(FILES);
  readonly #opening = new Gate(OPEN);
  readonly #reading = new AbortController();
  #joined: Promise<boolean> | undefined;
  #seen = 0;

  constructor(options: HashingOptions, source: Workers, pool = sharedPool(source)) {
    this.#options = options;
    this.#source = source;
    this.#pool = pool;
    this.#share = new PoolShare(pool, options);
    this.#scheduler = new Scheduler({
      share: this.#share,
      memoryBudget: options.memoryBudget,
      engines: this.engines,
      signal: this.#reading.signal,
      onBytes: this.#onBytes,
      onDone: (task, outcome) => this.#done(task, outcome),
      onFailure: (error) => this.stop(error),
    });
    options.signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (options.signal?.aborted === true) this.#onAbort();
  }

  /** What this call holds. */
  get budget() {
    return this.#share.budget;
  }

  get workers(): number {
    return this.#share.used;
  }

  async add(task: FileTask): Promise<void> {
    await this.#files.begin();
    await this.#opening.begin();
    void this.#open(task);
  }

  finish(): Promise<void> {
    return this.#files.idle();
  }

  stop(reason?: unknown): void {
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    this.#files.fail(reason);
    this.#opening.fail(reason);
    this.#reading.abort(reason);
    if (this.#joined !== undefined) this.#pool.leave(this);
  }

  dispatch(): void {
    this.#scheduler.dispatch();
  }

  onBroken(worker: HashWorker, error: unknown): void {
    if (this.#share.has(worker)) this.stop(error);
  }

  /** What is under way when it is stopped counts no more. */
  readonly #onBytes = (count: number) => {
    if (!this.#files.failed) this.#options.onBytes(count);
  };

  readonly #onAbort = () => this.stop(this.#options.signal?.reason);

  async #open(task: FileTask): Promise<void> {
    try {
      const source = await abortable(task.open(), this.#reading.signal);
      await this.#begin(task, source);
    } catch (error) {
      if (isFatal(error) || error instanceof WorkerError) this.stop(error);
      else this.#done(task, { error });
    } finally {
      this.#opening.end();
    }
  }

  /** Hashes a file where it is best done. */
  async #begin(task: FileTask, source: Source): Promise<void> {
    if (isBlob(source)) {
      if (source.size > task.bound.bytes) throw task.bound.exceeded();
      if (!(await this.#isWorthWorkers(source.size))) return this.#hashHere(task, source);
      this.#scheduler.add(task, source);
    } else if (isBytes(source)) {
      if (!(await this.#isWorthWorkers(source.byteLength))) return this.#hashHere(task, source);
      this.#done(task, await this.#feed(task, source));
    } else if (task.size !== undefined) {
      if (!(await this.#isWorthWorkers(task.size))) return this.#hashHere(task, source);
      this.#done(task, await this.#feed(task, source));
    } else {
      const begun = await this.#peek(task, source);
      const worth = await this.#isWorthWorkers(begun.whole ? begun.length : Number.POSITIVE_INFINITY);
      if (!worth) return this.#hashHere(task, begun.source);
      this.#done(task, await this.#feed(task, begun.source));
    }
  }

  /** Whether there is enough work by now, and there are workers for it. */
  async #isWorthWorkers(bytes: number): Promise<boolean> {
    this.#seen += bytes;
    if (Math.max(this.#seen, this.#options.expectedBytes ?? 0) < WORTH_A_WORKER) return false;
    this.#joined ??= this.#join();
    return this.#joined;
  }

  async #join(): Promise<boolean> {
    try {
      await this.#pool.join(this, this.#options, this.#reading.signal);
      return true;
    } catch (error) {
      this.#reading.signal.throwIfAborted();
      if (!this.#source.given) return false;
      const text = error instanceof Error ? error.message : String(error);
      throw new WorkerError(
        `the worker could not be started: ${text}; its address must be right, of the page's own origin, and ` +
          "allowed by worker-src of the Content-Security-Policy",
        { cause: error },
      );
    }
  }

  async #hashHere(task: FileTask, source: Source): Promise<void> {
    await this.#share.wait(FILE_COST, this.#reading.signal);
    try {
      this.engines.add(engineOf(task.plan.algorithm));
      const { signal } = this.#reading;
      this.#done(task, await hashHere(task, source, this.#onBytes, signal));
    } finally {
      this.#share.give(FILE_COST);
    }
  }

  /** Reads the first bytes of a source of unknown length. */
  async #peek({ at, bound }: FileTask, source: Source) {
    await this.#share.wait(FILE_COST, this.#reading.signal);
    try {
      return await this.#readFirst({ at, bound }, source);
    } finally {
      this.#share.give(FILE_COST);
    }
  }

  async #readFirst({ at, bound }: Pick<FileTask, "at" | "bound">, source: Source) {
    const blocks = chunks(source, { at, bound, signal: this.#reading.signal });
    const first: Uint8Array[] = [];
    let length = 0;
    let whole = false;
    while (length < PEEK) {
      const step = await blocks.next();
      if (step.done === true) {
        whole = true;
        break;
      }
      first.push(copyOf(step.value));
      length += step.value.byteLength;
    }
    async function* all() {
      yield* first;
      yield* blocks;
    }
    return { length, whole, source: all() };
  }

  /** Reads here what a worker cannot read itself. */
  async #feed(task: FileTask, source: Source): Promise<Hashed> {
    await this.#share.wait(FEED_COST, this.#reading.signal);
    try {
      const worker = this.#share.leastLoaded();
      if (worker === undefined) throw noWorker();
      return await this.#feedTo(worker, task, source);
    } finally {
      this.#share.give(FEED_COST);
    }
  }

  async #feedTo(worker: HashWorker, { plan, at, bound }: FileTask, source: Source): Promise<Hashed> {
    const digests = new FileDigests(plan, () => worker.feed(plan.algorithm, this.#onBytes));
    this.engines.add("wasm");
    this.#share.begin(worker, FEED_COST);
    try {
      const { signal } = this.#reading;
      for await (const chunk of chunks(source, { at, bound, signal })) await digests.push(chunk);
      return await digests.finish();
    } finally {
      this.#share.end(worker, FEED_COST);
      digests.free();
    }
  }

  #done(task: FileTask, outcome: FileOutcome): void {
    if (this.#files.failed) return;
    try {
      this.#options.onFile(task, outcome);
      this.#files.end();
    } catch (error) {
      this.stop(error);
    }
  }
}
