// Runs a case with the package, whatever host this is bundled for.
import {
  type ArtifactVerdict,
  type EntryKind,
  openBundle,
  type Policy,
  type Verdict,
  VerifyError,
  verify,
  verifyArtifact,
} from "modelseal";

/** A case as JSON: bytes are base64. */
export type CaseInput = ModelInput | ArtifactInput;

/** A model and its signature. */
export interface ModelInput {
  readonly bundle: string;
  readonly files: readonly { readonly path: string; readonly kind: EntryKind; readonly bytes?: string }[];
  readonly singleFile?: string;
  readonly policy: unknown;
  readonly time: string;
  readonly ignorePaths?: readonly string[] | undefined;
  readonly ignoreUnsignedFiles?: boolean | undefined;
  readonly allowSymlinks?: boolean | undefined;
  readonly signaturePath?: string | undefined;
}

/** An artifact, by its bytes or by its digest, and its bundle. */
export interface ArtifactInput {
  readonly bundle: string;
  readonly artifact: { readonly bytes: string } | { readonly sha256: string };
  readonly policy: unknown;
  readonly time: string;
}

/** The verdict and the paths of a model's signed files, or the code and stage of what was thrown. */
export type CaseResult =
  | { readonly verdict: Verdict; readonly files: readonly string[] }
  | { readonly verdict: ArtifactVerdict }
  | { readonly error: { readonly code: string; readonly stage: string } };

export async function runCase(input: CaseInput): Promise<CaseResult> {
  try {
    return await ("artifact" in input ? runArtifact(input) : runModel(input));
  } catch (error) {
    if (!(error instanceof VerifyError)) throw error;
    return { error: { code: error.code, stage: error.stage } };
  }
}

async function runModel(input: ModelInput): Promise<CaseResult> {
  const bundle = decode(input.bundle);
  const policy = input.policy as Policy;
  const { time, singleFile } = input;
  const entries = input.files.map(({ path, kind, bytes }) =>
    bytes === undefined
      ? { path, kind }
      : { path, kind, size: decode(bytes).length, open: () => new Blob([decode(bytes)]) },
  );
  const verdict = await verify({
    bundle,
    policy,
    time,
    files: Object.assign(entries, { complete: true, singleFile }),
    ignorePaths: input.ignorePaths,
    ignoreUnsignedFiles: input.ignoreUnsignedFiles,
    allowSymlinks: input.allowSymlinks,
    signaturePath: input.signaturePath,
  });
  // Nothing that was rejected has files.
  if (verdict.coverage.status === "unknown") return { verdict, files: [] };
  const signed = await openBundle({ bundle, policy, time });
  return { verdict, files: signed.files.map(({ path }) => path) };
}

async function runArtifact({ bundle, artifact, policy, time }: ArtifactInput): Promise<CaseResult> {
  const verdict = await verifyArtifact({
    bundle: decode(bundle),
    artifact: "bytes" in artifact ? new Blob([decode(artifact.bytes)]) : artifact,
    policy: policy as Policy,
    time,
  });
  return { verdict };
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
