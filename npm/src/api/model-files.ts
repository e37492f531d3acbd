import { misuse } from "../core/errors.js";
import { classMember } from "../core/own.js";
import { isBlob } from "../core/sources.js";
import type {
  Disposition,
  EntryKind,
  FileEntry,
  LinkTargets,
  ListedFile,
  ModelFiles,
} from "../types/index.js";

/** The files of a request, and what they say of themselves, as it was at the call. */
export interface ListedModel {
  readonly complete: boolean;
  readonly symlinksObservable: boolean;
  readonly linkTargets: LinkTargets | undefined;
  readonly singleFile: string | undefined;
  readonly totalBytes: number | undefined;
  /** Begins to list them. */
  iterate(): EntryIterator;
}

/** Lists entries. A generator gets the answer to each from its `yield`. */
export type EntryIterator = (Iterator<unknown> | AsyncIterator<unknown>) & {
  next(answer?: Disposition): IteratorResult<unknown> | Promise<IteratorResult<unknown>>;
};

/** What others hand out in place of entries, and what makes entries of it. */
const MAKERS: Readonly<Record<string, string>> = {
  "[object FileList]": "fromFileList(list)",
  "[object DataTransferItemList]": "await fromDataTransfer(items)",
  "[object FileSystemDirectoryHandle]": "fromDirectoryHandle(handle)",
  "[object File]": "fromFile(file)",
};

/** Iterators that have been used up, or are being: a generator lists its entries but once. */
const used = new WeakSet<object>();

/** Reads the member `files` of a request. */
export function readFiles(files: ModelFiles | undefined): ListedModel {
  requireIterable(files);
  const singleFile = classMember(files, "singleFile");
  if (singleFile !== undefined && typeof singleFile !== "string") {
    throw misuse("files.singleFile", "must be a string");
  }
  const totalBytes = classMember(files, "totalBytes");
  if (totalBytes !== undefined && typeof totalBytes !== "number") {
    throw misuse("files.totalBytes", "must be a number of bytes");
  }
  const linkTargets = classMember(files, "linkTargets");
  if (linkTargets !== undefined && !LINK_TARGETS.has(linkTargets)) {
    throw misuse("files.linkTargets", 'must be "folder" or "hugging-face-cache"');
  }
  return {
    complete: classMember(files, "complete") === true,
    symlinksObservable: classMember(files, "symlinksObservable") !== false,
    linkTargets: linkTargets as LinkTargets | undefined,
    singleFile,
    totalBytes,
    iterate: () => iterate(files),
  };
}

function requireIterable(files: unknown): asserts files is ModelFiles {
  const maker = MAKERS[Object.prototype.toString.call(files)];
  if (maker !== undefined) throw misuse("files", `are made of this by ${maker}, from modelseal/files`);
  const iterable =
    typeof files === "object" &&
    files !== null &&
    (Symbol.asyncIterator in files || Symbol.iterator in files);
  if (!iterable) {
    throw misuse(
      "files",
      "must be an iterable of the model's files: modelseal/files has functions that make one",
    );
  }
}

function iterate(files: ModelFiles): EntryIterator {
  const iterator: EntryIterator =
    Symbol.asyncIterator in files ? files[Symbol.asyncIterator]() : files[Symbol.iterator]();
  if (used.has(iterator)) {
    throw misuse("files", "were listed before: a generator lists them once, so make a new one for each call");
  }
  used.add(iterator);
  return iterator;
}

const KINDS: ReadonlySet<unknown> = new Set([
  "directory",
  "file",
  "followed-link",
  "not-utf8",
  "special",
  "symlink",
] satisfies EntryKind[]);

const LINK_TARGETS: ReadonlySet<unknown> = new Set(["folder", "hugging-face-cache"] satisfies LinkTargets[]);

/** Refuses what is not an entry; `at` is its place in the call. */
export function requireEntry(entry: unknown, at: string): asserts entry is FileEntry | ListedFile {
  if (isBlob(entry)) {
    throw misuse(
      at,
      "is a File: files are made of a list of Files by fromFileList(list), from modelseal/files",
    );
  }
  if (typeof entry !== "object" || entry === null) throw misuse(at, "must be an object");
  const { path, size, kind, digest, open } = entry as Partial<FileEntry & ListedFile>;
  if (typeof path !== "string") throw misuse(`${at}.path`, "must be a string");
  if (size !== undefined && !(Number.isSafeInteger(size) && size >= 0)) {
    throw misuse(`${at}.size`, "must be a whole number of bytes");
  }
  if (digest !== undefined) {
    if (typeof digest !== "string") throw misuse(`${at}.digest`, "must be a string");
  } else if (!KINDS.has(kind)) {
    throw misuse(
      `${at}.kind`,
      'must be "directory", "file", "followed-link", "not-utf8", "special" or "symlink"',
    );
  }
  if (open !== undefined && typeof open !== "function") throw misuse(`${at}.open`, "must be a function");
}

/** Whether an entry has a listing's digest in place of bytes. `undefined` means that it has none. */
export function isListed(entry: FileEntry | ListedFile): entry is ListedFile {
  return "digest" in entry && entry.digest !== undefined;
}

/** How a digest is written whose algorithm no signature of a model has: there is nothing to compare it with. */
const FOREIGN = /^(?!(?:sha256|blake2b|blake3):)[a-z0-9][a-z0-9_-]*:[0-9A-Za-z+/=_-]+$/i;

/** Whether a listing's digest is of an algorithm that cannot be compared, such as git's `sha1:`. */
export function isForeign(digest: string): boolean {
  return FOREIGN.test(digest);
}
