import type { Opened } from "#wasm";
import { readBundle } from "./bytes.js";
import { misuse, translate } from "./errors.js";
import { preparePolicy } from "./roots.js";
import type { OpenRequest } from "./types.js";
import { ready } from "./wasm.js";

/** Parses a bundle and verifies its signature. Whoever calls this frees what it gives. */
export async function open(request: OpenRequest): Promise<Opened> {
  const { Opened, bytes, policy, options } = await prepare(request);
  return translate(() => new Opened(bytes, policy(), options));
}

/** Loads what a request needs, and makes it ready for the Wasm. */
export async function prepare(request: OpenRequest) {
  const { bundle, expectation, signal } = request;
  const options = JSON.stringify({
    now: Math.floor(Date.now() / 1000),
    at: readTime(request.time),
    expectation,
  });
  const [glue, bytes, policyText] = await Promise.all([
    ready(),
    readBundle(bundle, signal),
    preparePolicy(request.policy),
  ]);
  signal?.throwIfAborted();
  return { ...glue, bytes, policy: () => policyText(glue), options };
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
