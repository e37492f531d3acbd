import type { ErrorCode } from "../../types/index.js";

/** The core's sentences for what ends a check whose signature is valid: the verdict has their codes alone. */
const SENTENCES: { readonly [code in ErrorCode]?: string } = {
  "artifact-denied": "the policy denies this artifact",
  "attestation-missing": "the bundle is a signature over the artifact, not an attestation about it",
  "model-name-unexpected": "the signed model has a different name from the one in the policy",
  "predicate-type-unexpected": "the attestation is of a type that was not asked for",
  "root-digest-denied": "the policy denies this model",
  "root-digest-unexpected": "the signature is for a different model from the one in the policy",
  "verification-not-passed": "the verification summary does not say that the verification passed",
};

/** The sentence of a reason that stands alone, where it has one. */
export function sentenceOf(reasons: readonly ErrorCode[]): string | undefined {
  const [reason, ...more] = reasons;
  return reason === undefined || more.length > 0 ? undefined : SENTENCES[reason];
}
