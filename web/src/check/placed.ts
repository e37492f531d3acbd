// Files under the paths that they have in the signed model, where they were given without them.
import type { Manifest } from "modelseal";
import { isSignatureName, kindOf, MOST_BYTES } from "../given/content.js";
import { lastPart } from "../given/place.js";
import type { Candidate } from "./case.js";
import { sha256Hex } from "./digest.js";

/** Files whose digests are computed only to find their place in the model. */
const MOST_MATCHED_BYTES = 64 * 1024 * 1024;

/** Signatures among the blobs of a cache: they have no names there. */
export async function signaturesAmong(
  files: ReadonlyMap<string, File>,
  signal: AbortSignal,
): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const [path, file] of files) {
    signal.throwIfAborted();
    if (path.startsWith("blobs/") && file.size <= MOST_BYTES && (await kindOf(file)) === "bundle") {
      found.push({ bundle: file, name: path, path });
    }
  }
  return found;
}

/** Blobs under the paths of the signed files that have their digests. The audit hashes them again. */
export async function matchBlobs(
  files: ReadonlyMap<string, File>,
  manifest: Manifest,
): Promise<Map<string, File>> {
  const blobs = new Map<string, File>();
  for (const [path, file] of files) {
    if (!path.startsWith("blobs/")) continue;
    const name = path.slice("blobs/".length);
    // Large files are named by their SHA-256, small ones by git's digest.
    if (/^[0-9a-f]{64}$/.test(name)) blobs.set(`sha256:${name}`, file);
    else if (file.size <= MOST_MATCHED_BYTES)
      blobs.set(`sha256:${await sha256Hex(await file.arrayBuffer())}`, file);
  }
  return placedByDigest(manifest, blobs);
}

function placedByDigest(manifest: Manifest, byDigest: ReadonlyMap<string, File>): Map<string, File> {
  const placed = new Map<string, File>();
  for (const { path, digest } of manifest.files) {
    const file = digest === undefined ? undefined : byDigest.get(digest);
    if (file !== undefined) placed.set(path, file);
  }
  return placed;
}

/**
 * Files that were given by themselves, or a folder of the model, under their paths in it: by their place, else by
 * the one signed file of that name, else by their digest.
 */
export async function matchLoose(
  files: ReadonlyMap<string, File>,
  manifest: Manifest,
  prefix: string,
): Promise<Map<string, File>> {
  const signed = new Set(manifest.files.map(({ path }) => path));
  const byName = new Map<string, string[]>();
  for (const path of signed) byName.set(lastPart(path), [...(byName.get(lastPart(path)) ?? []), path]);
  const byDigest = new Map(manifest.files.map(({ path, digest }) => [digest, path]));
  const placed = new Map<string, File>();
  for (const [path, file] of files) {
    const at = prefix + path;
    const [named, ...others] = byName.get(lastPart(path)) ?? [];
    if (signed.has(at)) placed.set(at, file);
    else if (prefix === "" && named !== undefined && others.length === 0) placed.set(named, file);
    else if (isSignatureName(path)) continue;
    else if (file.size <= MOST_MATCHED_BYTES) {
      const found = byDigest.get(`sha256:${await sha256Hex(await file.arrayBuffer())}`);
      placed.set(found ?? path, file);
    } else placed.set(path, file);
  }
  return placed;
}
