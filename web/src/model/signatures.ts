import type { PickedModel } from "./picked-model.js";

/** A file that may be the model's signature. */
export interface Candidate {
  readonly bundle: Blob;
  /** The name to show. */
  readonly name: string;
  /** Its path, when it lies inside the model. */
  readonly path?: string;
}

/** How signers name their bundles: `model.sig` (model_signing), `skill.oms.sig` (NVIDIA), `x.sigstore.json`. */
const BUNDLE_NAME = /\.(sig|sigstore|sigstore\.json)$/i;

export function isSignatureName(name: string): boolean {
  return BUNDLE_NAME.test(name);
}

/** The files that may be the model's signature, the likeliest first. */
export function signatureCandidates({ files, beside }: PickedModel): Candidate[] {
  const inside = files
    .filter(({ path }) => isSignatureName(path))
    .sort(
      (a, b) => depth(a.path) - depth(b.path) || rank(a.path) - rank(b.path) || (a.path < b.path ? -1 : 1),
    );
  return [
    ...beside.map((file) => ({ bundle: file, name: file.name })),
    ...inside.map(({ path, file }) => ({ bundle: file, name: path, path })),
  ];
}

function depth(path: string): number {
  return path.split("/").length;
}

function rank(path: string): number {
  return /(^|\/)model\.sig$/i.test(path) ? 0 : 1;
}
