import type { FileEntry, ListedFile, ModelFiles } from "../types/index.js";

/**
 * Makes the model's files from any iterable of them.
 *
 * @example
 * import { fromEntries } from "modelseal/files";
 * const files = fromEntries([{ path: "config.json", kind: "file", open: () => new Blob(["{}"]) }], {
 *   complete: true,
 * });
 */
export function fromEntries(
  entries: AsyncIterable<FileEntry | ListedFile> | Iterable<FileEntry | ListedFile>,
  options: Pick<ModelFiles, "complete" | "symlinksObservable" | "linkTargets" | "singleFile" | "totalBytes">,
): ModelFiles {
  const iterate =
    Symbol.asyncIterator in entries
      ? { [Symbol.asyncIterator]: () => entries[Symbol.asyncIterator]() }
      : { [Symbol.iterator]: () => entries[Symbol.iterator]() };
  return { ...options, ...iterate } as ModelFiles;
}

/** The file of a path, from a Blob. */
export function blobEntry(path: string, blob: Blob): FileEntry {
  return { path, kind: "file", size: blob.size, open: () => blob };
}
