import { BLOCK } from "../../core/block.js";
import { chunks } from "../../core/bytes.js";
import { turn } from "../../core/turn.js";
import { instance } from "../../core/wasm.js";
import { createDigester } from "../digests.js";
import { FileDigests } from "../file-digests.js";
import type { FileOutcome, FileTask } from "../hashing.js";
import { type HashWorker, type Job, WORKER_COST } from "./hash-worker.js";
import { LANES } from "./lanes.js";
import { FilePieces } from "./pieces.js";
import type { Piece, PieceResult } from "./protocol.js";
import { noWorker, type PoolShare } from "./share.js";

const MIB = 1024 * 1024;

/** Small pieces are read together up to so many bytes, and so many files. */
const BATCH_MOST = 4 * MIB;
const BATCH_LEAST = MIB / 4;
const BATCH_FILES = 256;

/** A worker has one batch to hash, and reads another. */
const BATCHES = 2;

const STREAM_COST = 2 * BLOCK;

/** Longer pieces are not read into memory, however much of it there is: they would hold up the others. */
const IN_MEMORY_MOST = 16 * MIB;

interface File {
  readonly task: FileTask;
  readonly pieces: FilePieces;
  /** Why one of its pieces could not be read. */
  failure?: { readonly error: unknown };
  /** Pieces that a worker has. */
  pending: number;
}

interface TakenPiece {
  readonly file: File;
  readonly index: number;
  readonly piece: Piece;
}

/** What is told of the pieces, and what ends them. */
export interface SchedulerOptions {
  readonly share: PoolShare;
  readonly memoryBudget: number;
  /** What hashed. */
  readonly engines: Set<string>;
  readonly signal: AbortSignal;
  onBytes(count: number): void;
  onDone(task: FileTask, outcome: FileOutcome): void;
  /** No worker can be had. */
  onFailure(error: unknown): void;
}

/** Gives the pieces of Blobs to workers: small ones together in memory, large ones in the lanes of a vector. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #share: PoolShare;
  readonly #inMemory: number;
  /** Files whose next piece is read into memory. */
  readonly #small: File[] = [];
  #smallBytes = 0;
  /** The others, those of which least is left first. */
  readonly #large: File[] = [];
  readonly #jobs = new Set<Job>();
  #scheduled = false;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#share = options.share;
    // Each worker has its batches, and the browser's digest copies what it hashes.
    const each = options.memoryBudget / options.share.most - WORKER_COST;
    this.#inMemory = Math.min(IN_MEMORY_MOST, each / (2 * BATCHES));
    options.signal.addEventListener("abort", () => this.#stop(), { once: true });
  }

  /** Takes a file. */
  add(task: FileTask, blob: Blob): void {
    if (this.#options.signal.aborted) return;
    const file = { task, pieces: new FilePieces(blob, task.plan, this.#inMemory), pending: 0 };
    if (file.pieces.isDone) this.#finish(file);
    else {
      this.#requeue(file);
      this.#schedule();
    }
  }

  /** Puts a file where its next piece belongs. */
  #requeue(file: File): void {
    const { pieces } = file;
    if (pieces.allTaken || file.failure !== undefined) return;
    if (pieces.nextInMemory) {
      this.#small.push(file);
      this.#smallBytes += pieces.left;
    } else {
      const larger = this.#large.findIndex((other) => other.pieces.left > pieces.left);
      this.#large.splice(larger < 0 ? this.#large.length : larger, 0, file);
    }
  }

  /** Gives out work in a moment, when the caller has told of more files: many small ones are one job. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    void turn().then(() => {
      this.#scheduled = false;
      this.dispatch();
    });
  }

  /** Gives out work, if there is any. */
  dispatch(): void {
    try {
      this.#giveOut();
    } catch (error) {
      this.#options.onFailure(error);
    }
  }

  #giveOut(): void {
    const { signal } = this.#options;
    while (!signal.aborted && (this.#small.length > 0 || this.#large.length > 0)) {
      const idle = this.#share.leastLoaded();
      if (idle === undefined) throw noWorker();
      const given =
        this.#giveStream(this.#laneFor(idle)) ||
        [idle, ...this.#share.allowed()].some(
          (worker) => this.#giveStream(worker) || this.#giveBatch(worker),
        );
      if (!given) return;
    }
  }

  /**
   * Where the next large piece goes. Alone in a worker SHA-256 is nearly twice as fast as in lanes with others; but
   * lanes that are filled cost no more than lanes that rest. So with a worker for each they part, otherwise they
   * fill one worker after the other.
   */
  #laneFor(idle: HashWorker): HashWorker {
    if (this.#large.at(-1)?.task.plan.algorithm !== "sha256") return idle;
    const allowed = this.#share.allowed();
    const free = this.#share.most - allowed.filter(({ streams }) => streams > 0).length;
    if (this.#large.length <= free) return idle;
    const begun = allowed.filter(({ streams }) => streams > 0 && streams < LANES);
    return begun.reduce(
      (fullest, worker) => (worker.streams > fullest.streams ? worker : fullest),
      begun[0] ?? idle,
    );
  }

  /** Gives out the largest piece. The last one to end should not be the last one to begin. */
  #giveStream(worker: HashWorker): boolean {
    const file = this.#large.at(-1);
    if (file === undefined || worker.streams >= LANES || !this.#share.budget.take(STREAM_COST)) return false;
    this.#large.pop();
    const taken = this.#take(file);
    this.#options.engines.add("wasm");
    worker.streams += 1;
    const job = worker.hashStream(taken.piece, this.#options.onBytes);
    void this.#run(worker, [taken], STREAM_COST, job, () => {
      worker.streams -= 1;
    });
    return true;
  }

  /** Gives out small pieces that are read into memory together. */
  #giveBatch(worker: HashWorker): boolean {
    const [first] = this.#small;
    if (first === undefined || worker.batches >= BATCHES) return false;
    const share = this.#smallBytes / (BATCHES * this.#share.most);
    const most = Math.max(
      first.pieces.nextSize,
      Math.min(BATCH_MOST, this.#inMemory, Math.max(BATCH_LEAST, share)),
    );
    if (!this.#share.budget.take(2 * most)) return false;
    const batch = this.#takeBatch(most);
    for (const { piece } of batch)
      this.#options.engines.add(piece.algorithm === "sha256" ? "subtle" : "wasm");
    worker.batches += 1;
    const pieces = batch.map(({ piece }) => piece);
    const job = worker.hashBatch(pieces, this.#options.onBytes);
    void this.#run(worker, batch, 2 * most, job, () => {
      worker.batches -= 1;
    });
    return true;
  }

  /** Takes pieces of at most so many bytes in all, one at least. */
  #takeBatch(most: number): TakenPiece[] {
    const batch: TakenPiece[] = [];
    let bytes = 0;
    for (;;) {
      const [file] = this.#small;
      if (file === undefined || batch.length >= BATCH_FILES) return batch;
      const size = file.pieces.nextSize;
      if (batch.length > 0 && bytes + size > most) return batch;
      this.#small.shift();
      this.#smallBytes -= file.pieces.left;
      batch.push(this.#take(file));
      bytes += size;
    }
  }

  #take(file: File): TakenPiece {
    const taken = { file, ...file.pieces.take() };
    file.pending += 1;
    this.#requeue(file);
    return taken;
  }

  async #run(
    worker: HashWorker,
    taken: readonly TakenPiece[],
    cost: number,
    job: Job,
    release: () => void,
  ): Promise<void> {
    const bytes = taken.reduce((sum, { piece }) => sum + piece.blob.size, 1);
    this.#share.begin(worker, bytes);
    this.#jobs.add(job);
    const results = await job.results.catch(() =>
      // What a broken worker had is lost, and this call with it; the rest could not be sent.
      worker.ended ? [] : Promise.all(taken.map(({ piece }) => this.#hashPiece(piece))),
    );
    this.#jobs.delete(job);
    this.#share.end(worker, bytes);
    release();
    this.#share.give(cost);
    if (this.#options.signal.aborted) return;
    for (const [index, one] of taken.entries()) this.#settle(one, results[index]);
  }

  /** A Blob may be one that its host hands to no other thread (Node's Blobs of files). */
  async #hashPiece({ blob, algorithm, subtreeAt }: Piece): Promise<PieceResult> {
    try {
      if (subtreeAt !== undefined) {
        const bytes = new Uint8Array(await blob.arrayBuffer());
        return { digest: instance().blake3Subtree(subtreeAt, bytes) };
      }
      const digests = new FileDigests({ algorithm }, () => createDigester(algorithm));
      const { signal } = this.#options;
      for await (const chunk of chunks(blob, { at: "blob", signal })) {
        await digests.push(chunk);
        this.#options.onBytes(chunk.byteLength);
      }
      const [digest = new Uint8Array()] = (await digests.finish()).digests;
      return { digest };
    } catch (error) {
      return { error };
    }
  }

  #settle({ file, index }: TakenPiece, result: PieceResult | undefined): void {
    file.pending -= 1;
    if (result !== undefined && "digest" in result) file.pieces.put(index, result.digest);
    else this.#drop(file, result?.error);
    if (file.failure !== undefined) {
      if (file.pending === 0) this.#options.onDone(file.task, file.failure);
    } else if (file.pieces.isDone) this.#finish(file);
  }

  /** Takes nothing more of a file that cannot be read. */
  #drop(file: File, error: unknown): void {
    if (file.failure !== undefined) return;
    file.failure = { error };
    const small = this.#small.indexOf(file);
    if (small >= 0) {
      this.#small.splice(small, 1);
      this.#smallBytes -= file.pieces.left;
    }
    const large = this.#large.indexOf(file);
    if (large >= 0) this.#large.splice(large, 1);
  }

  #finish({ task, pieces }: File): void {
    this.#options.onDone(task, pieces.finish(instance().blake3Merge));
  }

  /** Lets everything go. What the workers have ends soon, and its memory is given back then. */
  #stop(): void {
    for (const job of this.#jobs) job.cancel();
    this.#small.length = 0;
    this.#large.length = 0;
  }
}
