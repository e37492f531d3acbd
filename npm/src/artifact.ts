import { chunks } from "./bytes.js";
import { misuse, translate } from "./errors.js";
import { prepare, requireObject } from "./opened.js";
import type {
  OpenRequest,
  Outcome,
  Publisher,
  SignatureInvalid,
  SignatureValid,
  Source,
  Verdict,
} from "./types.js";

/** What {@link verifyArtifact} takes. */
export interface ArtifactRequest extends OpenRequest {
  /**
   * The artifact's bytes, or its SHA-256 in hex, with or without `sha256:`. By its digest alone an artifact
   * cannot be checked that was signed by another algorithm.
   */
  readonly artifact: Source | { readonly sha256: string };
}

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
    | "notChecked"
    | "notes"
    | "modelseal"
  > {
  /** `incomplete`: the signature holds, and nobody said whom to expect. */
  readonly outcome: Outcome;
  readonly signature: ArtifactSignature | SignatureInvalid;
  readonly publisher: Publisher;
  /** The artifact's digests in hex, as far as they are known. */
  readonly artifact: {
    readonly sha256: string | null;
    readonly sha384: string | null;
    readonly sha512: string | null;
  };
  /** What the bundle states about the artifact; `null` for a signature over it, and for one that does not hold. */
  readonly attestation: Attestation | null;
}

/** A signature that holds, over an artifact or over a statement about it. */
export interface ArtifactSignature extends Omit<SignatureValid, "form"> {
  readonly form: "message" | "attestation";
}

/** An in-toto statement about an artifact. */
export interface Attestation {
  readonly predicateType: string;
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
  requireObject(request, "verifyArtifact");
  const { artifact, signal } = request;
  const sha256 = readDigest(artifact);
  const { ArtifactCheck, bytes, policy, options } = await prepare(request);
  const check = translate(() => new ArtifactCheck(bytes, policy(), options, sha256));
  try {
    if (sha256 === undefined) {
      for await (const chunk of chunks(artifact as Source, signal)) check.push(chunk);
    }
    return JSON.parse(translate(() => check.finish()));
  } finally {
    check.free();
  }
}

/** The digest in place of the bytes. */
function readDigest(artifact: ArtifactRequest["artifact"]): string | undefined {
  if (typeof artifact !== "object" || artifact === null || !("sha256" in artifact)) return undefined;
  const hex = /^(?:sha256:)?([0-9a-f]{64})$/.exec(String(artifact.sha256))?.[1];
  if (hex === undefined) throw misuse("the sha256 of the artifact is not 64 lower-case hex digits");
  return hex;
}
