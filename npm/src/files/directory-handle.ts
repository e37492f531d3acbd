import type { Disposition, FileEntry, ModelFiles } from "../types/index.js";
import { fromEntries } from "./entries.js";

/**
 * The files of a directory handle (`showDirectoryPicker()`, or the origin's own file system).
 *
 * @example
 * import { fromDirectoryHandle } from "modelseal/files";
 * const files = fromDirectoryHandle(await navigator.storage.getDirectory());
 */
export function fromDirectoryHandle(handle: FileSystemDirectoryHandle): ModelFiles {
  return fromEntries(
    { [Symbol.asyncIterator]: () => walkHandle(handle, "") },
    { complete: true, symlinksObservable: false },
  );
}

/** Walks a folder below a prefix, or yields one file under a path. */
export async function* walkHandle(
  handle: FileSystemHandle,
  at: string,
): AsyncGenerator<FileEntry, void, Disposition | undefined> {
  if (handle.kind !== "directory") {
    yield { path: at, kind: "file", open: () => (handle as FileSystemFileHandle).getFile() };
    return;
  }
  for await (const child of (handle as FileSystemDirectoryHandle).values()) {
    const path = at + child.name;
    if (child.kind !== "directory") yield* walkHandle(child, path);
    else if ((yield { path, kind: "directory" }) !== "skip") yield* walkHandle(child, `${path}/`);
  }
}
