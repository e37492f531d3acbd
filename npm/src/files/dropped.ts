/// <reference path="../../types/platform.d.ts" preserve="true" />
import { UsageError } from "../core/errors.js";
import type { Disposition, FileEntry, ModelFiles } from "../types/index.js";
import { walkHandle } from "./directory-handle.js";
import { blobEntry, fromEntries } from "./entries.js";

/**
 * What was dropped on a page. One folder is a model; of anything else it is not known what lies beside it.
 * To be called in the event's handler itself: the items are gone when it returns.
 *
 * @example
 * import { fromDataTransfer } from "modelseal/files";
 * document.addEventListener("drop", async (event) => {
 *   event.preventDefault();
 *   const files = await fromDataTransfer(event.dataTransfer);
 * });
 */
export async function fromDataTransfer(
  dropped: DataTransfer | Iterable<DataTransferItem> | ArrayLike<DataTransferItem> | null,
): Promise<ModelFiles> {
  if (dropped === null) throw new UsageError("dropped is null: nothing was dropped", { at: "dropped" });
  const items = "items" in dropped ? dropped.items : dropped;
  const roots = await Promise.all(Array.from(items).filter(isFile).map(takeRoot));
  const found = roots.filter((root) => root !== undefined);
  const [only] = found;
  if (found.length === 1 && only?.isDirectory === true) {
    return fromEntries(
      { [Symbol.asyncIterator]: () => only.walk("") },
      { complete: only.showsAll, symlinksObservable: false },
    );
  }
  async function* all(): Walk {
    for (const root of found) yield* root.isDirectory ? root.walk(`${root.name}/`) : root.walk(root.name);
  }
  const singleFile = found.length === 1 ? only?.name : undefined;
  return fromEntries(
    { [Symbol.asyncIterator]: all },
    { complete: false, symlinksObservable: false, singleFile },
  );
}

type Walk = AsyncGenerator<FileEntry, void, Disposition | undefined>;

/** A dropped thing; a folder is walked below a prefix, a file under a path. */
interface Root {
  readonly name: string;
  readonly isDirectory: boolean;
  /** Browsers hide files of some names from handles, but not from entries. */
  readonly showsAll: boolean;
  walk(at: string): Walk;
}

function isFile(item: DataTransferItem): boolean {
  return item.kind === "file";
}

/** Takes both forms at once, before the first `await`: afterwards the item is empty. */
async function takeRoot(
  item: DataTransferItem & { getAsFileSystemHandle?(): Promise<FileSystemHandle | null> },
): Promise<Root | undefined> {
  const entry = item.webkitGetAsEntry?.();
  const file = item.getAsFile();
  if (entry) {
    return {
      name: entry.name,
      isDirectory: entry.isDirectory,
      showsAll: true,
      walk: (at) => walkEntry(entry, at),
    };
  }
  const handle = await item.getAsFileSystemHandle?.();
  if (handle) {
    return {
      name: handle.name,
      isDirectory: handle.kind === "directory",
      showsAll: false,
      walk: (at) => walkHandle(handle, at),
    };
  }
  return file
    ? { name: file.name, isDirectory: false, showsAll: false, walk: (at) => one(blobEntry(at, file)) }
    : undefined;
}

async function* one(entry: FileEntry): Walk {
  yield entry;
}

async function* walkEntry(entry: FileSystemEntry, at: string): Walk {
  if (!entry.isDirectory) {
    yield { path: at, kind: "file", open: () => fileOf(entry as FileSystemFileEntry) };
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // It returns its entries in pieces, and none at the end.
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (batch.length === 0) return;
    for (const child of batch) {
      const path = at + child.name;
      if (!child.isDirectory) yield* walkEntry(child, path);
      else if ((yield { path, kind: "directory" }) !== "skip") yield* walkEntry(child, `${path}/`);
    }
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}
