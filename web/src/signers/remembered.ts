import type { Policy, SignatureValid } from "modelseal";

/**
 * A signer that the person confirmed, in this browser. It is what a signature proves, never a name that someone
 * chose to be called by.
 */
export type Remembered = {
  /** The signed name of the model that it counts for; `null` for any. */
  readonly model: string | null;
  /** When it was confirmed (RFC 3339). */
  readonly since: string;
} & (
  | { readonly method: "sigstore"; readonly issuer: string; readonly identity: string }
  | { readonly method: "key"; readonly sha256: string; readonly publicKey: string }
  | {
      readonly method: "certificate";
      readonly sha256: string;
      readonly subject: string;
      /** The anchor in PEM, where it is not in the bundle itself. */
      readonly anchor: string | null;
    }
);

const KEY = "modelseal.signers";
const MOST = 500;

/** The policy that expects a remembered signer. */
export function policyOf(signer: Remembered): Policy {
  switch (signer.method) {
    case "sigstore":
      return {
        method: "sigstore",
        identities: [{ issuer: signer.issuer, identity: signer.identity }],
      };
    case "key":
      return { method: "key", publicKey: signer.publicKey };
    case "certificate":
      return signer.anchor === null
        ? { method: "certificate", anchorDigests: [`sha256:${signer.sha256}`] }
        : { method: "certificate", anchors: [signer.anchor] };
  }
}

/** The signers remembered in this browser; none where it remembers nothing. */
export function rememberedSigners(): Remembered[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(stored) ? stored.filter(isRemembered).slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** Remembers a signer; the same one for the same model is there once. Returns whether the browser took it. */
export function remember(signer: Remembered): boolean {
  const others = rememberedSigners().filter((other) => !isSame(other, signer));
  return store([signer, ...others].slice(0, MOST));
}

export function forget(signer: Remembered): boolean {
  return store(rememberedSigners().filter((other) => !isSame(other, signer)));
}

/** Whether two are the same signer for the same model. */
export function isSame(a: Remembered, b: Remembered): boolean {
  return a.model === b.model && idOf(a) === idOf(b);
}

/** Whether a remembered signer made a signature. An authority certifies many, so its leaf's subject counts as well. */
export function hasSigned(signer: Remembered, { identity, key, chain }: SignatureValid): boolean {
  switch (signer.method) {
    case "sigstore":
      return identity?.identity === signer.identity && identity.issuer === signer.issuer;
    case "key":
      return key === signer.sha256;
    case "certificate":
      return chain.at(-1)?.sha256 === signer.sha256 && chain[0]?.subject === signer.subject;
  }
}

/** What a signer is told apart by. */
export function idOf(signer: Remembered): string {
  return signer.method === "sigstore"
    ? JSON.stringify([signer.method, signer.issuer, signer.identity])
    : JSON.stringify([signer.method, signer.sha256, signer.method === "certificate" ? signer.subject : null]);
}

function store(signers: readonly Remembered[]): boolean {
  try {
    if (signers.length === 0) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, JSON.stringify(signers));
    return true;
  } catch {
    return false;
  }
}

/** Storage is not evidence: what is not of this form exactly is left out. */
function isRemembered(value: unknown): value is Remembered {
  if (typeof value !== "object" || value === null) return false;
  const { model, since, method, issuer, identity, sha256, publicKey, subject, anchor } = value as Record<
    string,
    unknown
  >;
  const text = (...values: unknown[]) => values.every((one) => typeof one === "string");
  if (!text(since) || !(model === null || text(model))) return false;
  switch (method) {
    case "sigstore":
      return text(issuer, identity);
    case "key":
      return text(sha256, publicKey);
    case "certificate":
      return text(sha256, subject) && (anchor === null || text(anchor));
    default:
      return false;
  }
}
