import { UsageError } from "../core/errors.js";

/** An object's own members: none is read through a prototype, and none is ignored. */
export function ownOptions<T extends object>(
  value: T,
  known: readonly (keyof T & string)[],
  what: string,
): T {
  if (typeof value !== "object" || value === null) throw usage(what, "must be an object");
  const unknown = Object.keys(value).find((name) => !known.includes(name as keyof T & string));
  if (unknown !== undefined) {
    throw usage(`${what}.${unknown}`, `is not known here: known are ${known.join(", ")}`);
  }
  return Object.assign(Object.create(null), value);
}

/** The caller's mistake: its place in the call, and what is wrong there. */
export function usage(at: string, what: string): UsageError {
  return new UsageError(`${at} ${what}`, { at });
}
