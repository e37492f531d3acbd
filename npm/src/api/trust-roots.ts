import { translate } from "../core/errors.js";
import { loadTrustRoot, nameTrustRoot } from "../core/trust-root.js";
import { ready } from "../core/wasm.js";
import type { FetchedTrustRoot, TrustRootName, TrustRootSource } from "../types/index.js";

/** What is in a trust root. All strings but those on its origin are the file's own. */
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
  return Promise.all(NAMES.map((name) => readTrustRoot(name)));
}

/**
 * What is in a trust root. Throws a {@link VerifyError} for one that cannot be used.
 *
 * @example
 * import { readTrustRoot } from "modelseal";
 * const { logs } = await readTrustRoot("production");
 * console.log(logs.map(({ uri, validFrom }) => `${uri} since ${validFrom}`));
 */
export async function readTrustRoot(
  root: TrustRootName | TrustRootSource | FetchedTrustRoot,
): Promise<TrustRoot> {
  const [wasm, loaded] = await Promise.all([ready(), loadTrustRoot(root, "root")]);
  return JSON.parse(translate(() => wasm.describeTrustRoot(nameTrustRoot(wasm, loaded))));
}

const NAMES = ["production", "staging", "github"] as const satisfies TrustRootName[];
