export {
  type ArtifactRequest,
  type ArtifactSignature,
  type ArtifactVerdict,
  type Attestation,
  verifyArtifact,
} from "./artifact.js";
export { VerifyError, WasmError, WorkerError } from "./errors.js";
export type { FileCheck } from "./file-check.js";
export { type Claimed, errorCodes, inspect, version } from "./inspect.js";
export {
  readTrustRoot,
  type TrustedAuthority,
  type TrustedLog,
  type TrustRoot,
  trustRoots,
} from "./roots.js";
export { openBundle, type ReportedModel, type SignedModel, type Signer } from "./signed-model.js";
export type * from "./types.js";
export { assertVerified, verify } from "./verify.js";
export { type InitOptions, init, type WasmSource, type WorkerSource } from "./wasm.js";
