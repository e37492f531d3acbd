import { readBundle } from "./bytes.js";
import { translate } from "./errors.js";
import type { BundleSource } from "./types.js";
import { ready } from "./wasm.js";

/** What a bundle claims. Nothing of it has been verified: anybody can write it. */
export interface Claimed {
  readonly verified: false;
  readonly bundleSha256: string;
  readonly claimed: Readonly<Record<string, unknown>>;
}

/**
 * Shows what a bundle claims, without verifying anything. Throws a {@link VerifyError} when it cannot be read.
 *
 * @example
 * import { readFile } from "node:fs/promises";
 * import { inspect } from "modelseal";
 * console.log(await inspect(await readFile("model.sig")));
 */
export async function inspect(bundle: BundleSource): Promise<Claimed> {
  const [glue, bytes] = await Promise.all([ready(), readBundle(bundle)]);
  return JSON.parse(translate(() => glue.inspect(bytes)));
}

/**
 * All codes that a {@link VerifyError} or a verdict can have, and the stage of each.
 *
 * @example
 * import { errorCodes } from "modelseal";
 * console.log((await errorCodes()).map(({ code }) => code));
 */
export async function errorCodes(): Promise<readonly { readonly code: string; readonly stage: string }[]> {
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
