import type { ErrorCode, Note, Stage } from "./codes.js";
import type { CertificateFields } from "./policies.js";

/** The verdict's one outcome: see the README for what each one means. */
export type Outcome = "verified" | "incomplete" | "failed";

/** A verdict on a model: four answers and the outcome that follows from them. Every list is sorted. */
export interface Verdict {
  /** The version of this form. */
  readonly version: 1;
  readonly outcome: Outcome;
  /** The error codes that say why the outcome is not `verified`; empty when it is. */
  readonly reasons: readonly ErrorCode[];
  /** Whether the signature holds. */
  readonly signature: SignatureValid | SignatureUnchecked | SignatureInvalid;
  /** Whether the signer is the one that was expected. */
  readonly publisher: Publisher;
  /** Who set the expectation. */
  readonly expectation: { readonly setBy: SetBy; readonly name: string | null };
  /** Whether the signature covers the whole model. */
  readonly coverage: Coverage;
  /** Whether the files are those that were signed. */
  readonly bytes: Bytes;
  /** The signed model; `null` when the signature is invalid. */
  readonly model: ModelName | null;
  readonly bundle: { readonly sha256: string; readonly mediaType: string | null };
  /** The time of the check (RFC 3339): the caller's, where one was given. */
  readonly evaluatedAt: string;
  /** The time at which certificates were evaluated (RFC 3339). */
  readonly judgedAt: string;
  readonly judgedAtBasis: "now" | "caller" | "signed-time";
  /** The earliest end of a certificate in the chain; `null` for a key, and where a verified time counts. */
  readonly validUntil: string | null;
  /** What log entries and timestamps were checked with. */
  readonly trustRoot: TrustRootId | null;
  /** What cannot be used of the caller's anchors, beside others that can. */
  readonly ignoredAnchors: readonly IgnoredAnchor[];
  /** What no verdict proves, by name. */
  readonly notChecked: readonly ("newest-version" | "revocation")[];
  /** Harmless observations. */
  readonly notes: readonly Note[];
  /** How the files were hashed; `null` when the signature is invalid. It decides nothing. */
  readonly diagnostics: Diagnostics | null;
  /** The version of modelseal that made the verdict. */
  readonly modelseal: string;
}

/** A trust root: by name and date if it ships with modelseal, and always by the digest of its file. */
export interface TrustRootId {
  readonly source: "bundled" | "fetched" | "given";
  readonly name: string | null;
  readonly date: string | null;
  readonly sha256: string;
  /** When it was fetched (RFC 3339); `null` where it was not. */
  readonly fetchedAt: string | null;
  /** The version of the TUF root that was trusted then, and when that root expires. */
  readonly rootVersion: number | null;
  readonly rootExpires: string | null;
}

/** An anchor that cannot be used and was skipped. */
export interface IgnoredAnchor {
  /** The certificate's subject, where it can be read. */
  readonly subject: string | null;
  /** A sentence. */
  readonly reason: string;
}

/** What the signature calls the model; the form of v0.2.0 does not. */
export interface ModelName {
  readonly name: string | null;
  readonly rootDigest: string | null;
}

/** A signature that holds. */
export interface SignatureValid {
  readonly status: "valid";
  readonly method: "key" | "certificate" | "sigstore";
  readonly algorithm:
    | "ecdsa-p256-sha256"
    | "ecdsa-p384-sha256"
    | "ecdsa-p384-sha384"
    | "ecdsa-p521-sha256"
    | "ecdsa-p521-sha512"
    | "ed25519"
    | "rsa-pkcs1v15-sha256";
  readonly form: "v1.0" | "digests-v0.1";
  /** `sha256:` and the digest of the signer's DER SubjectPublicKeyInfo. */
  readonly key: string;
  /** Leaf first, anchor last; empty for a key. */
  readonly chain: readonly Certificate[];
  /** Who a keyless certificate is for. */
  readonly identity: SignerIdentity | null;
  /** Entries of transparency logs, each verified. */
  readonly logEntries: readonly LogEntry[];
  /** Times at which the signature existed, each verified. */
  readonly verifiedTimes: readonly VerifiedTime[];
}

/** Who a keyless certificate is for, and what else Fulcio certifies. */
export interface SignerIdentity {
  /** The OpenID Connect issuer; `null` where the certificate does not name one. */
  readonly issuer: string | null;
  readonly identity: string;
  readonly kind: "email" | "uri" | "username";
  readonly fields: CertificateFields;
}

/** An entry of a transparency log. */
export interface LogEntry {
  readonly log: string;
  readonly logId: string;
  readonly index: number;
  readonly kind: string;
  readonly version: string;
  /** Whether the log proved that the entry is in it, or promised to put it there. */
  readonly inclusion: "promised" | "proved";
  readonly integratedTime: string | null;
}

/** A time at which the signature existed (RFC 3339), and who says so. */
export interface VerifiedTime {
  readonly at: string;
  readonly source: "log" | "timestamp-authority";
  readonly authority: string;
}

/**
 * A signature whose key nothing confirms, and what its bundle claims: anyone can write that. Only a report on any
 * method has it.
 */
export interface SignatureUnchecked {
  readonly status: "unchecked";
  /** What is needed to check it: `anchor-needed` or `key-needed`. */
  readonly error: ErrorAnswer;
  readonly method: "key" | "certificate";
  readonly keyHint: string | null;
  /** Leaf first. The leaf's key made the signature. */
  readonly claimedChain: readonly Certificate[];
}

/** A signature that does not hold, or could not be read. */
export interface SignatureInvalid {
  readonly status: "invalid";
  readonly error: ErrorAnswer;
}

/** An error as a verdict and a claim have it. */
export interface ErrorAnswer {
  readonly code: ErrorCode;
  readonly stage: Stage;
  readonly message: string;
}

/** A certificate of a verified chain. */
export interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  readonly serial: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly sha256: string;
}

/** The answer about the publisher. `name` is the identity, or the certificate's subject. */
export type Publisher = PublisherExpected | PublisherUnexpected | PublisherUnchecked;

/** The signer is the expected one. */
export interface PublisherExpected {
  readonly status: "expected";
  readonly basis: "key" | "anchor" | "identity";
  readonly name: string | null;
  readonly issuer: string | null;
}

/** The signer is another one. */
export interface PublisherUnexpected {
  readonly status: "unexpected";
  readonly name: string | null;
  readonly issuer: string | null;
  /** Any of these would have been accepted. */
  readonly expected: readonly ExpectedSigner[];
  /** The fields in which the signer differs from the nearest of them. */
  readonly mismatches: readonly Mismatch[];
}

/** No one was expected, or the signature does not hold. */
export interface PublisherUnchecked {
  readonly status: "unchecked";
  readonly name: string | null;
  readonly issuer: string | null;
}

/** An identity that was expected; `issuer` is `null` where a certificate without one was. */
export interface ExpectedSigner extends CertificateFields {
  readonly issuer: string | null;
  readonly identity?: string;
}

/** A field in which a signer differs from the expected one. */
export interface Mismatch {
  readonly field: "issuer" | "identity" | keyof CertificateFields;
  readonly expected: string | null;
  /** What the certificate has; `null` where it does not have the field. */
  readonly found: string | null;
}

/** The answer about coverage. */
export interface Coverage {
  readonly status: "complete" | "partial" | "unobserved" | "failed" | "unknown";
  readonly signedFiles: number;
  /** What the signature itself leaves out, and why, where such a file was there. */
  readonly ignoredBySignature: readonly {
    readonly path: string;
    readonly basis: "recorded" | "git-default" | "signature-file";
  }[];
  /** The caller's ignore rules that matched something. */
  readonly ignoredByCaller: readonly string[];
  /** Unsigned files that the caller allowed. */
  readonly allowedUnsigned: readonly string[];
  readonly unsigned: readonly { readonly path: string; readonly kind: UnsignedKind }[];
  readonly missing: readonly string[];
  /** Links that are not the model's own and count as the files that they lead to; `null` where there are none. */
  readonly followedLinks: { readonly count: number; readonly targets: LinkTargets } | null;
  readonly notObservable: readonly "symlinks"[];
}

/** What an unsigned entry is. */
export type UnsignedKind = "directory" | "file" | "followed-link" | "not-utf8" | "special" | "symlink";

/** Where followed links lead: a folder of the caller's, or the cache of Hugging Face's tools around the model. */
export type LinkTargets = "folder" | "hugging-face-cache";

/** The answer about the files' bytes. */
export interface Bytes {
  readonly status: "hashed" | "listing" | "partial" | "not-hashed" | "failed";
  /** How many files were hashed, those that were resumed included. */
  readonly hashed: number;
  /** How many files were compared by a listing's digests. */
  readonly listed: number;
  /** Files whose check went on from a saved state, so that their first bytes were not hashed again. */
  readonly resumed: readonly string[];
  readonly changed: readonly ChangedFile[];
  /** Symlinks in place of signed files that were not followed: nothing of them was read. */
  readonly notFollowed: readonly { readonly path: string; readonly reason: LinkRefusal }[];
  readonly unreadable: readonly string[];
  readonly notChecked: readonly string[];
}

/** A file that is not as signed. */
export interface ChangedFile {
  readonly path: string;
  /** The signed digest; `null` for a file that was signed in shards. */
  readonly expected: string | null;
  readonly actual: string | null;
  readonly reason: "digest" | "directory" | "length" | "special";
}

/** Why a symlink was not followed: the caller or the signer does not allow it, or it leads out of the model. */
export type LinkRefusal = "by-caller" | "by-signature" | "leads-out";

/** Who set the expectation that a verdict was made by. */
export type SetBy = "caller" | "preset" | "stored-policy";

/** What hashed the files. */
export interface Diagnostics {
  /** Such as `wasm`, `subtle` (WebCrypto), `node:crypto`, `DigestStream`; `native` in the command `modelseal`. */
  readonly engines: readonly string[];
  /** How many workers; none if all happened in the caller's thread. */
  readonly workers: number;
}

/** A verdict whose outcome is `verified`: every answer is the one that it takes. */
export type VerifiedVerdict = Verdict & {
  readonly outcome: "verified";
  readonly reasons: readonly [];
  readonly signature: SignatureValid;
  readonly publisher: PublisherExpected;
  readonly model: ModelName;
};
