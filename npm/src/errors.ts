import type { Stage } from "./types.js";

/**
 * Why a bundle, a policy or a model was not accepted. `code` is stable and for programs, `stage` says in
 * which step it arose, `message` is one sentence for people. It holds no text that a bundle brought.
 *
 * @example
 * import { VerifyError, openBundle } from "modelseal";
 * try {
 *   await openBundle({ bundle: "{}", policy: { method: "key", publicKey: "not a key" } });
 * } catch (error) {
 *   if (error instanceof VerifyError) console.log(error.code, error.stage); // key-invalid policy
 * }
 */
export class VerifyError extends Error {
  override readonly name = "VerifyError";
  readonly code: string;
  readonly stage: Stage;

  constructor(code: string, stage: Stage, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.stage = stage;
  }
}

/** The WebAssembly module could not be loaded: a wrong address, or a page policy that forbids it. */
export class WasmError extends Error {
  override readonly name = "WasmError";
}

/** The worker that {@link init} was given did not start: a wrong address, or a page policy that forbids it. */
export class WorkerError extends Error {
  override readonly name = "WorkerError";
}

/** Calls into the Wasm, whose errors are JSON texts. */
export function translate<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw typeof error === "string" ? fromJson(error) : error;
  }
}

/** An error of the Rust core, from its JSON. */
export function fromJson(json: string): VerifyError {
  const { code, stage, message } = JSON.parse(json) as { code: string; stage: Stage; message: string };
  return new VerifyError(code, stage, message);
}

/** The caller's mistake, which no verdict can come of. */
export function misuse(message: string): VerifyError {
  return new VerifyError("usage-invalid", "policy", message);
}
