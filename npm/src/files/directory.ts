import { constants, type Stats } from "node:fs";
import { type FileHandle, lstat, open, realpath, stat } from "node:fs/promises";
import { basename, join, resolve, sep } from "node:path";
import { BLOCK } from "../core/block.js";
import { UsageError, VerifyError } from "../core/errors.js";
import { ReadAhead } from "../core/read-ahead.js";
import type { Disposition, EntryKind, FileEntry, ModelFiles } from "../types/index.js";
import { fromEntries } from "./entries.js";
import { cacheTargets, folderTargets, type Targets } from "./link-targets.js";
import { namesIn } from "./names.js";

/** What {@link fromDirectory} takes. */
export interface DirectoryOptions {
  /**
   * A folder outside the model that symlinks may lead to, straight to its files: they count as those files.
   * The blobs of a Hugging Face cache are found without this.
   */
  readonly linkTargets?: string | undefined;
  /** Walk the folder first to add up its sizes, so that progress has a total. Default: false. */
  readonly totals?: boolean | undefined;
}

/**
 * A folder on disk, or a model that is one file. Symlinks are reported as such, and read only where signer
 * and caller allow them and they stay in the folder. A snapshot in a Hugging Face cache is read as it lies:
 * its links are the cache's, not the model's.
 *
 * @example
 * import { fromDirectory } from "modelseal/files";
 * const files = await fromDirectory("model"); // verify() takes the promise as well
 */
export async function fromDirectory(path: string, options: DirectoryOptions = {}): Promise<ModelFiles> {
  const { linkTargets, totals = false } = options;
  // The path itself was chosen by the caller: it may be a link.
  const root = await realpath(path);
  const stats = await stat(root);
  if (stats.isDirectory()) {
    const targets = linkTargets === undefined ? await cacheTargets(root) : await folderTargets(linkTargets);
    const place = { root, targets };
    const entries = { [Symbol.asyncIterator]: () => walk(place, root, "") };
    const totalBytes = totals ? await totalOf(walk(place, root, "")) : undefined;
    return fromEntries(entries, { complete: true, linkTargets: targets?.kind, totalBytes });
  }
  if (linkTargets !== undefined) {
    const at = "options.linkTargets";
    throw new UsageError(`${at} has no meaning: the model is a single file`, { at });
  }
  const name = basename(resolve(path));
  return fromEntries([await entryOf({ root, targets: undefined }, root, name, stats)], {
    complete: true,
    singleFile: name,
    totalBytes: stats.size,
  });
}

async function totalOf(entries: AsyncIterable<FileEntry>): Promise<number> {
  let bytes = 0;
  for await (const { size = 0 } of entries) bytes += size;
  return bytes;
}

/** The model's folder, and where its links may lead outside it. */
interface Place {
  readonly root: string;
  readonly targets: Targets | undefined;
}

async function* walk(
  place: Place,
  folder: string,
  prefix: string,
): AsyncGenerator<FileEntry, void, Disposition | undefined> {
  const { names, notUtf8 } = await namesIn(folder);
  for (const name of notUtf8) yield { path: prefix + name, kind: "not-utf8" };
  for (const name of names) {
    const path = prefix + name;
    const full = join(folder, name);
    const entry = await entryOf(place, full, path, await lstat(full));
    const answer = yield entry;
    if (entry.kind === "directory" && answer !== "skip") yield* walk(place, full, `${path}/`);
  }
}

async function entryOf(
  { root, targets }: Place,
  full: string,
  path: string,
  stats: Stats,
): Promise<FileEntry> {
  const kind = kindOf(stats);
  if (kind === "file") return { path, kind, size: stats.size, open: () => readRegular(full, stats) };
  if (kind !== "symlink") return { path, kind };
  const target = await targets?.find(full);
  if (target === undefined) return { path, kind, open: () => readTarget(full, root) };
  const { file, stats: found } = target;
  return { path, kind: "followed-link", size: found.size, open: () => readRegular(file, found) };
}

function kindOf(stats: Stats): EntryKind {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "directory";
  return stats.isSymbolicLink() ? "symlink" : "special";
}

/** Reads what a symlink leads to, if that is a file in the model. */
async function readTarget(link: string, root: string): Promise<AsyncIterable<Uint8Array>> {
  const target = await realpath(link).catch(() => undefined);
  if (target === undefined || !target.startsWith(root + sep)) throw refused();
  const stats = await lstat(target);
  if (!stats.isFile()) throw refused();
  return readRegular(target, stats);
}

function refused(): VerifyError {
  return new VerifyError("symlink-refused", "files", "the model has a symlink that is not allowed");
}

/** Reads a file that was seen before, and only that one: it may have been exchanged since. */
async function* readRegular(full: string, seen: Stats): AsyncGenerator<Uint8Array> {
  // Neither a link that has taken the file's place is followed, nor a pipe waited for. Windows has no such flags.
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const file = await open(full, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    if (!unchanged(await file.stat(), seen)) throw new Error("the file was exchanged while it was read");
    yield* blocks(file, seen.size);
    if (!unchanged(await file.stat(), seen)) throw new Error("the file was changed while it was read");
  } finally {
    await file.close();
  }
}

/** Reads at most so many bytes, one block ahead. */
async function* blocks(file: FileHandle, most: number): AsyncGenerator<Uint8Array> {
  const read = async (memory: ArrayBuffer) => {
    const { bytesRead } = await file.read(new Uint8Array(memory), 0, memory.byteLength, null);
    return new Uint8Array(memory, 0, bytesRead);
  };
  const ahead = new ReadAhead(read, Math.min(BLOCK, most + 1));
  let length = 0;
  try {
    for (;;) {
      const block = await ahead.take();
      if (block.byteLength === 0) return;
      // A file may be written as fast as it is read: that would never end.
      length += block.byteLength;
      if (length > most) throw new Error("the file was changed while it was read");
      yield block;
    }
  } finally {
    // The file is closed after this.
    await ahead.settle();
  }
}

function unchanged(now: Stats, seen: Stats): boolean {
  return (
    now.isFile() &&
    now.dev === seen.dev &&
    now.ino === seen.ino &&
    now.size === seen.size &&
    now.mtimeMs === seen.mtimeMs
  );
}
