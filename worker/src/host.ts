import type { PullAnswer, PullJob } from "./files/pull-job.js";
import type { Store } from "./store/store.js";

/** What the gateway needs of the runtime that it runs on. */
export interface Host {
  readonly runtime: "bun" | "deno" | "node" | "workerd";
  readonly store: Store | undefined;
  /** Fetches a file into the store, once however many ask for it. Waits for the end so many milliseconds at most. */
  pull(job: PullJob, wait: number): Promise<PullAnswer>;
  /** An incremental SHA-256. */
  sha256(): Sha256;
  /** A stream that ends well only after so many bytes, and whose length is declared. */
  fixLength(body: ReadableStream<Uint8Array>, length: number): ReadableStream<Uint8Array>;
  /** One structured line for the operator. */
  log(line: Readonly<Record<string, unknown>>): void;
}

export interface Sha256 {
  push(bytes: Uint8Array): void | Promise<void>;
  /** In hex. */
  finish(): Promise<string>;
}
