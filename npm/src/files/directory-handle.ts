/// <reference path="../../types/platform.d.ts" preserve="true" />
import { ownMember } from "../core/own.js";
import type { Disposition, FileEntry, ModelFiles } from "../types/index.js";
import { fromEntries } from "./entries.js";

/** How {@link fromDirectoryHandle} takes a folder. */
export interface DirectoryHandleOptions {
  /**
   * Whether the handle shows every file. Default: false, since browsers hide files of some names from handles to
   * folders on the disk: Chromium does so for `x.lnk`, `x.url`, `desktop.ini` and others. The origin's own file
   * system (`navigator.storage.getDirectory()`) hides none.
   */
  readonly complete?: boolean;
}

/**
 * The files of a directory handle (`showDirectoryPicker()`, or the origin's own file system). Unless `complete` is
 * true, it is not known that nothing unsigned is there, and a verdict is at best `incomplete`.
 *
 * @example
 * import { fromDirectoryHandle } from "modelseal/files";
 * const files = fromDirectoryHandle(await navigator.storage.getDirectory(), { complete: true });
 */
export function fromDirectoryHandle(
  handle: FileSystemDirectoryHandle,
  options: DirectoryHandleOptions = {},
): ModelFiles {
  return fromEntries(
    { [Symbol.asyncIterator]: () => walkHandle(handle, "") },
    { complete: ownMember(options, "complete") === true, symlinksObservable: false },
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
