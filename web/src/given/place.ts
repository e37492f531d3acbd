// Where what was given stands in the signed model: at its root, above it, below it, or beside any path.

/** The name that a path ends with. */
export function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** What was given, seen from the signed model. */
export type Place =
  | { readonly at: "root" }
  /** The model lies in a folder below what was given. */
  | { readonly at: "above"; readonly folder: string }
  /** What was given is a folder of the model. */
  | { readonly at: "below"; readonly folder: string }
  /** It has nothing in common with the model's paths. */
  | { readonly at: "nowhere" };

/** Compares paths alone: what the files are is for the digests to say. */
export function placeOf(given: ReadonlySet<string>, signed: readonly string[]): Place {
  if (signed.length === 0) return { at: "root" };
  const atRoot = signed.filter((path) => given.has(path)).length;
  const above = bestPrefix(signed, given);
  if (above !== undefined && above.hits > atRoot) return { at: "above", folder: above.prefix };
  if (atRoot > 0) return { at: "root" };
  const below = bestPrefix([...given], new Set(signed));
  if (below !== undefined) return { at: "below", folder: below.prefix };
  return { at: "nowhere" };
}

/** Paths tried as the one that shows the prefix. The first need not be there. */
const TRIES = 8;

/** The folder under which the most of `paths` are found in `among`. */
function bestPrefix(
  paths: readonly string[],
  among: ReadonlySet<string>,
): { readonly prefix: string; readonly hits: number } | undefined {
  // Long paths are found in few places.
  const tried = [...paths].sort((a, b) => b.length - a.length).slice(0, TRIES);
  const prefixes = new Set<string>();
  for (const path of tried) {
    for (const other of among) {
      if (other.endsWith(`/${path}`)) prefixes.add(other.slice(0, -path.length - 1));
      if (prefixes.size >= TRIES) break;
    }
  }
  let best: { prefix: string; hits: number } | undefined;
  for (const prefix of prefixes) {
    const hits = paths.filter((path) => among.has(`${prefix}/${path}`)).length;
    if (best === undefined || hits > best.hits) best = { prefix, hits };
  }
  return best;
}

/** A commit, or what stands for one, as the cache of Hugging Face's tools names its snapshots. */
const COMMIT = /^[0-9a-f]{40}$/;

const CACHE_NAME = /^(models|datasets|spaces|kernels)--.+--.+$/;

/** Whether a folder is a repository of the Hugging Face cache: blobs under their digests, and links to them. */
export function isHubCache(name: string, given: Iterable<string>): boolean {
  if (!CACHE_NAME.test(name)) return false;
  for (const path of given) if (path.startsWith("blobs/")) return true;
  return false;
}

/** Whether an empty-looking folder is a snapshot of that cache, whose links a browser shows to no page. */
export function isSnapshot(name: string): boolean {
  return COMMIT.test(name) || name === "snapshots" || CACHE_NAME.test(name);
}

/** A name that many models have: nothing is remembered under it. */
export function isGenericName(name: string): boolean {
  return ["", ".", "model", "main", "files"].includes(name.toLowerCase()) || COMMIT.test(name);
}
