import type { Drop, GivenFile, GivenFolder } from "./entry.js";

/** A handle is there at once, or the browser does not hand it out: of some folders its promise never settles. */
const HANDLE_TIMEOUT_MS = 500;

/** Files asked for at a time: each takes about a millisecond, most of it waiting. */
const AT_ONCE = 64;

/** Files in a piece of a listing: more would be a long task where they cross to the worker. */
const PIECE = 100;

type Item = DataTransferItem & { getAsFileSystemHandle?(): Promise<FileSystemHandle | null> };

/**
 * What was dropped. To be called in the event's handler: the items are gone when it returns, so all forms of each
 * are taken before the first wait.
 */
export async function takeDrop(items: DataTransferItemList): Promise<Drop> {
  const taken = Array.from(items)
    .filter(({ kind }) => kind === "file")
    .map((item: Item) => {
      const entry = item.webkitGetAsEntry?.() ?? null;
      const file = item.getAsFile();
      const handle =
        entry?.isDirectory === true ? (item.getAsFileSystemHandle?.().catch(() => null) ?? null) : null;
      return { entry, file, handle };
    });
  const folders: GivenFolder[] = [];
  const loose: File[] = [];
  for (const { entry, file, handle } of taken) {
    if (entry?.isDirectory === true) {
      const found = await Promise.race([handle, later(HANDLE_TIMEOUT_MS)]);
      folders.push(droppedFolder(entry as FileSystemDirectoryEntry, found));
    } else if (file !== null) loose.push(file);
  }
  return { folders, loose };
}

/**
 * What was chosen by an `<input type="file">`, with or without `webkitdirectory`. The list is read in pieces: thousands
 * of files at once are a long task.
 */
export function takeInput(list: FileList): Drop {
  const name = list[0]?.webkitRelativePath.split("/", 1)[0] ?? "";
  if (name === "") return { folders: [], loose: Array.from(list) };
  const part = (from: number, to: number): GivenFile[] => {
    const files: GivenFile[] = [];
    for (let index = from; index < Math.min(to, list.length); index += 1) {
      const file = list[index];
      if (file !== undefined) files.push({ path: file.webkitRelativePath.slice(name.length + 1), file });
    }
    return files;
  };
  return { folders: [listedFolder(name, list.length, part)], loose: [] };
}

/** A folder whose files are there already, to be taken in pieces. */
export function listedFolder(
  name: string,
  length: number,
  part: (from: number, to: number) => GivenFile[],
): GivenFolder {
  async function* files() {
    for (let at = 0; at < length; at += PIECE) {
      yield part(at, at + PIECE);
      // The page stays alive between two pieces.
      await later(0);
    }
  }
  return {
    name,
    files,
    async *paths() {
      for await (const piece of files()) yield piece.map(({ path }) => path);
    },
    open: async (paths) => part(0, length).filter(({ path }) => paths.includes(path)),
  };
}

function droppedFolder(entry: FileSystemDirectoryEntry, handle: FileSystemHandle | null): GivenFolder {
  return {
    name: entry.name,
    ...(handle?.kind === "directory" && { handle: handle as FileSystemDirectoryHandle }),
    async *paths() {
      for await (const piece of entriesBelow(entry)) yield piece.map(({ path }) => path);
    },
    async *files() {
      for await (const piece of entriesBelow(entry)) yield await opened(piece);
    },
    open: async (paths) =>
      opened(
        await Promise.all(
          paths.map(async (path) => ({
            path,
            entry: await new Promise<FileSystemFileEntry>((resolve, reject) =>
              entry.getFile(path, {}, (found) => resolve(found as FileSystemFileEntry), reject),
            ),
          })),
        ),
      ),
  };
}

interface FoundEntry {
  readonly path: string;
  readonly entry: FileSystemFileEntry;
}

/** The files below a folder. Links are not among them: a browser shows them to no page. */
async function* entriesBelow(folder: FileSystemDirectoryEntry): AsyncGenerator<readonly FoundEntry[]> {
  let piece: FoundEntry[] = [];
  const folders: [FileSystemDirectoryEntry, string][] = [[folder, ""]];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    const [current, at] = next;
    const reader = current.createReader();
    // It returns its entries in pieces, and none at the end.
    for (let batch = await read(reader); batch.length > 0; batch = await read(reader)) {
      for (const child of batch) {
        const path = at + child.name;
        if (child.isDirectory) folders.push([child as FileSystemDirectoryEntry, `${path}/`]);
        else piece.push({ path, entry: child as FileSystemFileEntry });
      }
      if (piece.length < PIECE) continue;
      yield piece;
      piece = [];
    }
  }
  yield piece;
}

async function opened(entries: readonly FoundEntry[]): Promise<GivenFile[]> {
  const files: GivenFile[] = [];
  for (let at = 0; at < entries.length; at += AT_ONCE) {
    const some = entries.slice(at, at + AT_ONCE);
    files.push(
      ...(await Promise.all(some.map(async ({ path, entry }) => ({ path, file: await fileOf(entry) })))),
    );
  }
  return files;
}

function read(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

function later(milliseconds: number): Promise<null> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, null));
}
