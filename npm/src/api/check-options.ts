// The options of a signed model's methods.
import { readMaxBytes } from "../core/bound.js";
import { misuse } from "../core/errors.js";
import { ownMembers } from "../core/own.js";
import { requireObject, requireSignal } from "../core/request.js";
import type { CheckOptions } from "../types/index.js";

/** What the methods take that read a whole file. */
export const READ_OPTIONS = ["signal", "spoolLimit", "maxBytes"] as const;

/** Bytes that `delivery: "verified"` may hold, unless the caller says otherwise. */
const SPOOL_LIMIT = 256 * 1024 * 1024;

/** Options whose defaults are filled in. */
export interface ReadCheckOptions {
  readonly signal: AbortSignal | undefined;
  readonly delivery: "streamed" | "verified";
  readonly spoolLimit: number;
  readonly maxBytes: number;
}

export function readCheckOptions(
  options: CheckOptions,
  known: readonly (keyof CheckOptions & string)[] = ["signal", "delivery", "spoolLimit", "maxBytes"],
): ReadCheckOptions {
  const { signal, delivery = "streamed", spoolLimit = SPOOL_LIMIT, maxBytes } = readOptions(options, known);
  if (delivery !== "streamed" && delivery !== "verified") {
    throw misuse("delivery", 'must be "streamed" or "verified"');
  }
  if (!(typeof spoolLimit === "number" && spoolLimit >= 0)) {
    throw misuse("spoolLimit", "must be a number of bytes");
  }
  return { signal, delivery, spoolLimit, maxBytes: readMaxBytes(maxBytes) };
}

export function readOptions<T extends object>(
  options: T,
  known: readonly (keyof T & string)[],
): { readonly [name in keyof T]: T[name] | undefined } {
  requireObject(options, "options", "must be an object");
  const members = ownMembers(options, known, { name: "options" });
  const { signal } = members as { readonly signal?: unknown };
  if (signal !== undefined) requireSignal(signal);
  return members;
}
