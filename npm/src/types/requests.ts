import type { ModelFiles } from "./files.js";
import type { Policy, ReportOnlyPolicy } from "./policies.js";
import type { SetBy } from "./verdict.js";

/** What {@link verify} and {@link openBundle} take as a signature bundle: its bytes, or its JSON as a string. */
export type BundleSource = Uint8Array | ArrayBuffer | Blob | string | ReadableStream<Uint8Array>;

/** A value, or a promise of it. */
export type Awaitable<T> = T | PromiseLike<T>;

/** What {@link openBundle} takes. */
export interface OpenRequest {
  /** The bundle, a response that has it, or a promise of either, such as that of `fetch()`. */
  readonly bundle: Awaitable<BundleSource | Response>;
  readonly policy: Policy | ReportOnlyPolicy;
  /** The time of evaluation, a Date or RFC 3339. Default: now. A verified time of the signature takes precedence. */
  readonly time?: Date | string | undefined;
  /**
   * How many seconds this machine's clock may be behind a verified signing time. Default: 60. It has no effect where
   * `time` is given.
   */
  readonly maxClockSkew?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Who chose the policy, for the verdict. Default: the caller, or the preset. */
  readonly expectation?: { readonly setBy: SetBy; readonly name?: string | null } | undefined;
}

/** What {@link verify} takes. */
export interface VerifyRequest extends OpenRequest {
  /** The model's files, or a promise of them, such as that of `fromDirectory()`. */
  readonly files: Awaitable<ModelFiles>;
  /** Called at most ten times a second, and once at the end. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Called when a path is done. */
  readonly onFile?: ((result: FileResult) => void) | undefined;
  /** Paths, relative to the model, to skip with all that is below them. Listed in the verdict. */
  readonly ignorePaths?: readonly string[] | undefined;
  /** Allow files that are not signed. Listed in the verdict. */
  readonly ignoreUnsignedFiles?: boolean | undefined;
  /** Follow symlinks that stay in the model, if the signer allowed them too. */
  readonly allowSymlinks?: boolean | undefined;
  /** The signature's own path, when it lies in the model. */
  readonly signaturePath?: string | undefined;
  /** How many workers hash at a time, in browsers. Default: one for each of the machine's cores. */
  readonly concurrency?: number | undefined;
  /** How many bytes of memory hashing may hold, at least 16 MiB. Default: 256 MiB. */
  readonly memoryBudget?: number | undefined;
  /** How many entries `files` may have. Default: 1,000,000. */
  readonly entryLimit?: number | undefined;
  /** How many bytes a file may have whose length was neither signed nor given by its entry. Default: 1 TiB. */
  readonly maxBytes?: number | undefined;
}

/** How {@link SignedModel.verifyFile} reads. */
export interface VerifyFileOptions {
  readonly signal?: AbortSignal | undefined;
  /** How many bytes a file may have whose length was neither signed nor declared. Default: 1 TiB. */
  readonly maxBytes?: number | undefined;
}

/** How {@link SignedModel.bytes}, {@link SignedModel.json} and {@link SignedModel.verified} read. */
export interface ReadFileOptions extends VerifyFileOptions {
  /** How many bytes are held in memory at most. Default: 256 MiB. */
  readonly spoolLimit?: number | undefined;
}

/** How {@link SignedModel.checkStream} and {@link SignedModel.checkResponse} deliver. */
export interface CheckOptions extends ReadFileOptions {
  /**
   * `streamed` (default) passes bytes on as they come and holds the last block back until the digest
   * is right: it never completes a wrong file, but a reader who acts on a prefix acts on unverified
   * bytes. Of a file that was signed in shards it passes each shard on when it is verified, so it holds one
   * in memory. `verified` yields nothing before the digest is right.
   */
  readonly delivery?: "streamed" | "verified" | undefined;
  /** How many bytes `verified` may hold in memory, and how long a shard may be. Default: 256 MiB. */
  readonly spoolLimit?: number | undefined;
}

/** The result of a check of one file. */
export interface CheckedFile {
  readonly path: string;
  readonly status: "ok" | "changed";
  /** Whether the check went on from a saved state, so that the first bytes were not hashed again. */
  readonly resumed: boolean;
}

/** How far {@link verify} has come. */
export interface Progress {
  /** How many bytes have been hashed. */
  readonly bytes: number;
  /** How many there are, as far as is known: what is not hashed is subtracted when it is met. */
  readonly totalBytes?: number;
  /** The file that was opened last. Its name is from the model: escape it where it is shown. */
  readonly path?: string;
  /** How many signed files are done. */
  readonly files: number;
  readonly totalFiles: number;
  /** How fast it has been so far. */
  readonly bytesPerSecond?: number;
  /** How long it may still take, where `totalBytes` is known. */
  readonly secondsLeft?: number;
}

/** What became of one path. */
export interface FileResult {
  readonly path: string;
  /** `skipped`: not read, since it is not a signed file, or cannot be one. The verdict says why. */
  readonly status: "ok" | "changed" | "not-checked" | "unreadable" | "skipped";
  /** Why it could not be read. */
  readonly error?: unknown;
}
