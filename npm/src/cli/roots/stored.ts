// Which trust root counts: the one that ships, or a newer one that was fetched.
import { readTrustRoot } from "../../api/trust-roots.js";
import { escapeText } from "../../core/escape.js";
import { findInstance, type StoredTrustRoot, storedTrustRoot } from "../../tuf/node.js";
import type { FetchedTrustRoot, TrustRootName } from "../../types/index.js";
import { reason } from "../failure.js";
import { FolderStore } from "./store.js";

/** The trust root of a bundled name. What is stored is verified each time; what cannot be verified is said. */
export async function chooseTrustRoot(
  name: TrustRootName,
  store = FolderStore.find(),
): Promise<TrustRootName | FetchedTrustRoot> {
  const stored = store === undefined ? undefined : await verified(name, store);
  if (stored === undefined) return name;
  // Of the two, the one with the higher version of targets; of the same file, the bundled one, which has a name.
  if (stored.targetsVersion < (findInstance(name)?.bundledTargets ?? 0)) return name;
  const [bundled, fetched] = await Promise.all([readTrustRoot(name), readTrustRoot(stored)]);
  if (bundled.sha256 === fetched.sha256) return name;
  if (Date.parse(stored.rootExpires) <= Date.now()) {
    warn(
      `the trust root \`${name}\`, fetched at ${stored.fetchedAt}, is of a TUF root that expired at ` +
        `${stored.rootExpires}: \`modelseal roots update ${name}\``,
    );
  }
  return stored;
}

async function verified(name: string, store: FolderStore): Promise<StoredTrustRoot | undefined> {
  try {
    // Its Wasm is loaded only where something is stored.
    if ((await store.get(name)) === undefined) return undefined;
    return await storedTrustRoot({ name, store });
  } catch (error) {
    warn(`the stored trust root \`${name}\` is not used: ${reason(error)}; the bundled one counts`);
    return undefined;
  }
}

function warn(text: string): void {
  process.stderr.write(`warning: ${escapeText(text)}\n`);
}
