// All that was handed in for one check, in the worker. What comes later is added to it.
import { isSignatureName, type Kind, kindOf, MOST_BYTES } from "../given/content.js";
import type { GivenFile } from "../given/entry.js";

/** A file that may be the model's signature. */
export interface Candidate {
  readonly bundle: Blob;
  /** The name to show. */
  readonly name: string;
  /** Its path, when it lies in the model's folder. */
  readonly path?: string;
}

/** A file of a model at an address: its bytes are fetched when they are compared. */
export interface RemoteFile {
  readonly size: number | undefined;
  open(): Promise<ReadableStream<Uint8Array>>;
}

/** A folder, or the files that were given without one. */
export interface Folder {
  /** `undefined` for files without a folder around them. */
  readonly name: string | undefined;
  readonly files: Map<string, File>;
}

/** Handles asked for at a time. */
const AT_ONCE = 64;

/** The page is told this often how many files there are. */
const TOLD_EVERY_MS = 100;

export class Case {
  readonly folders: Folder[] = [];
  readonly signatures: Candidate[] = [];
  /** Texts of PEM and JSON files that are not a part of the model, the last one first. */
  readonly keys: string[] = [];
  readonly certificates: string[] = [];
  readonly trustRoots: string[] = [];
  readonly loose = new Map<string, File>();
  /** The signature of a model at an address. */
  remote: Candidate | undefined;
  /** What was handed in that is nothing to check with, the last one. */
  refused: { readonly kind: Kind; readonly name: string } | undefined;
  readonly #paths = new Map<string, string[]>();
  #count = 0;
  #toldAt = 0;
  readonly #onCount: (count: number) => void;

  constructor(onCount: (count: number) => void) {
    this.#onCount = onCount;
  }

  /** Lists a folder by its handle. Links are not listed: a browser shows them to no page. */
  async addHandle(handle: FileSystemDirectoryHandle): Promise<void> {
    const files = new Map<string, File>();
    this.folders.push({ name: handle.name, files });
    const waiting: [FileSystemFileHandle, string][] = [];
    const open = async () => {
      const some = waiting.splice(0, AT_ONCE);
      const opened = await Promise.all(
        some.map(async ([file, path]) => [path, await file.getFile()] as const),
      );
      for (const [path, file] of opened) files.set(path, file);
      this.#tell(opened.length);
    };
    const folders: [FileSystemDirectoryHandle, string][] = [[handle, ""]];
    for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
      const [folder, at] = next;
      for await (const child of folder.values()) {
        const path = at + child.name;
        if (child.kind === "directory") folders.push([child as FileSystemDirectoryHandle, `${path}/`]);
        else waiting.push([child as FileSystemFileHandle, path]);
        if (waiting.length >= AT_ONCE) await open();
      }
    }
    while (waiting.length > 0) await open();
  }

  /**
   * Takes the paths that a folder has by its other listing. Browsers hide files from handles by their names, such as
   * `x.lnk` and `desktop.ini`: without this, files that no one signed would not be seen.
   */
  addPaths(name: string, paths: readonly string[]): void {
    const known = this.#paths.get(name);
    if (known === undefined) this.#paths.set(name, [...paths]);
    else known.push(...paths);
  }

  /** The paths of a folder that are known by name alone. */
  unlisted(name: string): string[] {
    const files = this.folders.find((folder) => folder.name === name)?.files;
    return (this.#paths.get(name) ?? []).filter((path) => files?.has(path) !== true);
  }

  /** Adds a piece of a folder that the page lists; pieces of one name are one folder. */
  addFiles(name: string, given: readonly GivenFile[]): void {
    let folder = this.folders.find((other) => other.name === name);
    if (folder === undefined) {
      folder = { name, files: new Map() };
      this.folders.push(folder);
    }
    for (const { path, file } of given) folder.files.set(path, file);
    this.#tell(given.length);
  }

  /** Takes files that were given without a folder, each for what it is. */
  async addLoose(files: readonly File[]): Promise<void> {
    for (const file of files) {
      const kind = file.size <= MOST_BYTES || isSignatureName(file.name) ? await kindOf(file) : "other";
      if (kind === "bundle" || isSignatureName(file.name)) {
        this.signatures.unshift({ bundle: file, name: file.name });
      } else if (kind === "key") this.keys.unshift(await file.text());
      else if (kind === "certificate") this.certificates.unshift(await file.text());
      else if (kind === "trust-root") this.trustRoots.unshift(await file.text());
      else if (kind === "private-key" || (kind === "archive" && files.length === 1)) {
        this.refused = { kind, name: file.name };
      } else this.loose.set(file.name, file);
    }
    this.#tell(files.length);
  }

  #tell(count: number): void {
    this.#count += count;
    const now = performance.now();
    if (now - this.#toldAt < TOLD_EVERY_MS) return;
    this.#toldAt = now;
    this.#onCount(this.#count);
  }
}

/** The files of a folder that may be its signature, the likeliest first. */
export function candidatesIn(files: Iterable<readonly [string, File]>): Candidate[] {
  const found: { readonly path: string; readonly file: File }[] = [];
  for (const [path, file] of files) if (isSignatureName(path)) found.push({ path, file });
  return found
    .sort(
      (a, b) => depth(a.path) - depth(b.path) || rank(a.path) - rank(b.path) || (a.path < b.path ? -1 : 1),
    )
    .map(({ path, file }) => ({ bundle: file, name: path, path }));
}

function depth(path: string): number {
  return path.split("/").length;
}

function rank(path: string): number {
  return /(^|\/)model\.sig$/i.test(path) ? 0 : 1;
}
