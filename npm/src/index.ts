export { type Examination, examine } from "./api/examine.js";
export type { FileCheck } from "./api/file-check.js";
export { errorCodes, inspect, version } from "./api/inspect.js";
export { openBundle } from "./api/open-bundle.js";
export { byAnchor, byIdentity, byKey, preset } from "./api/policies.js";
export type { CheckedResponse, ReportedModel, SignedModel, Signer } from "./api/signed-model.js";
export {
  readTrustRoot,
  type TrustedAuthority,
  type TrustedLog,
  type TrustRoot,
  trustRoots,
} from "./api/trust-roots.js";
export { createVerifier, type Verifier } from "./api/verifier.js";
export { assertVerified, verify } from "./api/verify.js";
export {
  type ArtifactDigest,
  type ArtifactRequest,
  type ArtifactSignature,
  type ArtifactVerdict,
  type Attestation,
  type OtherBundle,
  type VerifiedArtifactVerdict,
  verifyArtifact,
} from "./api/verify-artifact.js";
export { UsageError, VerifyError, type VerifyErrorJson, WasmError, WorkerError } from "./core/errors.js";
export { escapeText } from "./core/escape.js";
export { type InitOptions, init, type WasmSource, type WorkerSource } from "./core/wasm.js";
export type * from "./types/index.js";
