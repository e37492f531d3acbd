import type { Opened } from "../../wasm/instance.js";
import type { OpenRequest, Policy, ReportOnlyPolicy } from "../types/index.js";
import { readBundle } from "./bytes.js";
import { misuse, translate } from "./errors.js";
import { isThenable, ownJson, ownMembers } from "./own.js";
import { loadTrustRoot, nameTrustRoot } from "./trust-root.js";
import { ready, type Wasm } from "./wasm.js";

/** The members of each request. */
const OPEN = ["bundle", "policy", "time", "maxClockSkew", "signal", "expectation"] as const;

/** What belongs elsewhere, and where that is. */
const HINTS: Readonly<Record<string, string>> = {
  rootDigest: "it belongs into the policy",
  modelName: "it belongs into the policy",
  deny: "it belongs into the policy",
  trustRoot: "it belongs into the policy",
  identities: "it belongs into the policy",
  publicKey: "it belongs into the policy",
  ignoreUnsigned: "it is called ignoreUnsignedFiles",
  signature: "it is called bundle",
  model: "it is called files",
};

/**
 * The members of a request as they were at the call. Unknown ones are refused: a pin in the wrong place would
 * pin nothing.
 */
export function readRequest<T extends OpenRequest>(
  request: T,
  name: string,
  more: readonly Exclude<keyof T & string, keyof OpenRequest>[] = [],
): { readonly [member in keyof T]: T[member] | undefined } & OpenRequest {
  requireObject(request, `${name}()`, "takes an object");
  const members = ownMembers<T>(request, [...(OPEN as readonly (keyof T & string)[]), ...more], {
    name: "request",
    hints: HINTS,
    // The core does.
    judgedLater: "policy",
  });
  // A promise that is not waited for, since something else is wrong, must not end the process when it rejects.
  for (const member of Object.values(members)) if (isThenable(member)) member.then(undefined, () => {});
  const { signal } = members;
  if (signal !== undefined) requireSignal(signal);
  return members as { readonly [member in keyof T]: T[member] | undefined } & OpenRequest;
}

/** Refuses what is not an object, or a promise of one. */
export function requireObject(value: unknown, at: string, what: string): void {
  if (isThenable(value)) throw misuse(at, `${what}, not a promise: wait for it with await`);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw misuse(at, what);
}

/** Refuses what is not an AbortSignal, of whichever realm. */
export function requireSignal(signal: unknown): asserts signal is AbortSignal {
  const like = typeof signal === "object" && signal !== null && "aborted" in signal;
  if (!like || !("addEventListener" in signal)) throw misuse("signal", "must be an AbortSignal");
}

/** Parses a bundle and verifies its signature. The caller frees what is returned. */
export async function open(request: OpenRequest): Promise<{ readonly opened: Opened; readonly wasm: Wasm }> {
  const { wasm, bytes, policy, options } = await prepare(request);
  return { wasm, opened: translate(() => new wasm.Opened(bytes, policy(), options)) };
}

/** Loads what a request needs, and makes it ready for the Wasm. All is read before the first wait. */
export async function prepare(request: OpenRequest) {
  const { bundle, signal } = request;
  const options = ownJson(
    {
      now: Math.floor(Date.now() / 1000),
      ...(request.time !== undefined && { at: readTime(request.time) }),
      ...(request.maxClockSkew !== undefined && { maxClockSkew: readSkew(request.maxClockSkew) }),
      ...(request.expectation !== undefined && { expectation: readExpectation(request.expectation) }),
    },
    "request",
  );
  const [wasm, bytes, policy] = await Promise.all([
    ready(),
    readBundle(bundle, signal),
    preparePolicy(request.policy),
  ]);
  signal?.throwIfAborted();
  return { wasm, bytes, policy: () => policy(wasm), options };
}

/**
 * Makes a policy ready for the Wasm: what was loaded is named in it. The JSON that the function returns must
 * be used before another one is asked for.
 */
async function preparePolicy(policy: Policy | ReportOnlyPolicy): Promise<(wasm: Wasm) => string> {
  if (isThenable(policy)) throw misuse("policy", "is a promise: wait for it with await");
  // What is not an object at all the core refuses, with its own sentence.
  if (typeof policy !== "object" || policy === null || Array.isArray(policy)) {
    const json = ownJson(policy, "policy");
    return () => json;
  }
  const { trustRoot, ...rest } = namedMembers(policy);
  if (trustRoot === undefined && Object.hasOwn(policy, "trustRoot")) {
    throw misuse("policy.trustRoot", "must not be undefined");
  }
  const json = ownJson(rest, "policy");
  if (trustRoot === undefined) return () => json;
  const loaded = await loadTrustRoot(trustRoot, "policy.trustRoot");
  return (wasm) => {
    const member = `"trustRoot":${JSON.stringify(nameTrustRoot(wasm, loaded))}`;
    return json === "{}" ? `{${member}}` : `${json.slice(0, -1)},${member}}`;
  };
}

function readExpectation(expectation: NonNullable<OpenRequest["expectation"]>): object {
  requireObject(expectation, "expectation", "must be an object");
  const { setBy, name = null, ...rest } = namedMembers(expectation);
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) {
    throw misuse(`expectation.${unknown}`, "is not a member of an expectation: known are setBy, name");
  }
  if (!SET_BY.has(setBy)) {
    throw misuse("expectation.setBy", 'must be "caller", "preset" or "stored-policy"');
  }
  if (name !== null && typeof name !== "string") throw misuse("expectation.name", "must be a string");
  return { setBy, name };
}

/** An object's own members, under a name that no prototype has. */
function namedMembers(value: object): Record<string, unknown> {
  const members: Record<string, unknown> = Object.create(null);
  for (const name of Object.getOwnPropertyNames(value)) {
    members[name] = (value as Record<string, unknown>)[name];
  }
  return members;
}

const SET_BY: ReadonlySet<unknown> = new Set(["caller", "preset", "stored-policy"]);

// RFC 3339 section 5.6. `Date.parse` alone would take much else, in local time.
const RFC3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/** A tolerance in whole seconds. */
function readSkew(seconds: unknown): number {
  if (typeof seconds !== "number" || !Number.isSafeInteger(seconds) || seconds < 0) {
    throw misuse("maxClockSkew", "must be a whole number of seconds");
  }
  return seconds;
}

/** A time of evaluation in whole seconds. */
function readTime(time: Date | string): number {
  const text = typeof time === "string" && RFC3339.test(time) ? time.toUpperCase() : "";
  const milliseconds = isDate(time) ? time.getTime() : Date.parse(text);
  // `Date.parse` rolls 30 February over into March.
  const rolled =
    !isDate(time) && new Date(`${text.slice(0, 10)}T00:00:00Z`).getUTCDate() !== Number(text.slice(8, 10));
  const seconds = Math.floor(milliseconds / 1000);
  if (!(seconds >= 0) || rolled) {
    throw misuse("time", "must be a Date, or a string as in 2026-01-31T12:00:00Z (RFC 3339)");
  }
  return seconds;
}

/** From another realm, `instanceof` does not know them. */
function isDate(value: unknown): value is Date {
  return Object.prototype.toString.call(value) === "[object Date]";
}
