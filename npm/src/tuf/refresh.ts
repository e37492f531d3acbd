import { Client, initSync } from "#wasm-tuf";
import { putGeneration, readGeneration, writeGeneration } from "./generation.js";

/** Where generations are kept: one value for a name. */
export interface TrustRootStore {
  get(name: string): Promise<string | null | undefined> | string | null | undefined;
  put(name: string, value: string): Promise<unknown> | unknown;
}

/** What {@link refreshTrustRoot} takes. */
export interface RefreshOptions {
  /** The instance: `production` is known; for another one, give its `startRoot` and `mirror`. */
  readonly name?: string;
  /** What fetches. By default the global `fetch`. */
  readonly fetch?: (address: string, init: { redirect: "error"; signal: AbortSignal }) => Promise<Response>;
  readonly store: TrustRootStore;
  /** The time of the refresh; now, if left out. */
  readonly time?: Date;
  /** The address of the mirror: https, or http on this machine. */
  readonly mirror?: string;
  /** The TUF root that is trusted: the file. */
  readonly startRoot?: Uint8Array;
}

/** A trust root that was refreshed. */
export interface RefreshedTrustRoot {
  /** `trusted_root.json`: what policies take as `trustRoot`. */
  readonly trustRoot: string;
  /** Whether it is another one than the one that was stored. */
  readonly updated: boolean;
  readonly rootVersion: number;
  readonly rootExpires: string;
  readonly targetsVersion: number;
}

/** Why a refresh was refused. `code` is stable and for programs. */
export class RefreshError extends Error {
  override readonly name = "RefreshError";
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const MIRROR = "https://tuf-repo-cdn.sigstore.dev";

/** How long all files may take. */
const TOTAL_MS = 300_000;

let source:
  | (() => Promise<BufferSource | WebAssembly.Module> | BufferSource | WebAssembly.Module)
  | undefined;
let loading: Promise<unknown> | undefined;

/** For the entry of each runtime: how the Wasm is found. */
export function provideTufWasm(from: NonNullable<typeof source>): void {
  source = from;
}

/** Loads the WebAssembly, once; a load that failed is tried again. */
async function load(): Promise<void> {
  loading ??= (async () => {
    if (source === undefined) throw new RefreshError("wasm-unavailable", "no WebAssembly to load");
    initSync({ module: await source() });
  })().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  await loading;
}

/**
 * Fetches a newer trust root from a TUF mirror, verifies it from the root that ships, and stores it. This is the one
 * function that asks a server.
 *
 * @example
 * import { refreshTrustRoot } from "modelseal/tuf";
 * const kept = new Map();
 * const store = { get: (name) => kept.get(name), put: (name, value) => kept.set(name, value) };
 * const { trustRoot } = await refreshTrustRoot({ store });
 */
export async function refreshTrustRoot(options: RefreshOptions): Promise<RefreshedTrustRoot> {
  const { name = "production", store, time = new Date(), startRoot } = options;
  const mirror = readMirror(options.mirror ?? (name === "production" ? MIRROR : undefined));
  if (name !== "production" && startRoot === undefined) {
    throw new RefreshError("usage-invalid", "another instance than production needs a startRoot");
  }
  if (Number.isNaN(time.getTime())) throw new RefreshError("usage-invalid", "time is not a time");
  await load();
  const complete = readGeneration((await store.get(name)) ?? undefined);
  const seen = readGeneration((await store.get(`${name}.seen`)) ?? undefined);
  const signal = AbortSignal.timeout(TOTAL_MS);
  const get = options.fetch ?? ((address, init) => fetch(address, init));
  const client = call(() => new Client(startRoot, Math.floor(time.getTime() / 1000)));
  const fetchedAt = `${time.toISOString().slice(0, 19)}Z`;
  try {
    putGeneration(client, seen ?? complete);
    call(() => client.begin());
    const stored = complete?.trustedRoot ?? undefined;
    await answerAll(client, stored, (path, limit) => fetchFile(get, `${mirror}/${path}`, limit, signal));
    const bytes = client.target();
    if (bytes === undefined) throw new RefreshError("tuf-order", "the refresh did not end");
    const trustRoot = new TextDecoder().decode(bytes);
    await store.put(name, writeGeneration(client, fetchedAt, bytes));
    if (seen !== undefined) await store.put(`${name}.seen`, "");
    return {
      trustRoot,
      updated: trustRoot !== stored,
      rootVersion: client.version("root") ?? 0,
      rootExpires: client.expires("root") ?? "",
      targetsVersion: client.version("targets") ?? 0,
    };
  } catch (error) {
    // What was verified before protects the next refresh from older files.
    await store.put(`${name}.seen`, writeGeneration(client, fetchedAt, undefined));
    throw error;
  } finally {
    client.free();
  }
}

/**
 * The stored trust root, verified again from the root that ships; `undefined` where nothing is stored. Whether it has
 * expired is not judged: see `rootExpires`.
 */
export async function storedTrustRoot(
  options: Pick<RefreshOptions, "name" | "store" | "startRoot">,
): Promise<(Omit<RefreshedTrustRoot, "updated"> & { readonly fetchedAt: string }) | undefined> {
  const { name = "production", store, startRoot } = options;
  const generation = readGeneration((await store.get(name)) ?? undefined);
  if (generation?.trustedRoot == null) return undefined;
  await load();
  const client = call(() => new Client(startRoot, 0));
  try {
    putGeneration(client, generation);
    call(() => client.stored());
    call(() => client.answer(new TextEncoder().encode(generation.trustedRoot ?? "")));
    const bytes = client.target();
    if (bytes === undefined) throw new RefreshError("tuf-order", "what is stored is not complete");
    return {
      trustRoot: new TextDecoder().decode(bytes),
      fetchedAt: generation.fetchedAt,
      rootVersion: client.version("root") ?? 0,
      rootExpires: client.expires("root") ?? "",
      targetsVersion: client.version("targets") ?? 0,
    };
  } finally {
    client.free();
  }
}

/** Asks for all that the client wants, one after the other. */
async function answerAll(
  client: Client,
  stored: string | undefined,
  fetchPath: (path: string, limit: number) => Promise<Uint8Array | undefined>,
): Promise<void> {
  const storedBytes = stored === undefined ? undefined : new TextEncoder().encode(stored);
  for (let wanted = client.wanted(); wanted !== undefined; wanted = client.wanted()) {
    const [place, path = "", limit] = wanted.split(" ");
    const isStored = place === "targets" && storedBytes !== undefined && client.is(storedBytes);
    const below = place === "targets" ? `targets/${path}` : path;
    const bytes = isStored ? storedBytes : await fetchPath(below, Number(limit));
    call(() => client.answer(bytes));
  }
}

/** Fetches a file, and no more of it than one byte over its limit. */
async function fetchFile(
  get: NonNullable<RefreshOptions["fetch"]>,
  address: string,
  limit: number,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const unreachable = (why: unknown) =>
    new RefreshError("mirror-unreachable", `cannot fetch ${address}`, { cause: why });
  const response = await get(address, { redirect: "error", signal }).catch((error: unknown) => {
    throw unreachable(error);
  });
  // Stores of objects say 403 for what they do not have.
  if (response.status === 403 || response.status === 404) return undefined;
  if (response.status !== 200 || response.body === null) throw unreachable(response.status);
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body.getReader();
  try {
    while (length <= limit) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      length += value.length;
    }
  } catch (error) {
    throw unreachable(error);
  } finally {
    reader.cancel().catch(() => {});
  }
  const bytes = new Uint8Array(Math.min(length, limit + 1));
  let at = 0;
  for (const part of parts) {
    const rest = part.subarray(0, bytes.length - at);
    bytes.set(rest, at);
    at += rest.length;
  }
  return bytes;
}

/** An https address, or an http one on this machine, without a slash at its end. */
function readMirror(address: string | undefined): string {
  const invalid = () =>
    new RefreshError("usage-invalid", "mirror is neither an https address nor an http one on loopback");
  if (address === undefined || !URL.canParse(address)) throw invalid();
  const url = new URL(address);
  const loopback = ["localhost", "[::1]"].includes(url.hostname) || /^127(\.\d+){3}$/.test(url.hostname);
  const secure = url.protocol === "https:" || (url.protocol === "http:" && loopback);
  if (!secure || url.search !== "" || url.hash !== "" || url.username !== "") throw invalid();
  return url.href.replace(/\/+$/, "");
}

/** What the Wasm throws is JSON. */
function call<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (typeof error !== "string") throw error;
    const { code, message } = JSON.parse(error) as { code: string; message: string };
    throw new RefreshError(code, message);
  }
}
