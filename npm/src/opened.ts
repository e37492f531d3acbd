import type { Opened } from "#wasm";
import { readBundle } from "./bytes.js";
import { misuse, translate } from "./errors.js";
import type { OpenRequest } from "./types.js";
import { ready } from "./wasm.js";

/** Parses a bundle and verifies its signature. Whoever calls this frees what it gives. */
export async function open(request: OpenRequest): Promise<Opened> {
  const { bundle, expectation, signal } = request;
  // The core judges what a policy may hold.
  const policy = JSON.stringify(request.policy);
  if (policy === undefined) throw new TypeError("policy must be an object");
  const options = JSON.stringify({
    now: Math.floor(Date.now() / 1000),
    at: readTime(request.time),
    setBy: expectation?.setBy,
    policyName: expectation?.name ?? undefined,
  });
  const [{ Opened }, bytes] = await Promise.all([ready(), readBundle(bundle, signal)]);
  signal?.throwIfAborted();
  return translate(() => new Opened(bytes, policy, options));
}

/** Refuses what is not a request at all, before anything is read. */
export function requireObject(request: unknown, name: string): void {
  if (typeof request !== "object" || request === null) throw new TypeError(`${name}() takes an object`);
}

// RFC 3339 section 5.6. `Date.parse` alone would take much else, in local time.
const RFC3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/** A time of judgement in whole seconds. */
function readTime(time: Date | string | undefined): number | undefined {
  if (time === undefined) return undefined;
  const text = typeof time === "string" && RFC3339.test(time) ? time.toUpperCase() : "";
  const seconds = Math.floor((time instanceof Date ? time.getTime() : Date.parse(text)) / 1000);
  // `Date.parse` rolls 30 February over into March.
  const rolled =
    !(time instanceof Date) &&
    new Date(`${text.slice(0, 10)}T00:00:00Z`).getUTCDate() !== Number(text.slice(8, 10));
  if (!(seconds >= 0) || rolled)
    throw misuse("the time is not a Date or a text as in 2026-01-31T12:00:00Z (RFC 3339)");
  return seconds;
}
