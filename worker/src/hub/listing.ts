// The signed files as a hub lists them.
import { absent } from "../answers/problem.js";
import { findCopy } from "../files/copy.js";
import { sizeOf } from "../files/origin-file.js";
import type { Gateway } from "../gateway.js";
import { sha256Hex } from "../models/digest.js";
import type { Model } from "../models/model.js";

/** An entry of a hub's tree. `lfs.oid` is the SHA-256 that `hf cache verify` compares each file with. */
export type TreeEntry =
  | { readonly type: "directory"; readonly path: string; readonly oid: string; readonly size: 0 }
  | {
      readonly type: "file";
      readonly path: string;
      readonly oid: string;
      readonly size: number;
      readonly lfs?: { readonly oid: string; readonly size: number; readonly pointerSize: number };
    };

/** How many origins' answers about sizes are waited for at a time. */
const SIZES_AT_A_TIME = 5;

/** All files of a model: those that are signed, and the bundle. */
export async function listFiles(gateway: Gateway, model: Model): Promise<TreeEntry[]> {
  const paths = [...model.paths];
  const entries: TreeEntry[] = [];
  const work = async () => {
    for (let path = paths.pop(); path !== undefined; path = paths.pop()) {
      entries.push(await entryOf(gateway, model, path));
    }
  };
  await Promise.all(Array.from({ length: SIZES_AT_A_TIME }, work));
  const sha256 = await sha256Hex(model.bundle);
  if (!model.signed.has(model.entry.bundle)) {
    entries.push(fileEntry(model.entry.bundle, model.bundle.byteLength, sha256, sha256.slice(0, 40)));
  }
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function entryOf(gateway: Gateway, model: Model, path: string): Promise<TreeEntry> {
  const file = await model.file(path);
  if (file === undefined)
    throw absent("EntryNotFound", "file-not-signed", "The signature does not cover this file.");
  if (file.sha256 !== undefined)
    return fileEntry(path, (await sizeOf(gateway, model, file)) ?? 0, file.sha256, file.id);
  // Signed otherwise, it is named by a SHA-256 once that is known from a verified copy.
  const copy = await findCopy(gateway, file);
  const size = copy?.size ?? (await sizeOf(gateway, model, file)) ?? 0;
  return fileEntry(path, size, copy?.sha256, file.id);
}

function fileEntry(path: string, size: number, sha256: string | undefined, oid: string): TreeEntry {
  const lfs = sha256 === undefined ? {} : { lfs: { oid: sha256, size, pointerSize: pointerSize(size) } };
  return { type: "file", path, oid, size, ...lfs };
}

/** The length of the pointer that git has in place of the file (git-lfs `docs/spec.md`). */
function pointerSize(size: number): number {
  const lines = [
    "version https://git-lfs.github.com/spec/v1",
    `oid sha256:${"0".repeat(64)}`,
    `size ${size}`,
    "",
  ];
  return lines.join("\n").length;
}

/** The folders that files lie in, in a hub's form. */
export async function foldersOf(files: readonly TreeEntry[]): Promise<TreeEntry[]> {
  const folders = new Set<string>();
  for (const { path } of files) {
    for (let end = path.indexOf("/"); end >= 0; end = path.indexOf("/", end + 1))
      folders.add(path.slice(0, end));
  }
  return Promise.all(
    [...folders].map(
      async (path): Promise<TreeEntry> => ({
        type: "directory",
        path,
        oid: (await sha256Hex(path)).slice(0, 40),
        size: 0,
      }),
    ),
  );
}

/** What lies in a folder: directly, or at any depth. One page: a relative or a second one loses files in some clients. */
export async function tree(
  gateway: Gateway,
  model: Model,
  folder: string,
  recursive: boolean,
): Promise<TreeEntry[]> {
  const files = await listFiles(gateway, model);
  const all = [...(await foldersOf(files)), ...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const start = folder === "" ? "" : `${folder}/`;
  const inside = all.filter(
    ({ path }) => path.startsWith(start) && (recursive || !path.slice(start.length).includes("/")),
  );
  if (folder !== "" && inside.length === 0) {
    throw absent("EntryNotFound", "folder-unknown", "There is no such folder.");
  }
  return inside;
}
