// What systems and tools leave in folders of downloads. The list has whole names and no file extensions, so that
// no one can hide a file of a model behind one.
import { lastPart } from "./place.js";

/** Files by their names, in any folder. `._x` is what macOS writes beside `x` on foreign disks. */
const NAMES: ReadonlySet<string> = new Set([".DS_Store", "Thumbs.db", "desktop.ini"]);

/** Where `hf download --local-dir` notes what it has. */
const FOLDER = ".cache/huggingface";

/**
 * The paths to set aside: leftovers that are there and that the signature does not cover. `signed` tells whether it
 * covers a path.
 */
export function leftovers(paths: Iterable<string>, signed: ReadonlySet<string>): string[] {
  const found = new Set<string>();
  for (const path of paths) {
    if (signed.has(path)) continue;
    if (path.startsWith(`${FOLDER}/`)) found.add(FOLDER);
    else {
      const name = lastPart(path);
      if (NAMES.has(name) || name.startsWith("._")) found.add(path);
    }
  }
  if (found.has(FOLDER) && [...signed].some((path) => path.startsWith(`${FOLDER}/`))) found.delete(FOLDER);
  return [...found].sort();
}
