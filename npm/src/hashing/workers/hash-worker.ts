import type { Digester } from "../digests.js";
import type { Algorithm } from "../plan.js";
import type { FromWorker, Piece, PieceResult, ToWorker } from "./protocol.js";

/** How many blocks of a feed are on their way: one is hashed, one waits. */
const IN_FLIGHT = 2;

/** Memory of a worker itself: its heap, the Wasm's, and the pipes that it reads from. */
export const WORKER_COST = 8 * 1024 * 1024;

/** A job that a worker has. */
export interface Job {
  readonly results: Promise<readonly PieceResult[]>;
  /** Says that the results are not wanted any more. They still come, without digests, when the job is over. */
  cancel(): void;
}

/** The other end of a worker that hashes. */
export class HashWorker {
  /** How many bytes of jobs it has. */
  load = 0;
  /** How many batches and streams it has. */
  batches = 0;
  streams = 0;
  /** Resolves when it answers for the first time; rejects if it breaks before. */
  readonly started: Promise<void>;
  readonly #worker: Worker;
  readonly #onBroken: (error: unknown) => void;
  readonly #jobs = new Map<number, OpenJob>();
  readonly #feeds = new Map<number, Feed>();
  #starting: { resolve(): void; reject(error: unknown): void } | undefined;
  #lastId = 0;
  #ended = false;

  /** Hands the Wasm over. What is sent before the worker has started, it does afterwards. */
  constructor(worker: Worker, module: WebAssembly.Module, onBroken: (error: unknown) => void) {
    this.#worker = worker;
    this.#onBroken = onBroken;
    worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => this.#hear(data));
    worker.addEventListener("error", (event) => {
      event.preventDefault?.();
      this.#break(event.error ?? new Error(event.message || "the worker's script did not load"));
    });
    worker.addEventListener("messageerror", () => this.#break(new Error("a message did not arrive")));
    this.started = new Promise((resolve, reject) => {
      this.#starting = { resolve, reject };
    });
    this.#post({ type: "start", module });
  }

  hashBatch(pieces: readonly Piece[], onBytes: (count: number) => void): Job {
    return this.#job(onBytes, (id) => this.#post({ type: "batch", id, pieces }));
  }

  hashStream(piece: Piece, onBytes: (count: number) => void): Job {
    return this.#job(onBytes, (id) => this.#post({ type: "stream", id, piece }));
  }

  /** Hashes bytes that this thread reads, over there. */
  feed(algorithm: Algorithm, onBytes: (count: number) => void): Digester {
    const feed = new Feed();
    let id = 0;
    const job = this.#job(onBytes, (jobId) => {
      id = jobId;
      this.#feeds.set(id, feed);
      this.#post({ type: "feed", id, algorithm });
    });
    // A feed that is let go has no one who waits for it.
    job.results.catch(() => {});
    return {
      push: async (bytes) => {
        const block = feed.fill(bytes);
        this.#post({ type: "block", id, block }, [block.buffer]);
        await feed.room();
      },
      finish: async () => {
        this.#post({ type: "block", id, block: null });
        const [result] = await job.results;
        if (result === undefined || "error" in result) throw result?.error;
        return result.digest;
      },
      free: () => {
        this.#feeds.delete(id);
        job.cancel();
      },
    };
  }

  /** Whether it cannot hash any more. */
  get ended(): boolean {
    return this.#ended;
  }

  end(): void {
    this.#worker.terminate();
    this.#fail(new Error("the worker was ended"));
  }

  #job(onBytes: (count: number) => void, send: (id: number) => void): Job {
    this.#lastId += 1;
    const id = this.#lastId;
    const results = new Promise<readonly PieceResult[]>((resolve, reject) => {
      this.#jobs.set(id, { onBytes, resolve, reject });
      try {
        send(id);
      } catch (error) {
        // A Blob may be one that its host hands to no other thread.
        this.#jobs.delete(id);
        reject(error);
      }
    });
    const cancel = () => {
      const job = this.#jobs.get(id);
      if (job === undefined) return;
      job.onBytes = () => {};
      this.#post({ type: "cancel", id });
    };
    return { results, cancel };
  }

  #hear(message: FromWorker): void {
    // What was under way when it ended.
    if (this.#ended) return;
    switch (message.type) {
      case "ready":
        this.#starting?.resolve();
        this.#starting = undefined;
        break;
      case "bytes":
        for (const [id, count] of message.counts) this.#jobs.get(id)?.onBytes(count);
        break;
      case "block":
        this.#feeds.get(message.id)?.giveBack(message.block);
        break;
      case "done":
        this.#jobs.get(message.id)?.resolve(message.results);
        this.#jobs.delete(message.id);
        break;
      case "broken":
        this.#break(message.error);
        break;
    }
  }

  #break(error: unknown): void {
    if (this.#ended) return;
    this.#worker.terminate();
    this.#starting?.reject(error);
    this.#starting = undefined;
    this.#fail(error);
    this.#onBroken(error);
  }

  #fail(error: unknown): void {
    this.#ended = true;
    for (const job of this.#jobs.values()) job.reject(error);
    for (const feed of this.#feeds.values()) feed.fail(error);
    this.#jobs.clear();
    this.#feeds.clear();
  }

  #post(message: ToWorker, transfer: Transferable[] = []): void {
    if (!this.#ended) this.#worker.postMessage(message, transfer);
  }
}

interface OpenJob {
  onBytes: (count: number) => void;
  resolve(results: readonly PieceResult[]): void;
  reject(error: unknown): void;
}

/** The blocks of a feed that are on their way, and those that came back. */
class Feed {
  readonly #spare: Uint8Array[] = [];
  #inFlight = 0;
  #failure: { readonly error: unknown } | undefined;
  #wake = () => {};

  /** The bytes are their reader's, who uses them again: what is sent is a copy. */
  fill(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    const memory = this.#spare.pop()?.buffer as ArrayBuffer | undefined;
    const fits = memory !== undefined && memory.byteLength >= bytes.byteLength;
    const copy = new Uint8Array(fits ? memory : new ArrayBuffer(bytes.byteLength), 0, bytes.byteLength);
    copy.set(bytes);
    this.#inFlight += 1;
    return copy;
  }

  /** Waits until one more may be sent. */
  async room(): Promise<void> {
    while (this.#inFlight >= IN_FLIGHT && this.#failure === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  giveBack(block: Uint8Array): void {
    this.#inFlight -= 1;
    this.#spare.push(block);
    this.#wake();
  }

  fail(error: unknown): void {
    this.#failure = { error };
    this.#wake();
  }
}
