import { blake3Merge, blake3Subtree } from "#wasm";
import { abortable, chunks, isBlob, nextTurn } from "../bytes.js";
import type { Source } from "../types.js";
import { Account } from "./account.js";
import { Budget } from "./budget.js";
import { CutFile } from "./cut.js";
import { createDigester } from "./digests.js";
import { HashWorker, WORKER_COST } from "./hash-worker.js";
import type { FileOutcome, FileTask, Hashing, HashingOptions } from "./hashing.js";
import { isFatal } from "./in-thread.js";
import type { Hashed } from "./plan.js";
import type { Piece, PieceResult } from "./protocol.js";
import { FileDigests } from "./sharded.js";
import { LANES, STREAM_BLOCK } from "./streams.js";

const MIB = 1024 * 1024;

/** Small pieces are read together up to so many bytes, and so many files. */
const GROUP_MOST = 4 * MIB;
const GROUP_LEAST = MIB / 4;
const GROUP_FILES = 256;

/** A worker has one group to hash, and reads another. */
const GROUPS = 2;

/** Files that are known and not done: enough to choose from, and no more than that. */
const FILES = 2048;

/** Files that are being opened, or whose bytes this thread reads. */
const OPEN = 8;

const STREAM_COST = 2 * STREAM_BLOCK;
/** Blocks of a feed: one that is read here, two on their way, and their copies in Wasm. */
const FEED_COST = 4 * STREAM_BLOCK;

/** Longer pieces are not read into memory, however much of it there is: they would hold up the others. */
const IN_MEMORY_MOST = 16 * MIB;

/** A worker with as much as it needs to be of use. */
const LEAST_PER_WORKER = 16 * MIB;

/** The least budget that hashing with workers can keep. */
export const LEAST_BUDGET = LEAST_PER_WORKER;

/** Makes a worker, and names the Wasm that it is to run. */
export type StartWorker = () => { readonly worker: Worker; readonly module: WebAssembly.Module };

interface File {
  readonly task: FileTask;
  readonly cut: CutFile;
  /** Why one of its pieces could not be read. */
  failure?: { readonly error: unknown };
  /** Pieces that a worker has. */
  pending: number;
}

interface Cut {
  readonly file: File;
  readonly index: number;
  readonly piece: Piece;
}

/** Hashes in workers: small pieces together in memory, large ones in the lanes of a vector. */
export class WorkerHashing implements Hashing {
  readonly engines = new Set<string>();
  workers = 0;
  readonly budget: Budget;
  readonly #options: HashingOptions;
  readonly #start: StartWorker;
  readonly #most: number;
  readonly #inMemory: number;
  readonly #workers: HashWorker[] = [];
  readonly #files = new Account(FILES);
  readonly #opening = new Account(OPEN);
  readonly #reading = new AbortController();
  /** Files whose next piece is read into memory. */
  readonly #small: File[] = [];
  #smallBytes = 0;
  /** The others, those of which least is left first. */
  readonly #large: File[] = [];
  #scheduled = false;

  private constructor(options: HashingOptions, start: StartWorker) {
    this.#options = options;
    this.#start = start;
    this.budget = new Budget(options.memoryBudget);
    const affordable = Math.floor(options.memoryBudget / LEAST_PER_WORKER);
    this.#most = Math.max(1, Math.min(options.concurrency, affordable));
    // Each worker has its groups, and the browser's digest copies what it hashes.
    const share = options.memoryBudget / this.#most - WORKER_COST;
    this.#inMemory = Math.min(IN_MEMORY_MOST, share / (2 * GROUPS));
    options.signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (options.signal?.aborted === true) this.#onAbort();
  }

  /** Throws if no worker starts. */
  static async start(options: HashingOptions, start: StartWorker): Promise<WorkerHashing> {
    const hashing = new WorkerHashing(options, start);
    try {
      await abortable(hashing.#addWorker(), options.signal);
      return hashing;
    } catch (error) {
      hashing.stop(error);
      throw error;
    }
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
    for (const worker of this.#workers.splice(0)) worker.end();
    this.#small.length = 0;
    this.#large.length = 0;
  }

  readonly #onAbort = () => this.stop(this.#options.signal?.reason);

  #addWorker(): Promise<void> {
    this.budget.take(WORKER_COST);
    const { worker, module } = this.#start();
    const broken = (error: unknown) => this.stop(error);
    const added = new HashWorker(worker, this.#options.onBytes, broken);
    this.#workers.push(added);
    this.workers += 1;
    return added.start(module);
  }

  async #open(task: FileTask): Promise<void> {
    try {
      const source = await abortable(task.open(), this.#reading.signal);
      if (isBlob(source))
        this.#queue({ task, cut: new CutFile(source, task.plan, this.#inMemory), pending: 0 });
      else this.#done(task, await this.#feed(task, source));
    } catch (error) {
      if (isFatal(error)) this.stop(error);
      else this.#done(task, { error });
    } finally {
      this.#opening.end();
    }
  }

  /** Reads here what a worker cannot read itself. */
  async #feed({ plan }: FileTask, source: Source): Promise<Hashed> {
    await this.budget.wait(FEED_COST);
    const worker = this.#leastLoaded();
    const digests = new FileDigests(plan, () => worker.feed(plan.algorithm));
    this.engines.add("wasm");
    worker.load += FEED_COST;
    try {
      for await (const chunk of chunks(source, this.#reading.signal)) await digests.push(chunk);
      return await digests.finish();
    } finally {
      worker.load -= FEED_COST;
      digests.free();
      this.#give(FEED_COST);
    }
  }

  #queue(file: File): void {
    if (this.#files.failed) return;
    if (file.cut.isDone) this.#done(file.task, file.cut.finish(blake3Merge));
    else {
      this.#requeue(file);
      this.#schedule();
    }
  }

  /** Puts a file where its next piece belongs. */
  #requeue(file: File): void {
    const { cut } = file;
    if (cut.isCut || file.failure !== undefined) return;
    if (cut.nextInMemory) {
      this.#small.push(file);
      this.#smallBytes += cut.left;
    } else {
      const larger = this.#large.findIndex((other) => other.cut.left > cut.left);
      this.#large.splice(larger < 0 ? this.#large.length : larger, 0, file);
    }
  }

  /** Gives out work in a moment, when the caller has told of more files: many small ones are one job. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    void nextTurn().then(() => {
      this.#scheduled = false;
      this.#dispatch();
    });
  }

  #dispatch(): void {
    while (!this.#files.failed && (this.#small.length > 0 || this.#large.length > 0)) {
      const workers = [this.#leastLoaded(), ...this.#workers];
      if (!workers.some((worker) => this.#giveStream(worker) || this.#giveGroup(worker))) return;
    }
  }

  /** A worker without work, where there may be one. */
  #leastLoaded(): HashWorker {
    const least = this.#workers.reduce((a, b) => (b.load < a.load ? b : a));
    if (least.load === 0 || this.#workers.length >= this.#most) return least;
    this.#addWorker().catch((error) => this.stop(error));
    return this.#workers.at(-1) ?? least;
  }

  /** Gives out the largest piece. The last one to end should not be the last one to begin. */
  #giveStream(worker: HashWorker): boolean {
    const file = this.#large.at(-1);
    if (file === undefined || worker.streams >= LANES || !this.budget.take(STREAM_COST)) return false;
    this.#large.pop();
    const cut = this.#cut(file);
    this.engines.add("wasm");
    worker.streams += 1;
    this.#run(worker, [cut], STREAM_COST, worker.hashStream(cut.piece), () => {
      worker.streams -= 1;
    });
    return true;
  }

  /** Gives out small pieces that are read into memory together. */
  #giveGroup(worker: HashWorker): boolean {
    const [first] = this.#small;
    if (first === undefined || worker.groups >= GROUPS) return false;
    const share = this.#smallBytes / (GROUPS * this.#most);
    const most = Math.max(
      first.cut.nextSize,
      Math.min(GROUP_MOST, this.#inMemory, Math.max(GROUP_LEAST, share)),
    );
    if (!this.budget.take(2 * most)) return false;
    const group = this.#cutGroup(most);
    for (const { piece } of group) this.engines.add(piece.algorithm === "sha256" ? "subtle" : "wasm");
    worker.groups += 1;
    const pieces = group.map(({ piece }) => piece);
    this.#run(worker, group, 2 * most, worker.hashGroup(pieces), () => {
      worker.groups -= 1;
    });
    return true;
  }

  /** Cuts pieces of at most so many bytes in all, one at least. */
  #cutGroup(most: number): Cut[] {
    const group: Cut[] = [];
    let bytes = 0;
    for (;;) {
      const [file] = this.#small;
      if (file === undefined || group.length >= GROUP_FILES) return group;
      const size = file.cut.nextSize;
      if (group.length > 0 && bytes + size > most) return group;
      this.#small.shift();
      this.#smallBytes -= file.cut.left;
      group.push(this.#cut(file));
      bytes += size;
    }
  }

  #cut(file: File): Cut {
    const cut = { file, ...file.cut.cut() };
    file.pending += 1;
    this.#requeue(file);
    return cut;
  }

  async #run(
    worker: HashWorker,
    cuts: readonly Cut[],
    cost: number,
    job: Promise<readonly PieceResult[]>,
    release: () => void,
  ): Promise<void> {
    const bytes = cuts.reduce((sum, { piece }) => sum + piece.blob.size, 1);
    worker.load += bytes;
    // A Blob may be one that its host hands to no other thread (Node's Blobs of files).
    const results = await job.catch(() => Promise.all(cuts.map(({ piece }) => this.#hashHere(piece))));
    worker.load -= bytes;
    release();
    this.#give(cost);
    for (const [index, cut] of cuts.entries()) this.#settle(cut, results[index]);
  }

  async #hashHere({ blob, algorithm, subtreeAt }: Piece): Promise<PieceResult> {
    try {
      if (subtreeAt !== undefined) {
        return { digest: blake3Subtree(subtreeAt, new Uint8Array(await blob.arrayBuffer())) };
      }
      const digests = new FileDigests({ algorithm }, () => createDigester(algorithm));
      for await (const chunk of chunks(blob, this.#reading.signal)) {
        await digests.push(chunk);
        this.#options.onBytes(chunk.byteLength);
      }
      const [digest = new Uint8Array()] = (await digests.finish()).digests;
      return { digest };
    } catch (error) {
      return { error };
    }
  }

  #settle({ file, index }: Cut, result: PieceResult | undefined): void {
    file.pending -= 1;
    if (result !== undefined && "digest" in result) file.cut.put(index, result.digest);
    else this.#drop(file, result?.error);
    if (file.failure !== undefined) {
      if (file.pending === 0) this.#done(file.task, file.failure);
    } else if (file.cut.isDone) this.#done(file.task, file.cut.finish(blake3Merge));
  }

  /** Cuts nothing more off a file that cannot be read. */
  #drop(file: File, error: unknown): void {
    if (file.failure !== undefined) return;
    file.failure = { error };
    const small = this.#small.indexOf(file);
    if (small >= 0) {
      this.#small.splice(small, 1);
      this.#smallBytes -= file.cut.left;
    }
    const large = this.#large.indexOf(file);
    if (large >= 0) this.#large.splice(large, 1);
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

  #give(bytes: number): void {
    this.budget.give(bytes);
    this.#dispatch();
  }
}
