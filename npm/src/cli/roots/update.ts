// `modelseal roots update` and `modelseal roots reset`: the only command that asks a server.
import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { readTrustRoot } from "../../api/trust-roots.js";
import { escapeText } from "../../core/escape.js";
import {
  INSTANCE_NAMES,
  type RefreshedTrustRoot,
  type RefreshOptions,
  refreshTrustRoot,
} from "../../tuf/node.js";
import type { TrustRootName } from "../../types/index.js";
import type { UpdateCommand } from "../args.js";
import { Failure, quoted } from "../failure.js";
import { differenceLines } from "./difference.js";
import { FolderStore } from "./store.js";
import { chooseTrustRoot } from "./stored.js";

/** Refreshes a trust root, and returns what is to be said of it. */
export async function updateRoots(command: UpdateCommand): Promise<string> {
  const { check } = command;
  const name = nameOf(command.root);
  const store = FolderStore.find();
  if (store === undefined && !check) throw noFolder();
  const run = async () => {
    const before = await readTrustRoot(await chooseTrustRoot(name, store));
    const refreshed = await refreshTrustRoot({
      name,
      // A check writes nothing, and so waits for no one.
      store: check
        ? { get: async (name) => store?.get(name).catch(() => undefined), put: () => {} }
        : readable(store),
      ...(await sourceOf(command)),
    });
    const now = await readTrustRoot(refreshed);
    const changed = before.sha256 !== now.sha256;
    const state = changed ? (check ? "an update is there" : "updated") : "current";
    return page(name, state, refreshed, differenceLines(before, now), check ? undefined : store);
  };
  return check || store === undefined ? run() : store.locked(run);
}

/** Forgets what was fetched, and returns what is to be said of it. */
export async function resetRoots(root: string | undefined): Promise<string> {
  const names = root === undefined ? INSTANCE_NAMES : [nameOf(root)];
  const store = FolderStore.find();
  if (store === undefined) throw noFolder();
  const isThere = await stat(store.folder).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  // Where nothing was stored, nothing is made.
  if (isThere) {
    await store.locked(async () => {
      for (const name of names) await store.forget(name);
    });
  }
  return `the bundled trust roots count again: ${names.join(", ")}\n`;
}

function page(
  name: string,
  state: string,
  refreshed: RefreshedTrustRoot,
  lines: readonly string[],
  written: FolderStore | undefined,
): string {
  const { rootVersion, rootExpires, targetsVersion, targetsExpires } = refreshed;
  return [
    `${name}: ${state}`,
    `  root ${rootVersion}, expires ${rootExpires}`,
    `  targets ${targetsVersion}, expires ${targetsExpires}`,
    ...lines.map((line) => `  ${escapeText(line)}`),
    ...(written === undefined ? [] : [`  stored in ${quoted(written.folder)}`]),
    "",
  ].join("\n");
}

/** A store of which what cannot be read counts as nothing: the refresh begins at the root that ships. */
function readable(store: FolderStore | undefined): RefreshOptions["store"] {
  if (store === undefined) throw noFolder();
  return {
    get: (name) => store.get(name).catch(() => undefined),
    put: (name, value) => store.put(name, value),
  };
}

/** Where files come from: a mirror on the web, or a folder with the layout of one. */
async function sourceOf({
  mirror,
  offline,
}: UpdateCommand): Promise<Pick<RefreshOptions, "fetch" | "mirror">> {
  if (offline === undefined) return mirror === undefined ? {} : { mirror };
  const isFolder = await stat(offline).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new Failure("mirror-unreachable", `${quoted(offline)} is not a folder`);
  // The address is only a name here: no request is made.
  const base = "http://localhost/";
  return {
    mirror: base,
    fetch: async (address) => {
      const path = join(offline, decodeURIComponent(new URL(address).pathname));
      const bytes = await open(path).then(
        async (file) => file.readFile().finally(() => file.close()),
        (error: NodeJS.ErrnoException) => {
          if (error.code === "ENOENT") return undefined;
          throw error;
        },
      );
      return new Response(bytes ?? null, { status: bytes === undefined ? 404 : 200 });
    },
  };
}

function nameOf(root: string): TrustRootName {
  if (INSTANCE_NAMES.includes(root)) return root as TrustRootName;
  throw new Failure("trust-root-unknown", `\`${root}\` is not one of ${INSTANCE_NAMES.join(", ")}`);
}

function noFolder(): Failure {
  return new Failure(
    "store-missing",
    "there is no folder to store trust roots in: set MODELSEAL_STORE to one",
  );
}
