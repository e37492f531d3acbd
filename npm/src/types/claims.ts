// What an unverified bundle claims. Its author chose all strings: escape them where they are shown.
import type { Certificate, ErrorAnswer, ModelName, SignerIdentity } from "./verdict.js";

/** What a bundle claims. Nothing of it has been verified: anyone can write it. */
export interface Claimed {
  readonly verified: false;
  readonly bundleSha256: string;
  readonly claimed: Claims;
}

/** The claims of a bundle. */
export interface Claims {
  readonly mediaType: string;
  /** The method that its material belongs to. */
  readonly method: "key" | "certificate" | "sigstore";
  readonly keyHint: string | null;
  /** Leaf first. */
  readonly certificates: readonly CertificateClaim[];
  /** The identity of the leaf, where it has one. */
  readonly identity: SignerIdentity | null;
  readonly logEntries: readonly LogEntryClaim[];
  readonly timestamps: readonly TimestampClaim[];
  /** The digest of the artifact that the signature is over. */
  readonly messageDigest: { readonly algorithm: string; readonly digest: string } | null;
  /** The statement of a model signature: its list of files. */
  readonly statement: ListingClaim | null;
  /** The statement of an attestation. */
  readonly attestation: AttestationClaim | null;
  /** Why a statement cannot be read. */
  readonly statementError: ErrorAnswer | null;
}

/** A certificate, or why it cannot be read. */
export type CertificateClaim = Certificate | { readonly error: ErrorAnswer };

/** An entry of a transparency log. */
export interface LogEntryClaim {
  readonly kind: string;
  readonly version: string;
  readonly index: number;
  readonly logId: string;
  readonly integratedTime: string | null;
}

/** The time that a timestamp states, or why it cannot be read. */
export type TimestampClaim = { readonly at: string } | { readonly error: ErrorAnswer };

/** A list of files. */
export interface ListingClaim {
  readonly model: ModelName;
  readonly method: "files" | "shards";
  readonly algorithm: "sha256" | "blake2b" | "blake3";
  /** Bytes of a shard; missing for the method `files`. */
  readonly shardSize?: number;
  readonly allowSymlinks: boolean;
  /** Whether the model is one file instead of a folder. */
  readonly single: boolean;
  readonly ignorePaths: readonly string[];
  readonly files: readonly FileClaim[];
}

/** A file with its digest, or with those of its shards. */
export type FileClaim =
  | { readonly path: string; readonly digest: string }
  | { readonly path: string; readonly size: number; readonly shards: readonly string[] };

/** A statement about an artifact. */
export interface AttestationClaim {
  readonly statementType: string;
  readonly predicateType: string;
  readonly subjects: readonly {
    readonly name: string | null;
    readonly digest: Readonly<Record<string, string>>;
  }[];
}
