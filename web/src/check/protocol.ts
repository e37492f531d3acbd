import type { GivenFile } from "../given/entry.js";
import type { Expectation } from "../signers/known.js";
import type { Remembered } from "../signers/remembered.js";
import type { Action, Answer } from "./answer.js";
import type { Query, RowPage } from "./rows.js";

/** What the person said of the check: an expectation, and the options of the expert form. */
export interface Wishes {
  readonly remembered: readonly Remembered[];
  readonly expectation?: Expectation;
  /** A `trusted_root.json`, or the name of one that ships with the page. */
  readonly trustRoot?: string;
  /** The time of evaluation in RFC 3339; without it, now. */
  readonly time?: string;
}

/** From the page to the worker. */
export type ToWorker =
  | { readonly type: "start"; readonly module: WebAssembly.Module }
  /** A part of what was dropped; the last one is followed by `check`. */
  | { readonly type: "folder"; readonly handle: FileSystemDirectoryHandle }
  /** Paths that a folder has. The answer to the last piece is those that its handle did not show. */
  | {
      readonly type: "paths";
      readonly folder: string;
      readonly paths: readonly string[];
      readonly id?: number;
    }
  | { readonly type: "files"; readonly folder: string; readonly files: readonly GivenFile[] }
  | { readonly type: "loose"; readonly files: readonly File[] }
  /** A model at an address: its signature. Its files are asked for one by one. */
  | { readonly type: "remote"; readonly name: string; readonly bundle: Blob }
  | { readonly type: "opened"; readonly id: number; readonly stream?: ReadableStream<Uint8Array> }
  | { readonly type: "check"; readonly wishes: Wishes }
  | { readonly type: "act"; readonly action: Action; readonly wishes: Wishes }
  | { readonly type: "stop" }
  | { readonly type: "rows"; readonly id: number; readonly query: Query }
  | { readonly type: "report"; readonly id: number }
  | { readonly type: "bundle"; readonly id: number };

/** How far the hashing is. */
export interface Progress {
  readonly files: number;
  readonly totalFiles: number;
  readonly bytes: number;
  readonly totalBytes: number;
  readonly bytesPerSecond?: number;
  readonly secondsLeft?: number;
  readonly path: string;
}

/** What is known before the files are read: shown as progress, and no part of a verdict. */
export interface Found {
  readonly signature: string;
  readonly signer: NonNullable<Answer["signer"]>;
  readonly modelName: string;
  readonly signed: number;
  readonly here: number;
}

/** From the worker to the page. */
export type FromWorker =
  | { readonly type: "ready" }
  | { readonly type: "listed"; readonly count: number }
  | { readonly type: "found"; readonly found: Found }
  | { readonly type: "contradiction"; readonly path: string }
  /** Asks for the bytes of a file of a model at an address. */
  | { readonly type: "open"; readonly id: number; readonly path: string }
  | { readonly type: "progress"; readonly progress: Progress }
  | { readonly type: "answer"; readonly answer: Answer }
  | {
      readonly type: "reply";
      readonly id: number;
      readonly value: RowPage | Blob | string | readonly string[] | undefined;
    };
