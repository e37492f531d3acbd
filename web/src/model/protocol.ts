import type { Policy, ReportOnlyPolicy, Verdict } from "modelseal";
import type { ModelFile } from "./picked-model.js";

/** Everything that one verification needs. It crosses to the worker whole: files as handles, not as bytes. */
export interface Request {
  readonly bundle: Blob;
  readonly files: readonly ModelFile[];
  readonly complete: boolean;
  readonly policy: Policy | ReportOnlyPolicy;
  /** The bundle's own path inside the model, when it lies there. */
  readonly signaturePath?: string;
  /** The time of judgement in RFC 3339; without it, now. */
  readonly time?: string;
}

export interface Progress {
  readonly files: number;
  readonly totalFiles: number;
  readonly bytes: number;
  readonly totalBytes: number;
  readonly bytesPerSecond?: number;
  readonly secondsLeft?: number;
  /** The file opened last. */
  readonly path: string;
}

/** A file that was compared, and how that came out. */
export type FileResult = readonly [path: string, status: "ok" | "changed" | "unreadable" | "not-checked"];

export interface Outcome {
  readonly verdict: Verdict;
  readonly results: readonly FileResult[];
}

/** Why a verification could not be made: misuse or unreadable input, never a bad signature. */
export interface Refusal {
  readonly code: string;
  readonly stage: string;
  readonly message: string;
}

export type ToWorker = { readonly module: WebAssembly.Module; readonly request: Request };

export type FromWorker =
  | { readonly type: "ready" }
  | { readonly type: "progress"; readonly progress: Progress }
  | { readonly type: "done"; readonly outcome: Outcome }
  | { readonly type: "refused"; readonly refusal: Refusal };
