// The signer that a signature leads to. Nothing was asked yet: what the page knows is tried, and what fits is used.
import {
  type ArtifactVerdict,
  type Claims,
  inspect,
  type Manifest,
  openBundle,
  type Policy,
  type ReportOnlyPolicy,
  type TrustRootName,
  type Verdict,
  VerifyError,
} from "modelseal";
import { type Expectation, KNOWN_SIGNERS, type KnownSigner, kindOfModel } from "../signers/known.js";
import { hasSigned, policyOf, type Remembered } from "../signers/remembered.js";
import type { Signer } from "./answer.js";
import { sha256Hex } from "./digest.js";
import { pemCertificates } from "./pem.js";
import type { Wishes } from "./protocol.js";

/** What the check goes by. */
export interface Lead {
  readonly policy: Policy | ReportOnlyPolicy;
  /** `undefined` where the signer is only reported. */
  readonly expectation?: Expectation;
  readonly known?: KnownSigner;
  readonly remembered?: Remembered;
  /** What the signature says of the model; `undefined` where it is not accepted. */
  readonly manifest?: Manifest;
  /** The person is to be asked before this signer counts. */
  readonly ask: boolean;
}

/** What a bundle claims, and what is tried with it. */
export interface Attempt {
  readonly bundle: Uint8Array;
  readonly claims: Claims;
  readonly wishes: Wishes;
  /** Keys and authorities that were handed in, in PEM. */
  readonly keys: readonly string[];
  readonly certificates: readonly string[];
}

/** Reads what a bundle claims. Throws a {@link VerifyError} where it is none. */
export async function claimsOf(bundle: Uint8Array): Promise<Claims> {
  return (await inspect(bundle)).claimed;
}

/** Finds what the check goes by: the person's expectation, what was handed in, what is remembered, what is built in. */
export async function findLead(attempt: Attempt): Promise<Lead> {
  const { claims, wishes } = attempt;
  if (wishes.expectation !== undefined) {
    const { expectation } = wishes;
    const policy = withTrustRoot(expectation.policy, wishes);
    const manifest = await accepted(attempt, policy);
    return { policy, expectation, ask: false, ...(manifest && { manifest }) };
  }
  for (const policy of handedIn(attempt)) {
    const manifest = await accepted(attempt, policy);
    if (manifest !== undefined) return { policy, expectation: { policy, by: "given" }, ask: false, manifest };
  }
  const report: ReportOnlyPolicy = withTrustRoot({ reportOnly: true }, wishes);
  const reported = claims.method === "sigstore" ? await accepted(attempt, report) : undefined;
  const name = nameIn(claims);
  for (const signer of wishes.remembered) {
    if (signer.method !== claims.method || !(signer.model === null || signer.model === name)) continue;
    if (reported !== undefined && !hasSigned(signer, reported.signature)) continue;
    const policy = withTrustRoot(policyOf(signer), wishes);
    const manifest = await accepted(attempt, policy);
    if (manifest === undefined || !hasSigned(signer, manifest.signature)) continue;
    const expectation = { policy, by: "remembered", since: signer.since } as const;
    return { policy, expectation, remembered: signer, ask: false, manifest };
  }
  for (const known of KNOWN_SIGNERS) {
    if (known.method !== claims.method) continue;
    const policy = withTrustRoot({ preset: known.preset }, wishes);
    const manifest = await accepted(attempt, policy);
    if (manifest === undefined) continue;
    const ask = kindOfModel(manifest.files.map(({ path }) => path)) !== known.kind;
    return { policy, expectation: { policy, by: "preset" }, known, ask, manifest };
  }
  if (reported !== undefined) return { policy: report, ask: true, manifest: reported };
  // Whether a key or an authority would be needed, or the signature is broken, a report tells.
  return { policy: report, ask: false };
}

/** The signed name that a bundle claims. */
export function nameIn(claims: Claims): string {
  return claims.statement?.model.name ?? "";
}

/** Policies by the keys and authorities that were handed in. */
function handedIn({ claims, keys, certificates, wishes }: Attempt): Policy[] {
  switch (claims.method) {
    case "key":
      return keys.map((publicKey) => withTrustRoot({ method: "key", publicKey }, wishes));
    case "certificate":
      return certificates.length === 0
        ? []
        : [withTrustRoot({ method: "certificate", anchors: certificates.flatMap(pemCertificates) }, wishes)];
    case "sigstore":
      return [];
  }
}

/** The policy with the trust root that the person chose, or Sigstore's: signatures by keys can be logged as well. */
export function withTrustRoot<P extends Policy | ReportOnlyPolicy>(policy: P, { trustRoot }: Wishes): P {
  return { ...policy, trustRoot: (trustRoot ?? "production") as TrustRootName };
}

/** The manifest, where a policy accepts the signature. Other mistakes, such as a key that is none, are thrown. */
async function accepted(
  { bundle, wishes }: Attempt,
  policy: Policy | ReportOnlyPolicy,
): Promise<Manifest | undefined> {
  try {
    const { time } = wishes;
    const opened = await openBundle({ bundle, policy, ...(time !== undefined && { time }) });
    const { manifest } = opened;
    if (Symbol.dispose in opened) opened[Symbol.dispose]();
    return manifest;
  } catch (error) {
    const { stage } = VerifyError.from(error) ?? {};
    if (stage === undefined || stage === "policy" || stage === "usage") throw error;
    return undefined;
  }
}

/** A signature of a model or of an artifact, as a verdict has it. */
type Signature = Verdict["signature"] | ArtifactVerdict["signature"];

/** Who made a signature that holds. */
export function signerOf({ method, identity, chain, key }: Extract<Signature, { status: "valid" }>): Signer {
  const subject = chain[0]?.subject ?? null;
  return {
    method,
    name: identity?.identity ?? nameOfSubject(subject ?? ""),
    subject,
    issuer: identity?.issuer ?? null,
    key,
    authority: chain.at(-1)?.subject ?? null,
    claimed: false,
  };
}

/** Who a bundle says made it. */
function claimedSigner({ method, identity, certificates, keyHint }: Claims): Signer {
  const [leaf] = certificates;
  const top = certificates.at(-1);
  const subject = leaf !== undefined && "subject" in leaf ? leaf.subject : null;
  const account = method === "sigstore" ? identity : null;
  return {
    method,
    name: account?.identity ?? nameOfSubject(subject ?? ""),
    subject,
    issuer: account?.issuer ?? null,
    key: keyHint,
    authority: top !== undefined && "issuer" in top ? top.issuer : null,
    claimed: true,
  };
}

/** Who made a signature, or who its bundle says did where nothing proves it. */
export function signerIn(signature: Signature, claims: Claims): Signer {
  return signature.status === "valid" ? signerOf(signature) : claimedSigner(claims);
}

/** The organisation that a distinguished name has, or else its common name (RFC 4514, as the core writes it). */
export function nameOfSubject(subject: string): string {
  const parts = subject.split(/(?<!\\),/).map((part) => part.trim());
  for (const type of ["O", "CN"]) {
    const part = parts.find((one) => one.startsWith(`${type}=`));
    if (part !== undefined) return part.slice(type.length + 1).replace(/\\(.)/g, "$1");
  }
  return subject;
}

/** The policy that expects the signer who was reported, and no other. Names that are claims are never confirmed. */
export function confirmedPolicy(
  { signature }: Manifest,
  policy: Policy | ReportOnlyPolicy,
): Policy | undefined {
  if (!("reportOnly" in policy)) return policy;
  const { identity } = signature;
  if (identity === null) return undefined;
  const { issuer, identity: name } = identity;
  const { trustRoot } = policy;
  return {
    method: "sigstore",
    identities: [issuer === null ? { noIssuer: true, identity: name } : { issuer, identity: name }],
    ...(trustRoot !== undefined && { trustRoot }),
  };
}

/** What to remember of a signer that the person confirmed; nothing where it could not be told apart again. */
export async function memoryOf(
  { signature, model }: Manifest,
  policy: Policy | ReportOnlyPolicy,
): Promise<Remembered | undefined> {
  const base = { model: model.name, since: "" };
  switch (signature.method) {
    case "sigstore": {
      const { identity } = signature;
      if (identity?.issuer == null) return undefined;
      return { ...base, method: "sigstore", issuer: identity.issuer, identity: identity.identity };
    }
    case "key":
      return "publicKey" in policy
        ? { ...base, method: "key", sha256: signature.key, publicKey: policy.publicKey }
        : undefined;
    case "certificate": {
      const anchor = signature.chain.at(-1)?.sha256;
      if (anchor === undefined) return undefined;
      const subject = signature.chain[0]?.subject ?? "";
      const anchors = "anchors" in policy ? (policy.anchors ?? []) : [];
      return {
        ...base,
        method: "certificate",
        sha256: anchor,
        subject,
        anchor: await pemOf(anchor, anchors),
      };
    }
  }
}

/** The certificate of a digest, in PEM. */
async function pemOf(sha256: string, pems: readonly string[]): Promise<string | null> {
  for (const pem of pems) {
    try {
      const base64 = pem.replace(/-----[^-]+-----/g, "").replace(/\s/g, "");
      const der = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      if ((await sha256Hex(der)) === sha256) return pem;
    } catch {
      // The core said what it thinks of this certificate.
    }
  }
  return null;
}
