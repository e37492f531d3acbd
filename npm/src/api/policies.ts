// Policies made by functions: what is missing or lost is refused where the policy is written.
import { misuse } from "../core/errors.js";
import { ownJson } from "../core/own.js";
import type {
  CertificateOptions,
  CertificatePolicy,
  ExpectedIdentity,
  KeyPolicy,
  NonEmpty,
  PresetName,
  PresetPolicy,
  SigstorePolicy,
} from "../types/index.js";

/**
 * Expect the holder of this key, in PEM.
 *
 * @example
 * import { readFile } from "node:fs/promises";
 * import { byKey } from "modelseal";
 * const policy = byKey(await readFile("key.pem", "utf8"), { modelName: "example-model" });
 */
export function byKey(publicKey: string, options: Omit<KeyPolicy, "method" | "publicKey"> = {}): KeyPolicy {
  requireText(publicKey, "publicKey");
  return made({ method: "key", publicKey }, options);
}

/**
 * Expect a certificate that leads to one of these anchors, in PEM.
 *
 * @example
 * import { byAnchor } from "modelseal";
 * const policy = byAnchor(["-----BEGIN CERTIFICATE-----\n…"]);
 */
export function byAnchor(
  anchors: string | NonEmpty<string>,
  options: CertificateOptions = {},
): CertificatePolicy {
  const list = listOf<string>(anchors, "anchors");
  for (const [index, anchor] of list.entries()) requireText(anchor, `anchors[${index}]`);
  return made({ method: "certificate", anchors: list }, options);
}

/**
 * Expect one of these identities, by a keyless (Sigstore) signature.
 *
 * @example
 * import { byIdentity } from "modelseal";
 * const policy = byIdentity({ issuer: "https://accounts.google.com", identity: "publisher@example.com" });
 */
export function byIdentity(
  identities: ExpectedIdentity | NonEmpty<ExpectedIdentity>,
  options: Omit<SigstorePolicy, "method" | "identities"> = {},
): SigstorePolicy {
  const list = listOf<ExpectedIdentity>(identities, "identities");
  return made({ method: "sigstore", identities: list }, options);
}

/**
 * Expect the signer of a policy that ships with modelseal.
 *
 * @example
 * import { preset } from "modelseal";
 * const policy = preset("nvidia-agent-capabilities");
 */
export function preset(name: PresetName, options: Omit<PresetPolicy, "preset"> = {}): PresetPolicy {
  requireText(name, "name");
  return made({ preset: name }, options);
}

/** A copy that stays as it is. A trust root may be bytes, which JSON does not have. */
function made<P extends object>(base: object, options: object): P {
  if (typeof options !== "object" || options === null) throw misuse("options", "must be an object");
  const { trustRoot, ...rest } = { ...options, ...base } as Record<string, unknown>;
  const policy = JSON.parse(ownJson(rest, "policy")) as Record<string, unknown>;
  if (Object.hasOwn(options, "trustRoot")) {
    if (trustRoot === undefined || trustRoot === null)
      throw misuse("policy.trustRoot", `must not be ${trustRoot}`);
    policy["trustRoot"] = trustRoot;
  }
  return Object.freeze(policy) as P;
}

function listOf<T>(value: T | NonEmpty<T>, at: string): readonly T[] {
  const list = Array.isArray(value) ? Array.from(value as readonly T[]) : [value as T];
  if (list.length === 0) throw misuse(at, "must not be empty: it would accept no one");
  return list;
}

function requireText(value: unknown, at: string): void {
  if (typeof value !== "string" || value === "") throw misuse(at, "must be a string that is not empty");
}
