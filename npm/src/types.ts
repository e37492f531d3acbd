import type { CertificateFields, Policy, ReportOnlyPolicy } from "./policies.js";

export type * from "./policies.js";

/** The verdict's one outcome: see the README for what each one means. */
export type Outcome = "verified" | "incomplete" | "failed";

/** A verdict on a model: four answers and the outcome that follows from them. Every list is sorted. */
export interface Verdict {
  /** The version of this form. */
  readonly version: 1;
  readonly outcome: Outcome;
  /** The error codes that say why the outcome is not `verified`; empty when it is. */
  readonly reasons: readonly string[];
  /** Whether the signature holds. */
  readonly signature: SignatureValid | SignatureInvalid;
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
  /** When the verdict was made (RFC 3339). */
  readonly evaluatedAt: string;
  /** The time at which certificates were judged (RFC 3339). */
  readonly judgedAt: string;
  readonly judgedAtBasis: "now" | "caller" | "signed-time";
  /** The earliest end of a certificate in the chain; `null` for a key, and where a verified time counts. */
  readonly validUntil: string | null;
  /** What log entries and timestamps were checked with. */
  readonly trustRoot: TrustRootId | null;
  /** What no verdict proves, by name. */
  readonly notChecked: readonly string[];
  /** Codes of harmless observations. */
  readonly notes: readonly string[];
  /** How the files were hashed; `null` when the signature is invalid. It decides nothing. */
  readonly diagnostics: Diagnostics | null;
  /** The version of modelseal that judged. */
  readonly modelseal: string;
}

/** A trust root: by name and date if it ships with modelseal, and always by the digest of its file. */
export interface TrustRootId {
  readonly name: string | null;
  readonly date: string | null;
  readonly sha256: string;
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
  readonly algorithm: string;
  readonly form: "v1.0" | "digests-v0.1";
  /** `sha256:` and the digest of the signer's DER SubjectPublicKeyInfo. */
  readonly key: string;
  /** Leaf first, anchor last; empty for a key. */
  readonly chain: readonly Certificate[];
  /** Whom a keyless certificate is for. */
  readonly identity: SignerIdentity | null;
  /** Entries of transparency logs, each verified. */
  readonly logEntries: readonly LogEntry[];
  /** Times at which the signature existed, each verified. */
  readonly verifiedTimes: readonly VerifiedTime[];
}

/** Whom a keyless certificate is for, and what Fulcio says besides. */
export interface SignerIdentity {
  readonly issuer: string;
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

/** A signature that does not hold, or could not be read. */
export interface SignatureInvalid {
  readonly status: "invalid";
  readonly error: { readonly code: string; readonly stage: Stage; readonly message: string };
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
export type Publisher =
  | {
      readonly status: "expected";
      readonly basis: "key" | "anchor" | "identity";
      readonly name: string | null;
      readonly issuer: string | null;
    }
  | {
      readonly status: "unexpected" | "unchecked";
      readonly name: string | null;
      readonly issuer: string | null;
    };

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
  readonly unsigned: readonly { readonly path: string; readonly kind: "file" | "symlink" | "special" }[];
  readonly missing: readonly string[];
  readonly notObservable: readonly string[];
}

/** The answer about the files' bytes. */
export interface Bytes {
  readonly status: "hashed" | "listing" | "partial" | "not-hashed" | "failed";
  /** How many files were hashed. */
  readonly hashed: number;
  /** How many files were compared by a listing's digests. */
  readonly listed: number;
  readonly changed: readonly ChangedFile[];
  readonly unreadable: readonly string[];
  readonly notChecked: readonly string[];
}

/** A file that is not as signed. */
export interface ChangedFile {
  readonly path: string;
  /** The signed digest; `null` for a file that was signed in shards. */
  readonly expected: string | null;
  readonly actual: string | null;
  readonly reason: "digest" | "directory" | "length" | "special" | "symlink";
}

/** Who set the expectation that a verdict was made by. */
export type SetBy = "caller" | "preset" | "stored-policy";

/** The step of verification in which an error arose. */
export type Stage =
  | "policy"
  | "bundle"
  | "material"
  | "timestamp"
  | "log"
  | "certificate"
  | "signature"
  | "publisher"
  | "statement"
  | "manifest"
  | "files";

/** What {@link verify} and {@link openBundle} take as a signature bundle: its bytes, or its JSON text. */
export type BundleSource = Uint8Array | ArrayBuffer | Blob | string | ReadableStream<Uint8Array>;

/** What a file's bytes can come from. A chunk has to hold only until the next one is asked for. */
export type Source =
  | Blob
  | Uint8Array
  | ArrayBuffer
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>
  | Iterable<Uint8Array>;

/** What a path of the model is. */
export type EntryKind = "file" | "directory" | "symlink" | "special";

/** A file of the model whose bytes are there. Paths are relative, with `/`. */
export interface FileEntry {
  readonly path: string;
  readonly kind: EntryKind;
  readonly size?: number | undefined;
  /** Asked once, and only for files that the signature covers. */
  open?(): Source | Promise<Source>;
}

/** A file of which only a listing's digest is there (`sha256:` and hex). */
export interface ListedFile {
  readonly path: string;
  readonly digest: string;
  readonly size?: number | undefined;
}

/** The answer to a directory or file that was announced; generators get it from `yield`. */
export type Disposition = "hash" | "skip" | "descend";

/** The model's files, in any order. */
export type ModelFiles = (AsyncIterable<FileEntry | ListedFile> | Iterable<FileEntry | ListedFile>) & {
  /** Whether this lists the whole model: without it nobody can say that nothing unsigned is there. */
  readonly complete: boolean;
  /** Whether a symlink would be seen as one. Default: true. A browser's file list cannot tell. */
  readonly symlinksObservable?: boolean;
  /** Set when there is but one file, which may be the whole model: its name, which is also its path here. */
  readonly singleFile?: string | undefined;
  /** The sum of all sizes, where it is known beforehand; for progress only. */
  readonly totalBytes?: number | undefined;
};

/** How far {@link verify} has come. */
export interface Progress {
  /** How many bytes have been hashed. */
  readonly bytes: number;
  /** How many there are at most; files that the signature does not cover are counted here. */
  readonly totalBytes?: number;
  /** How many signed files are done. */
  readonly files: number;
  readonly totalFiles: number;
  /** How fast it has been so far. */
  readonly bytesPerSecond?: number;
  /** How long it may still take, where `totalBytes` is known. */
  readonly secondsLeft?: number;
}

/** What hashed the files. */
export interface Diagnostics {
  /** Such as `wasm`, `subtle` (WebCrypto), `node:crypto`, `DigestStream`; `native` in the command `modelseal`. */
  readonly engines: readonly string[];
  /** How many workers; none if all happened in the caller's thread. */
  readonly workers: number;
}

/** What became of one path. */
export interface FileResult {
  readonly path: string;
  /** `skipped`: not looked into, since it is no signed file, or cannot be it. The verdict says why. */
  readonly status: "ok" | "changed" | "not-checked" | "unreadable" | "skipped";
  /** Why it could not be read. */
  readonly error?: unknown;
}

/** What {@link openBundle} takes. */
export interface OpenRequest {
  readonly bundle: BundleSource;
  readonly policy: Policy | ReportOnlyPolicy;
  /** The time of judgement, a Date or RFC 3339. Default: now. A verified time of the signature goes before it. */
  readonly time?: Date | string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Who chose the policy, for the verdict. Default: the caller, or the preset. */
  readonly expectation?: { readonly setBy: SetBy; readonly name?: string | null } | undefined;
}

/** What {@link verify} takes. */
export interface VerifyRequest extends OpenRequest {
  readonly files: ModelFiles;
  /** Called at most ten times a second, and once at the end. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Called when a path is done. */
  readonly onFile?: ((result: FileResult) => void) | undefined;
  /** Paths, relative to the model, to leave out with all that is below them. Listed in the verdict. */
  readonly ignorePaths?: readonly string[] | undefined;
  /** Allow files that are not signed. Listed in the verdict. */
  readonly ignoreUnsignedFiles?: boolean | undefined;
  /** Follow symlinks that stay in the model, if the signer allowed them too. */
  readonly allowSymlinks?: boolean | undefined;
  /** The signature's own path, when it lies in the model. */
  readonly signaturePath?: string | undefined;
  /** How many workers hash at a time, in browsers. Default: one for each of the machine's cores. */
  readonly concurrency?: number | undefined;
  /** How many bytes of memory hashing may hold, at least 16 MiB. Default: 256 MiB. */
  readonly memoryBudget?: number | undefined;
}

/** The signed list of files. */
export interface Manifest {
  readonly model: ModelName;
  readonly method: "files" | "shards";
  readonly algorithm: "sha256" | "blake2b" | "blake3";
  readonly shardSize?: number;
  readonly allowSymlinks: boolean;
  /** Whether the model is one file instead of a folder. */
  readonly single: boolean;
  readonly signature: SignatureValid;
  readonly publisher: Publisher;
  readonly files: readonly SignedFile[];
  readonly ignorePaths: readonly string[];
}

/** A file that the signature covers. */
export interface SignedFile {
  readonly path: string;
  readonly size?: number;
  readonly digest?: string;
  /** The digests of its shards, in order; each but the last has the manifest's `shardSize`. */
  readonly shards?: readonly string[];
}

/** How {@link SignedModel.checkStream} delivers. */
export interface CheckOptions {
  readonly signal?: AbortSignal | undefined;
  /**
   * `streamed` (default) passes bytes on as they come and holds the last block back until the digest
   * is right: it never completes a wrong file, but a reader who acts on a prefix acts on unverified
   * bytes. `verified` yields nothing before the digest is right.
   */
  readonly delivery?: "streamed" | "verified" | undefined;
  /** How many bytes `verified` may hold in memory. Default: 256 MiB. */
  readonly spoolLimit?: number | undefined;
}
