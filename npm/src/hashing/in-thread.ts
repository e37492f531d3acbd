import { abortable, chunks } from "../bytes.js";
import { VerifyError } from "../errors.js";
import { Account } from "./account.js";
import { createDigester, engineOf } from "./digests.js";
import type { FileTask, Hashing, HashingOptions } from "./hashing.js";
import { FileDigests } from "./sharded.js";

/** More files at a time only help to wait for the disk. */
const FILES = 4;

/** What a file holds: a block that is hashed, and one that is read. */
const FILE_COST = 2 * 1024 * 1024;

/** Hashes in the caller's own thread: where the platform's digests are native, or where there are no workers. */
export class InThreadHashing implements Hashing {
  readonly engines = new Set<string>();
  readonly workers = 0;
  readonly #options: HashingOptions;
  readonly #files: Account;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;

  constructor(options: HashingOptions) {
    const affordable = Math.max(1, Math.floor(options.memoryBudget / FILE_COST));
    this.#options = options;
    this.#files = new Account(Math.min(FILES, affordable));
    this.#signal = this.#stop.signal;
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

  async #outcome({ plan, open }: FileTask) {
    const digests = new FileDigests(plan, () => createDigester(plan.algorithm));
    this.engines.add(engineOf(plan.algorithm));
    try {
      const source = await abortable(open(), this.#signal);
      for await (const chunk of chunks(source, this.#signal)) {
        await digests.push(chunk);
        this.#options.onBytes(chunk.byteLength);
      }
      return await digests.finish();
    } catch (error) {
      if (isFatal(error)) throw error;
      return { error };
    } finally {
      digests.free();
    }
  }
}

/** Whether an error is no fault of the file: the caller's mistake, or our own. */
export function isFatal(error: unknown): boolean {
  return (
    (error instanceof VerifyError && error.code !== "symlink-refused") ||
    error instanceof WebAssembly.RuntimeError
  );
}
