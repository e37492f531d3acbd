import type { Bound } from "../core/bound.js";
import type { Place } from "../core/errors.js";
import type { Source } from "../types/index.js";
import type { Hashed, Plan } from "./plan.js";

/** A file that is to be hashed. */
export interface FileTask {
  readonly path: string;
  readonly plan: Plan;
  /** The place of its bytes in the call, for messages. */
  readonly at: Place;
  /** How long it may be. */
  readonly bound: Bound;
  /** How long it is, if that is known. */
  readonly size?: number | undefined;
  /** The bytes. Asked once, when there is room for them. */
  open(): Source | Promise<Source>;
}

/** What became of a file: its digests, or why it could not be read. */
export type FileOutcome = Hashed | { readonly error: unknown };

export interface HashingOptions {
  /** How many files, or workers, are at work at a time. */
  readonly concurrency: number;
  /** Bytes of memory at most. */
  readonly memoryBudget: number;
  /** How much there will be to hash at most, if that is known. */
  readonly expectedBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  onBytes(count: number): void;
  /** Called once for each file, in the order in which they are done. What it throws ends everything. */
  onFile(task: FileTask, outcome: FileOutcome): void;
}

/** Hashes the files of one model. The one who makes it calls {@link Hashing.stop} in the end. */
export interface Hashing {
  /** Takes a file, as soon as there is room for one more. */
  add(task: FileTask): Promise<void>;
  /** Waits until all files are done. */
  finish(): Promise<void>;
  /** Lets everything go at once. */
  stop(reason?: unknown): void;
  /** What hashed, for the verdict: such as `wasm`, `node:crypto`, `subtle`. */
  readonly engines: ReadonlySet<string>;
  /** How many workers were at work; none if all happened in the caller's thread. */
  readonly workers: number;
}
