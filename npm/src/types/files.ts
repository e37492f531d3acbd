import type { LinkTargets, ModelName, Publisher, SignatureValid } from "./verdict.js";

/** What a file's bytes can come from. A chunk must be valid only until the next one is asked for. */
export type Source =
  | Blob
  | Uint8Array
  | ArrayBuffer
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>
  | Iterable<Uint8Array>;

/**
 * What a path of the model is. A `followed-link` leads straight to a regular file in the
 * {@link ModelFiles.linkTargets}, and counts as that file. A `not-utf8` name is written with its bytes that are
 * not UTF-8 as `\xff`.
 */
export type EntryKind = "directory" | "file" | "followed-link" | "not-utf8" | "special" | "symlink";

/** A file of the model whose bytes are there. Paths are relative, with `/`. */
export interface FileEntry {
  readonly path: string;
  readonly kind: EntryKind;
  readonly size?: number | undefined;
  /** Asked once, and only for files that the signature covers. A response must have the whole file. */
  open?(): Source | Response | Promise<Source | Response>;
}

/** A file of which only a listing's digest is there (`sha256:` and hex). */
export interface ListedFile {
  readonly path: string;
  /** By an algorithm that no model is signed with, such as `sha1:`, it is not compared. */
  readonly digest: string;
  readonly size?: number | undefined;
}

/** The answer to a directory or file that was announced; generators get it from `yield`. */
export type Disposition = "hash" | "skip" | "descend";

/** The model's files, in any order. */
export type ModelFiles = (AsyncIterable<FileEntry | ListedFile> | Iterable<FileEntry | ListedFile>) & {
  /** Whether this lists the whole model. Otherwise it is not known that nothing unsigned is there. */
  readonly complete: boolean;
  /** Whether a symlink would be seen as one. Default: true. A browser's file list cannot tell. */
  readonly symlinksObservable?: boolean;
  /** What the folder is that followed links lead to; without one no link is followed outside the model. */
  readonly linkTargets?: LinkTargets | undefined;
  /** Set when there is but one file, which may be the whole model: its name, which is also its path here. */
  readonly singleFile?: string | undefined;
  /** The sum of all sizes, where it is known beforehand; for progress only. */
  readonly totalBytes?: number | undefined;
};

/** The signed list of files. */
export interface Manifest {
  readonly model: ModelName;
  readonly method: "files" | "shards";
  readonly algorithm: "sha256" | "blake2b" | "blake3";
  readonly shardSize?: number;
  readonly allowSymlinks: boolean;
  /** Whether the model is one file instead of a folder. */
  readonly single: boolean;
  readonly signature: SignatureValid;
  readonly publisher: Publisher;
  readonly files: readonly SignedFile[];
  readonly ignorePaths: readonly string[];
}

/** A file that the signature covers. */
export interface SignedFile {
  readonly path: string;
  readonly size?: number;
  readonly digest?: string;
  /** The digests of its shards, in order; each but the last has the manifest's `shardSize`. */
  readonly shards?: readonly string[];
}
