import type { Digester } from "./digests.js";
import type { Algorithm } from "./plan.js";
import type { FromWorker, Piece, PieceResult, ToWorker } from "./protocol.js";

/** How many blocks of a feed are on their way: one is hashed, one waits. */
const IN_FLIGHT = 2;

/** Memory of a worker itself: its heap, the Wasm's, and the pipes that it reads from. */
export const WORKER_COST = 8 * 1024 * 1024;

/** The other end of a worker that hashes. */
export class HashWorker {
  /** How many bytes of jobs it has. */
  load = 0;
  /** How many groups and streams it has. */
  groups = 0;
  streams = 0;
  readonly #worker: Worker;
  readonly #onBytes: (count: number) => void;
  readonly #onBroken: (error: unknown) => void;
  readonly #jobs = new Map<number, (results: readonly PieceResult[]) => void>();
  readonly #feeds = new Map<number, (block: Uint8Array) => void>();
  #started: { resolve(): void; reject(error: unknown): void } | undefined;
  #lastId = 0;
  #ended = false;

  constructor(worker: Worker, onBytes: (count: number) => void, onBroken: (error: unknown) => void) {
    this.#worker = worker;
    this.#onBytes = onBytes;
    this.#onBroken = onBroken;
    worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => this.#hear(data));
    worker.addEventListener("error", (event) => {
      event.preventDefault?.();
      this.#break(event.error ?? new Error(event.message || "the worker's script did not load"));
    });
    worker.addEventListener("messageerror", () => this.#break(new Error("a message did not arrive")));
  }

  /** Hands the Wasm over; resolves when the worker answers. What is sent meanwhile, it does afterwards. */
  start(module: WebAssembly.Module): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#started = { resolve, reject };
      this.#post({ type: "start", module });
    });
  }

  hashGroup(pieces: readonly Piece[]): Promise<readonly PieceResult[]> {
    return this.#job((id) => this.#post({ type: "group", id, pieces }));
  }

  hashStream(piece: Piece): Promise<readonly PieceResult[]> {
    return this.#job((id) => this.#post({ type: "stream", id, piece }));
  }

  /** Hashes bytes that this thread reads, over there. */
  feed(algorithm: Algorithm): Digester {
    let inFlight = 0;
    let wake = () => {};
    const spare: Uint8Array[] = [];
    let id = 0;
    const done = this.#job((jobId) => {
      id = jobId;
      this.#feeds.set(id, (block) => {
        inFlight -= 1;
        spare.push(block);
        wake();
      });
      this.#post({ type: "feed", id, algorithm });
    });
    return {
      push: async (bytes) => {
        // The bytes are their reader's, who uses them again.
        const block = copyInto(spare.pop(), bytes);
        inFlight += 1;
        this.#post({ type: "block", id, block }, [block.buffer]);
        while (inFlight >= IN_FLIGHT) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      },
      finish: async () => {
        this.#post({ type: "block", id, block: null });
        const [result] = await done;
        if (result === undefined || "error" in result) throw result?.error;
        return result.digest;
      },
      free: () => {
        this.#feeds.delete(id);
        this.#jobs.delete(id);
      },
    };
  }

  end(): void {
    this.#ended = true;
    this.#worker.terminate();
    this.#jobs.clear();
    this.#feeds.clear();
  }

  #job(send: (id: number) => void): Promise<readonly PieceResult[]> {
    return new Promise((resolve) => {
      this.#lastId += 1;
      this.#jobs.set(this.#lastId, resolve);
      send(this.#lastId);
    });
  }

  #hear(message: FromWorker): void {
    // What was under way when it ended.
    if (this.#ended) return;
    switch (message.type) {
      case "ready":
        this.#started?.resolve();
        this.#started = undefined;
        break;
      case "bytes":
        this.#onBytes(message.count);
        break;
      case "block":
        this.#feeds.get(message.id)?.(message.block);
        break;
      case "done":
        this.#jobs.get(message.id)?.(message.results);
        this.#jobs.delete(message.id);
        break;
      case "broken":
        this.#break(message.error);
        break;
    }
  }

  /** Until it has started, this is told to who waits for that alone: there may be another way. */
  #break(error: unknown): void {
    if (this.#started === undefined) this.#onBroken(error);
    else this.#started.reject(error);
    this.#started = undefined;
  }

  #post(message: ToWorker, transfer: Transferable[] = []): void {
    this.#worker.postMessage(message, transfer);
  }
}

function copyInto(spare: Uint8Array | undefined, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const memory = spare?.buffer as ArrayBuffer | undefined;
  const fits = memory !== undefined && memory.byteLength >= bytes.byteLength;
  const copy = new Uint8Array(fits ? memory : new ArrayBuffer(bytes.byteLength), 0, bytes.byteLength);
  copy.set(bytes);
  return copy;
}
