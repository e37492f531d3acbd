// Where links lead that are not the model's own, but of the place where it is stored.
import type { Stats } from "node:fs";
import { lstat, readlink, realpath } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import type { LinkTargets } from "../types/index.js";

/** A folder that links may lead to, each straight to a regular file. */
export interface Targets {
  readonly kind: LinkTargets;
  /** The regular file that a link leads to, if it leads straight into the folder. */
  find(link: string): Promise<{ readonly file: string; readonly stats: Stats } | undefined>;
}

/** Repositories in the cache of Hugging Face's tools are named `models--owner--name` and the like. */
const CACHED = /^(?:models|datasets|spaces)--./;

/** The caller's folder. */
export async function folderTargets(folder: string): Promise<Targets> {
  const root = await realpath(folder);
  const below = root.endsWith(sep) ? root : root + sep;
  return targets("folder", (parent) => parent === root || parent.startsWith(below));
}

/** The `blobs` beside the `snapshots` in which the model lies, if it does. `model` is absolute, without links. */
export async function cacheTargets(model: string): Promise<Targets | undefined> {
  for (let snapshot = model; dirname(snapshot) !== snapshot; snapshot = dirname(snapshot)) {
    const snapshots = dirname(snapshot);
    const repository = dirname(snapshots);
    if (basename(snapshots) !== "snapshots" || !CACHED.test(basename(repository))) continue;
    const blobs = join(repository, "blobs");
    const stats = await lstat(blobs).catch(() => undefined);
    // Blobs lie side by side.
    return stats?.isDirectory() ? targets("hugging-face-cache", (parent) => parent === blobs) : undefined;
  }
  return undefined;
}

function targets(kind: LinkTargets, holds: (parent: string) => boolean): Targets {
  return {
    kind,
    async find(link) {
      try {
        const target = resolve(dirname(link), await readlink(link));
        // As the system resolves it, for that is what programs will load. The file itself is not a further link.
        const parent = await realpath(dirname(target));
        const file = join(parent, basename(target));
        const stats = holds(parent) ? await lstat(file) : undefined;
        return stats?.isFile() ? { file, stats } : undefined;
      } catch {
        return undefined;
      }
    },
  };
}
