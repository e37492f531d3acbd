import { misuse, translate } from "./errors.js";
import { isThenable, ownJson } from "./own.js";
import { asBytes, copyOf, isBlob, isBytes } from "./sources.js";
import type { Wasm } from "./wasm.js";

/** As modules, which every bundler and runtime can load. */
const FILES = new Map<unknown, () => Promise<{ readonly default: string }>>([
  ["staging", () => import("#roots/staging")],
  ["github", () => import("#roots/github")],
]);

/** A trust root's bytes, or its name where the core has it. */
export type LoadedTrustRoot = Uint8Array | string | Fetched;

/** A trust root that was fetched. Times are in seconds. */
interface Fetched {
  readonly bytes: Uint8Array;
  readonly fetchedAt: number;
  /** Of the TUF root. */
  readonly rootVersion: number;
  readonly rootExpires: number;
}

/**
 * Loads a trust root that stands at this place of the call. What can be changed is copied at once; whether a
 * name is one, and a file a trust root, is for the core to say.
 */
export async function loadTrustRoot(root: unknown, at: string): Promise<LoadedTrustRoot> {
  const file = FILES.get(root);
  if (file !== undefined) return encoded((await file()).default);
  if (typeof root === "string") return /^\s*\{/.test(root) ? encoded(root) : root;
  if (isBytes(root)) return copyOf(asBytes(root));
  if (isBlob(root)) return new Uint8Array(await root.arrayBuffer());
  if (typeof root === "object" && root !== null && Object.hasOwn(root, "trustRoot")) return fetched(root, at);
  if (isThenable(root)) throw misuse(at, "is a promise: wait for it with await");
  if (typeof root !== "object" || root === null) throw misuse(at, "must be a name or a file of a trust root");
  return encoded(ownJson(root, at));
}

/** The name by which a policy that is read next can name it. */
export function nameTrustRoot(wasm: Wasm, loaded: LoadedTrustRoot): string {
  if (typeof loaded === "string") return loaded;
  if (loaded instanceof Uint8Array) return translate(() => wasm.addTrustRoot(loaded, 0, 0, 0));
  const { bytes, fetchedAt, rootVersion, rootExpires } = loaded;
  return translate(() => wasm.addTrustRoot(bytes, fetchedAt, rootVersion, rootExpires));
}

/** Reads what `refreshTrustRoot` and `storedTrustRoot` return. */
function fetched(root: object, at: string): Fetched {
  const member = (name: string): unknown =>
    Object.hasOwn(root, name) ? (root as Readonly<Record<string, unknown>>)[name] : undefined;
  const seconds = (name: string) => {
    const value = member(name);
    const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
    if (!(time >= 1000)) throw misuse(`${at}.${name}`, "must be a time (RFC 3339)");
    return Math.floor(time / 1000);
  };
  const [json, version] = [member("trustRoot"), member("rootVersion")];
  if (typeof json !== "string") throw misuse(`${at}.trustRoot`, "must be a string");
  if (!Number.isSafeInteger(version)) throw misuse(`${at}.rootVersion`, "must be a whole number");
  return {
    bytes: encoded(json),
    fetchedAt: seconds("fetchedAt"),
    rootVersion: Number(version),
    rootExpires: seconds("rootExpires"),
  };
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
