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
export type LoadedTrustRoot = Uint8Array | string;

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
  if (isThenable(root)) throw misuse(at, "is a promise: wait for it with await");
  if (typeof root !== "object" || root === null) throw misuse(at, "must be a name or a file of a trust root");
  return encoded(ownJson(root, at));
}

/** The name by which a policy that is read next can name it. */
export function nameTrustRoot(wasm: Wasm, loaded: LoadedTrustRoot): string {
  return typeof loaded === "string" ? loaded : translate(() => wasm.addTrustRoot(loaded));
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
