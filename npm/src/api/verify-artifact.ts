import { limitBound, readMaxBytes } from "../core/bound.js";
import { chunks } from "../core/bytes.js";
import { misuse, translate } from "../core/errors.js";
import { prepare, readRequest } from "../core/request.js";
import { isSource, requireSource } from "../core/sources.js";
import { releaseGrown, type Wasm } from "../core/wasm.js";
import type {
  ArtifactPolicy,
  ErrorCode,
  OpenRequest,
  Outcome,
  Publisher,
  PublisherExpected,
  SignatureInvalid,
  SignatureUnchecked,
  SignatureValid,
  Source,
  Verdict,
} from "../types/index.js";

/** What {@link verifyArtifact} takes. */
export interface ArtifactRequest extends Omit<OpenRequest, "policy"> {
  readonly policy: ArtifactPolicy;
  /**
   * The artifact's bytes; or a plain object with one digest of it in hex, with or without the algorithm before it.
   * By a digest alone an artifact cannot be checked that was signed by another algorithm, and the verdict says that
   * no bytes were seen. Bytes, Blobs, streams and iterables are read, whatever other members they have.
   */
  readonly artifact: Source | ArtifactDigest;
  /** How many bytes the artifact may have. Default: 1 TiB. */
  readonly maxBytes?: number | undefined;
}

/** One digest of an artifact, which stands in for its bytes. */
export type ArtifactDigest =
  | { readonly sha256: string }
  | { readonly sha384: string }
  | { readonly sha512: string };

/** A verdict on one artifact and a bundle that signs it, or that states something about it. */
export interface ArtifactVerdict
  extends Pick<
    Verdict,
    | "version"
    | "reasons"
    | "expectation"
    | "bundle"
    | "evaluatedAt"
    | "judgedAt"
    | "judgedAtBasis"
    | "validUntil"
    | "trustRoot"
    | "ignoredAnchors"
    | "notChecked"
    | "notes"
    | "modelseal"
  > {
  /** `incomplete`: the signature is valid, and no publisher was expected. */
  readonly outcome: Outcome;
  readonly signature: ArtifactSignature | SignatureUnchecked | SignatureInvalid;
  readonly publisher: Publisher;
  /** Whether the artifact's bytes were hashed, or the caller stated a digest in their place. */
  readonly bytes: "hashed" | "digest-given";
  /** The artifact's digests in hex, as far as they are known. */
  readonly artifact: {
    readonly sha256: string | null;
    readonly sha384: string | null;
    readonly sha512: string | null;
  };
  /** What the bundle states about the artifact; `null` for a signature over it, and for one that does not hold. */
  readonly attestation: Attestation | null;
  /** The line of the bundle, from 1, in a file with several. */
  readonly line?: number;
  /** The other bundles about the artifact in that file, up to 15. */
  readonly others?: readonly OtherBundle[];
}

/** Another bundle about the artifact in the same file. */
export interface OtherBundle {
  readonly line: number | null;
  readonly bundleSha256: string;
  readonly outcome: Outcome;
  readonly reasons: readonly ErrorCode[];
  readonly predicateType: string | null;
}

/** A verdict over an artifact whose outcome is `verified`. */
export type VerifiedArtifactVerdict = ArtifactVerdict & {
  readonly outcome: "verified";
  readonly reasons: readonly [];
  readonly signature: ArtifactSignature;
  readonly publisher: PublisherExpected;
};

/** A signature that holds, over an artifact or over a statement about it. */
export interface ArtifactSignature extends Omit<SignatureValid, "form"> {
  readonly form: "message" | "attestation";
}

/** An in-toto statement about an artifact. */
export interface Attestation {
  readonly predicateType: string;
  /** The types that were accepted; `null` for any. */
  readonly acceptedTypes: readonly string[] | null;
  /** How the artifact was built, as the builder says (SLSA provenance v0.2 and v1). */
  readonly provenance: {
    readonly builder: string | null;
    readonly source: string | null;
    readonly commit: string | null;
    readonly workflow: string | null;
  } | null;
}

/**
 * Verifies one artifact against a Sigstore bundle: a signature over it, or an attestation about it.
 *
 * It resolves and throws as {@link verify} does; {@link assertVerified} takes its verdict too.
 *
 * @example
 * import { readFile } from "node:fs/promises";
 * import { verifyArtifact } from "modelseal";
 * const verdict = await verifyArtifact({
 *   bundle: await readFile("model.sig"),
 *   artifact: await readFile("model/config.json"),
 *   policy: {
 *     method: "sigstore",
 *     identities: [{ issuer: "https://accounts.google.com", identity: "me@example.com" }],
 *   },
 * });
 * console.log(verdict.outcome, verdict.attestation?.provenance);
 */
export async function verifyArtifact(request: ArtifactRequest): Promise<ArtifactVerdict> {
  const given = readRequest<ArtifactRequest>(request, "verifyArtifact", ["artifact", "maxBytes"]);
  const { artifact, signal } = given;
  const maxBytes = readMaxBytes(given.maxBytes);
  const digest = readArtifact(artifact);
  const { wasm, bytes, policy, options } = await prepare(given);
  const check = translate(() => newCheck(wasm, bytes, policy(), options, digest));
  try {
    if (digest === undefined) {
      const source = { at: "artifact", bound: limitBound(maxBytes, undefined), signal };
      for await (const chunk of chunks(artifact as Source, source)) check.push(chunk);
    }
    return JSON.parse(translate(() => check.finish()));
  } finally {
    check.free();
    releaseGrown();
  }
}

const HEX_DIGITS = { sha256: 64, sha384: 96, sha512: 128 } as const;

/** A digest in place of the bytes, with its algorithm; `undefined` where the bytes are to be read. */
function readArtifact(artifact: unknown): StatedDigest | undefined {
  // Bytes first: a File may well carry a checksum that someone else computed.
  if (isSource(artifact)) return undefined;
  const names = typeof artifact === "object" && artifact !== null ? Object.getOwnPropertyNames(artifact) : [];
  const [name = "", ...others] = names;
  if (others.length > 0 || !Object.hasOwn(HEX_DIGITS, name) || !isPlain(artifact)) {
    requireSource(artifact, "artifact");
    return undefined;
  }
  const algorithm = name as keyof typeof HEX_DIGITS;
  const text = (artifact as Record<string, unknown>)[name];
  const prefix = `${algorithm}:`;
  const hex = typeof text === "string" && text.startsWith(prefix) ? text.slice(prefix.length) : text;
  if (typeof hex !== "string" || hex.length !== HEX_DIGITS[algorithm] || !/^[0-9a-f]*$/.test(hex)) {
    throw misuse(`artifact.${name}`, `must be a string of ${HEX_DIGITS[algorithm]} lower-case hex digits`);
  }
  return { algorithm, hex };
}

interface StatedDigest {
  readonly algorithm: keyof typeof HEX_DIGITS;
  readonly hex: string;
}

function isPlain(value: unknown): boolean {
  return Object.prototype.toString.call(value) === "[object Object]";
}

function newCheck(
  { ArtifactCheck }: Wasm,
  bundle: Uint8Array,
  policy: string,
  options: string,
  digest: StatedDigest | undefined,
): InstanceType<Wasm["ArtifactCheck"]> {
  if (digest === undefined) return new ArtifactCheck(bundle, policy, options);
  const { algorithm, hex } = digest;
  return new ArtifactCheck(bundle, policy, options, `${algorithm}:${hex}`);
}
