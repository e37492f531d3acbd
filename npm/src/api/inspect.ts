import { readBundle } from "../core/bytes.js";
import { translate } from "../core/errors.js";
import { ready, releaseGrown } from "../core/wasm.js";
import type { Awaitable, BundleSource, Claimed, ErrorCode, Stage } from "../types/index.js";

/**
 * Shows what a bundle claims, without verifying anything. Throws a {@link VerifyError} when it cannot be read.
 *
 * @example
 * import { readFile } from "node:fs/promises";
 * import { inspect } from "modelseal";
 * console.log(await inspect(await readFile("model.sig")));
 */
export async function inspect(bundle: Awaitable<BundleSource | Response>): Promise<Claimed> {
  const [wasm, bytes] = await Promise.all([ready(), readBundle(bundle)]);
  try {
    return JSON.parse(translate(() => wasm.inspect(bytes)));
  } finally {
    releaseGrown();
  }
}

/**
 * All codes that a {@link VerifyError} or a verdict can have, and the stage of each.
 *
 * @example
 * import { errorCodes } from "modelseal";
 * console.log((await errorCodes()).map(({ code }) => code));
 */
export async function errorCodes(): Promise<readonly { readonly code: ErrorCode; readonly stage: Stage }[]> {
  return JSON.parse((await ready()).error_codes());
}

/**
 * The version of modelseal.
 *
 * @example
 * import { version } from "modelseal";
 * console.log(await version());
 */
export async function version(): Promise<string> {
  return (await ready()).version();
}
