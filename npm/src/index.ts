export { VerifyError, WasmError, WorkerError } from "./errors.js";
export { type Claimed, errorCodes, inspect, version } from "./inspect.js";
export { openBundle, type SignedModel, type Signer } from "./signed-model.js";
export type * from "./types.js";
export { assertVerified, verify } from "./verify.js";
export { type InitOptions, init, type WasmSource, type WorkerSource } from "./wasm.js";
