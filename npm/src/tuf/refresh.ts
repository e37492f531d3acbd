import { readTrustRoot } from "../api/trust-roots.js";
import { VerifyError } from "../core/errors.js";
import type { FetchedTrustRoot } from "../types/index.js";
import { answerAll, type Client, call, createClient, RefreshError } from "./client.js";
import { putGeneration, readGeneration, writeGeneration } from "./generation.js";
import { findInstance, INSTANCE_NAMES } from "./instances.js";
import { type Fetch, fromMirror, readMirror } from "./mirror.js";

/** Where generations are kept: one value for a name. What it returns is verified each time; it needs no protection. */
export interface TrustRootStore {
  get(name: string): Promise<string | null | undefined> | string | null | undefined;
  /** An empty value says that there is nothing to keep. */
  put(name: string, value: string): Promise<unknown> | unknown;
}

/** What {@link refreshTrustRoot} takes. */
export interface RefreshOptions {
  /** `production` (the default), `staging` or `github`; for another one, give its `startRoot` and `mirror`. */
  readonly name?: string;
  /** What fetches. By default the global `fetch`. */
  readonly fetch?: Fetch;
  readonly store: TrustRootStore;
  /** The time of the refresh; now, if left out. */
  readonly time?: Date;
  /** The address of the mirror: https, or http on this machine. */
  readonly mirror?: string;
  /** The TUF root to begin at, in place of the one that ships. */
  readonly startRoot?: Uint8Array;
}

/** A trust root that is verified: a policy takes it as its `trustRoot`. */
export interface RefreshedTrustRoot extends FetchedTrustRoot {
  /** Whether it is another one than the one that was stored. */
  readonly updated: boolean;
  readonly targetsVersion: number;
  readonly targetsExpires: string;
}

/** A trust root that was fetched earlier. When it was fetched is the store's claim. */
export type StoredTrustRoot = Omit<RefreshedTrustRoot, "updated">;

/** The target file that is a trust root. */
const TRUSTED_ROOT = "trusted_root.json";

const utf8 = new TextEncoder();

/**
 * Fetches a newer trust root from a TUF mirror, verifies it from the root that ships, and stores it. This is the one
 * function that asks a server. Throws a {@link RefreshError}: `mirror-unreachable` where nothing could be fetched.
 *
 * @example
 * import { byIdentity } from "modelseal";
 * import { refreshTrustRoot, type TrustRootStore } from "modelseal/tuf";
 * const stored = new Map<string, string>();
 * const store: TrustRootStore = {
 *   get: (name) => stored.get(name),
 *   put: (name, value) => void stored.set(name, value),
 * };
 * const trustRoot = await refreshTrustRoot({ store }).catch((error) => {
 *   if (error.code !== "mirror-unreachable") throw error;
 *   return "production" as const; // the one that ships
 * });
 * const policy = byIdentity({ issuer: "https://a.example", identity: "b@c.example" }, { trustRoot });
 */
export async function refreshTrustRoot(options: RefreshOptions): Promise<RefreshedTrustRoot> {
  const { name = "production", store, time = new Date() } = options;
  if (Number.isNaN(time.getTime())) throw new RefreshError("usage-invalid", "time is not a valid date");
  const address = options.mirror ?? findInstance(name)?.mirror;
  if (address === undefined) throw new RefreshError("usage-invalid", `${name} needs a mirror`);
  const mirror = fromMirror(options.fetch ?? ((address, init) => fetch(address, init)), readMirror(address));
  const client = await createClient(await startRootOf(options), time);
  const fetchedAt = `${time.toISOString().slice(0, 19)}Z`;
  let began = false;
  try {
    const complete = readGeneration((await store.get(name)) ?? undefined);
    const seen = readGeneration((await store.get(`${name}.seen`)) ?? undefined);
    putGeneration(client, seen ?? complete);
    call(() => client.begin());
    began = true;
    await answerAll(client, mirror);
    call(() => client.search(TRUSTED_ROOT));
    const stored = complete?.trustedRoot ?? undefined;
    const storedBytes = stored === undefined ? undefined : utf8.encode(stored);
    await answerAll(client, async (file) => {
      const isStored = storedBytes !== undefined && file.place === "targets" && client.is(storedBytes);
      return isStored ? storedBytes : mirror(file);
    });
    const found = await verified(client, fetchedAt);
    await store.put(name, writeGeneration(client, fetchedAt, utf8.encode(found.trustRoot)));
    if (seen !== undefined) await store.put(`${name}.seen`, "");
    return { ...found, updated: found.trustRoot !== stored };
  } catch (error) {
    // What was verified before protects the next refresh from older files. That it cannot be kept is not a second error.
    const keep = async () => store.put(`${name}.seen`, writeGeneration(client, fetchedAt, undefined));
    if (began) await keep().catch(() => {});
    throw error;
  } finally {
    client.free();
  }
}

/**
 * The stored trust root, verified again from the root that ships; `undefined` where nothing is stored. Whether it has
 * expired is not judged: see `rootExpires`. Throws a {@link RefreshError} for what is stored and does not verify.
 *
 * @example
 * import { storedTrustRoot, type TrustRootStore } from "modelseal/tuf";
 * const store: TrustRootStore = { get: () => undefined, put() {} };
 * const trustRoot = (await storedTrustRoot({ store })) ?? "production"; // the one that ships
 */
export async function storedTrustRoot(
  options: Pick<RefreshOptions, "name" | "store" | "startRoot">,
): Promise<StoredTrustRoot | undefined> {
  const { name = "production", store } = options;
  const text = (await store.get(name)) ?? "";
  if (text === "") return undefined;
  const generation = readGeneration(text);
  if (generation?.trustedRoot == null) {
    throw new RefreshError("store-unverified", "what is stored is not a generation of a trust root");
  }
  const client = await createClient(await startRootOf(options), new Date(0));
  try {
    putGeneration(client, generation);
    call(() => client.stored());
    call(() => client.search(TRUSTED_ROOT));
    const bytes = utf8.encode(generation.trustedRoot);
    await answerAll(client, async ({ place }) => (place === "targets" ? bytes : undefined));
    return await verified(client, generation.fetchedAt);
  } finally {
    client.free();
  }
}

/** What a client has verified, if it can be used. */
async function verified(client: Client, fetchedAt: string): Promise<StoredTrustRoot> {
  const bytes = client.target();
  const [rootExpires, targetsExpires] = [client.expires("root"), client.expires("targets")];
  const [rootVersion, targetsVersion] = [client.version("root"), client.version("targets")];
  if (
    bytes === undefined ||
    rootExpires === undefined ||
    targetsExpires === undefined ||
    rootVersion === undefined ||
    targetsVersion === undefined
  ) {
    throw new RefreshError("tuf-order", "the refresh did not end");
  }
  const contents = await readTrustRoot(bytes).catch((error: unknown) => {
    throw error instanceof VerifyError
      ? new RefreshError(error.code, error.message, { cause: error })
      : error;
  });
  if (contents.certificateAuthorities.length === 0) {
    throw new RefreshError("trust-root-unusable", "the fetched trust root names no authority");
  }
  const trustRoot = new TextDecoder().decode(bytes);
  return { trustRoot, fetchedAt, rootVersion, rootExpires, targetsVersion, targetsExpires };
}

async function startRootOf({ name = "production", startRoot }: Pick<RefreshOptions, "name" | "startRoot">) {
  if (startRoot !== undefined) return startRoot;
  const instance = findInstance(name);
  if (instance === undefined) {
    const names = INSTANCE_NAMES.join(", ");
    throw new RefreshError("trust-root-unknown", `\`${name}\` is not one of ${names}: it needs a startRoot`);
  }
  return utf8.encode((await instance.startRoot()).default);
}
