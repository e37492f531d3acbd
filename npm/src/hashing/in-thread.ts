import { abortable, chunks } from "../core/bytes.js";
import { isMisuse } from "../core/errors.js";
import { isBlob } from "../core/sources.js";
import type { Source } from "../types/index.js";
import { createDigester, engineOf } from "./digests.js";
import { FileDigests } from "./file-digests.js";
import { Gate } from "./gate.js";
import type { FileTask, Hashing, HashingOptions } from "./hashing.js";
import type { Hashed } from "./plan.js";

/** More files at a time only help to wait for the disk. */
const FILES = 4;

/** What a file holds that is hashed in this thread: a block that is hashed, and one that is read. */
export const FILE_COST = 2 * 1024 * 1024;

/** Hashes in the caller's own thread: where the platform's digests are native, or where there are no workers. */
export class InThreadHashing implements Hashing {
  readonly engines = new Set<string>();
  readonly workers = 0;
  readonly #options: HashingOptions;
  readonly #files: Gate;
  readonly #stop = new AbortController();

  constructor(options: HashingOptions) {
    const affordable = Math.max(1, Math.floor(options.memoryBudget / FILE_COST));
    this.#options = options;
    this.#files = new Gate(Math.min(FILES, affordable));
    options.signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (options.signal?.aborted === true) this.#onAbort();
  }

  async add(task: FileTask): Promise<void> {
    await this.#files.begin();
    void this.#hash(task);
  }

  finish(): Promise<void> {
    return this.#files.idle();
  }

  stop(reason?: unknown): void {
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    this.#files.fail(reason);
    this.#stop.abort(reason);
  }

  /** What is under way when it is stopped counts no more. */
  readonly #onBytes = (count: number) => {
    if (!this.#files.failed) this.#options.onBytes(count);
  };

  readonly #onAbort = () => this.stop(this.#options.signal?.reason);

  async #hash(task: FileTask): Promise<void> {
    try {
      const outcome = await this.#outcome(task);
      if (!this.#files.failed) this.#options.onFile(task, outcome);
      this.#files.end();
    } catch (error) {
      this.stop(error);
    }
  }

  async #outcome(task: FileTask) {
    const { signal } = this.#stop;
    this.engines.add(engineOf(task.plan.algorithm));
    try {
      const source = await abortable(task.open(), signal);
      return await hashHere(task, source, this.#onBytes, signal);
    } catch (error) {
      if (isFatal(error)) throw error;
      return { error };
    }
  }
}

/** Hashes one file in this thread. */
export async function hashHere(
  { plan, at, bound }: FileTask,
  source: Source,
  onBytes: (count: number) => void,
  signal: AbortSignal,
): Promise<Hashed> {
  // A Blob's length is known before a byte of it is read.
  if (isBlob(source) && source.size > bound.bytes) throw bound.exceeded();
  const digests = new FileDigests(plan, () => createDigester(plan.algorithm));
  try {
    for await (const chunk of chunks(source, { at, bound, signal })) {
      await digests.push(chunk);
      onBytes(chunk.byteLength);
    }
    return await digests.finish();
  } finally {
    digests.free();
  }
}

/** Whether an error is not the file's: the caller's mistake, or our own. */
export function isFatal(error: unknown): boolean {
  return isMisuse(error) || error instanceof WebAssembly.RuntimeError;
}
