import { misuse, VerifyError } from "../core/errors.js";
import { isThenable, ownJson, ownMembers } from "../core/own.js";
import { requireObject } from "../core/request.js";
import { asBytes, copyOf, isBlob, isBytes } from "../core/sources.js";
import type { OpenRequest, Policy, Verdict, VerifyRequest } from "../types/index.js";
import { openBundle } from "./open-bundle.js";
import type { SignedModel } from "./signed-model.js";
import { verify } from "./verify.js";

/** Verifies many models by one policy. Made by {@link createVerifier}. */
export interface Verifier {
  /** As {@link verify}, by the verifier's policy. */
  verify(request: Omit<VerifyRequest, "policy" | "expectation">): Promise<Verdict>;
  /** As {@link openBundle}, by the verifier's policy. */
  openBundle(request: Omit<OpenRequest, "policy" | "expectation">): Promise<SignedModel>;
}

/**
 * Checks a policy and loads what it needs once, to verify many models by it. Throws a {@link VerifyError} for a
 * policy that cannot be used, before there is any model. Later changes of `policy` do not count.
 *
 * @example
 * import { readFile } from "node:fs/promises";
 * import { byKey, createVerifier } from "modelseal";
 * import { fromDirectory } from "modelseal/files";
 * const verifier = await createVerifier(byKey(await readFile("key.pem", "utf8")));
 * const verdict = await verifier.verify({ bundle: readFile("model.sig"), files: fromDirectory("model") });
 * console.log(verdict.outcome);
 */
export async function createVerifier(
  policy: Policy,
  options: Pick<OpenRequest, "expectation"> = {},
): Promise<Verifier> {
  requireObject(options, "options", "must be an object");
  const { expectation } = ownMembers(options, ["expectation"], { name: "options" });
  const expected = { policy: copyOfPolicy(policy), expectation: expectation && { ...expectation } };
  await requireUsable(expected);
  const complete = <T extends object>(request: T, name: string): T & typeof expected => {
    requireObject(request, `${name}()`, "takes an object");
    for (const member of ["policy", "expectation"]) {
      if (Object.hasOwn(request, member)) throw misuse(`request.${member}`, "belongs to createVerifier()");
    }
    return { ...request, ...expected };
  };
  return Object.freeze({
    verify: async (request) => verify(complete(request, "verify")),
    openBundle: async (request) => openBundle(complete(request, "openBundle")),
  } satisfies Verifier);
}

/** What is not an object is for the core to refuse, in its own words. */
function copyOfPolicy(policy: Policy): Policy {
  if (typeof policy !== "object" || policy === null || isThenable(policy)) return policy;
  const members = Object.getOwnPropertyNames(policy).map((name) => {
    const value = (policy as unknown as Readonly<Record<string, unknown>>)[name];
    return [name, name === "trustRoot" ? copyOfRoot(value) : copyOfJson(value, `policy.${name}`)];
  });
  return Object.fromEntries(members) as Policy;
}

function copyOfRoot(root: unknown): unknown {
  if (isBytes(root)) return copyOf(asBytes(root));
  return typeof root !== "object" || isBlob(root) ? root : copyOfJson(root, "policy.trustRoot");
}

function copyOfJson(value: unknown, at: string): unknown {
  return JSON.parse(ownJson(value, at));
}

/** The core reads a policy before the bundle: what it says of a bundle of no bytes is that it is none. */
async function requireUsable(expected: Pick<OpenRequest, "policy" | "expectation">): Promise<void> {
  try {
    await openBundle({ ...expected, bundle: new Uint8Array() });
  } catch (error) {
    if (!(error instanceof VerifyError) || error.code !== "bundle-unreadable") throw error;
  }
}
