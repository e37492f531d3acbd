import { asBytes, isBytes } from "./bytes.js";
import { misuse, translate } from "./errors.js";
import type { Policy, ReportOnlyPolicy, TrustRootName, TrustRootSource } from "./policies.js";
import { ready } from "./wasm.js";

type Glue = Awaited<ReturnType<typeof ready>>;

/** What is in a trust root. All texts but those on its origin are the file's own. */
export interface TrustRoot {
  /** The name, the package of origin and the date of a root that ships with modelseal. */
  readonly name: TrustRootName | null;
  readonly source: string | null;
  readonly date: string | null;
  /** SHA-256 of the file. */
  readonly sha256: string;
  readonly certificateAuthorities: readonly TrustedAuthority[];
  readonly timestampAuthorities: readonly TrustedAuthority[];
  /** Transparency logs. */
  readonly logs: readonly TrustedLog[];
  /** Logs of certificates. */
  readonly certificateLogs: readonly TrustedLog[];
  /** What does not count, as its key is of a kind that is not known. */
  readonly ignored: readonly { readonly list: string; readonly uri: string; readonly reason: string }[];
}

/** An authority, and the time for which it counts (RFC 3339). */
export interface TrustedAuthority {
  readonly uri: string;
  readonly subject: string;
  /** SHA-256 of the DER of each certificate. */
  readonly certificates: readonly string[];
  readonly validFrom: string;
  readonly validUntil: string | null;
}

/** A log, and the time for which it counts (RFC 3339). */
export interface TrustedLog {
  readonly uri: string;
  readonly id: string;
  readonly algorithm: string;
  readonly validFrom: string;
  readonly validUntil: string | null;
}

/**
 * The trust roots that ship with modelseal: where each comes from, its date, its authorities and its logs.
 *
 * @example
 * import { trustRoots } from "modelseal";
 * for (const { name, date, sha256 } of await trustRoots()) console.log(name, date, sha256);
 */
export async function trustRoots(): Promise<readonly TrustRoot[]> {
  return Promise.all(NAMES.map(readTrustRoot));
}

/**
 * What is in a trust root. Throws a {@link VerifyError} for one that cannot be used.
 *
 * @example
 * import { readTrustRoot } from "modelseal";
 * const { logs } = await readTrustRoot("production");
 * console.log(logs.map(({ uri, validFrom }) => `${uri} since ${validFrom}`));
 */
export async function readTrustRoot(root: TrustRootName | TrustRootSource): Promise<TrustRoot> {
  const [glue, loaded] = await Promise.all([ready(), load(root)]);
  return JSON.parse(translate(() => glue.describeTrustRoot(named(glue, loaded) as string)));
}

/**
 * Makes a policy ready for the Wasm: what was loaded is named in it. The text that the function gives has to
 * be used before another one is asked for.
 */
export async function preparePolicy(policy: Policy | ReportOnlyPolicy): Promise<(glue: Glue) => string> {
  const { trustRoot, ...rest } = Object(policy) as { trustRoot?: unknown };
  // Written down at once: what the caller changes later does not count.
  const text = JSON.stringify(typeof policy === "object" && policy !== null ? rest : policy);
  if (text === undefined) throw new TypeError("policy must be an object");
  if (trustRoot === undefined) return () => text;
  const loaded = await load(trustRoot);
  return (glue) => JSON.stringify({ ...JSON.parse(text), trustRoot: named(glue, loaded) });
}

const NAMES = ["production", "staging", "github"] as const satisfies TrustRootName[];

/** As modules, which every bundler and runtime can load. */
const FILES = new Map<unknown, () => Promise<{ readonly default: string }>>([
  ["staging", () => import("#roots/staging")],
  ["github", () => import("#roots/github")],
]);

/** The bytes of a root, or what is left to the core: a name, or what is nothing of the kind. */
async function load(root: unknown): Promise<unknown> {
  const file = FILES.get(root);
  if (file !== undefined) return encoded((await file()).default);
  if (typeof root === "string") return /^\s*\{/.test(root) ? encoded(root) : root;
  if (isBytes(root)) return asBytes(root);
  if (root instanceof Blob) return new Uint8Array(await root.arrayBuffer());
  if (typeof root !== "object" || root === null) throw misuse("the trust root is neither a name nor a file");
  return encoded(JSON.stringify(root));
}

/** The name by which a policy can name what was loaded. */
function named(glue: Glue, loaded: unknown): unknown {
  return loaded instanceof Uint8Array ? translate(() => glue.addTrustRoot(loaded)) : loaded;
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
