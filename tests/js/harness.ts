// Runs a case with the package, whatever host this is bundled for.
import { type EntryKind, openBundle, type Policy, type Verdict, VerifyError, verify } from "modelseal";

/** A case as JSON: bytes are base64. */
export interface CaseInput {
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

/** The verdict and the paths of the signed files, or the code and stage of what was thrown. */
export type CaseResult =
  | { readonly verdict: Verdict; readonly files: readonly string[] }
  | { readonly error: { readonly code: string; readonly stage: string } };

export async function runCase(input: CaseInput): Promise<CaseResult> {
  const bundle = decode(input.bundle);
  const policy = input.policy as Policy;
  const { time, singleFile } = input;
  const entries = input.files.map(({ path, kind, bytes }) =>
    bytes === undefined
      ? { path, kind }
      : { path, kind, size: decode(bytes).length, open: () => new Blob([decode(bytes)]) },
  );
  try {
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
    if (verdict.signature.status === "invalid") return { verdict, files: [] };
    const signed = await openBundle({ bundle, policy, time });
    return { verdict, files: signed.files.map(({ path }) => path) };
  } catch (error) {
    if (!(error instanceof VerifyError)) throw error;
    return { error: { code: error.code, stage: error.stage } };
  }
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
