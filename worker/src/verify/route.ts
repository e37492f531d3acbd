// A verdict on a listing: POST /v1/verify.
import type { Context, Hono } from "hono";
import { VerifyError, verify } from "modelseal";
import { misconfigured, Problem, sentence } from "../answers/problem.js";
import type { AnyPolicy } from "../configuration/configuration.js";
import type { Gateway } from "../gateway.js";
import { readBody } from "./body.js";
import { parseVerifyRequest, type VerifyRequest } from "./request.js";

export function verifyRoutes(app: Hono, gateway: Gateway): void {
  const { policies, limits } = gateway.configuration;
  app.get("/v1/policies", (c) => c.json({ policies: [...policies.keys()].sort() }));
  app.all("/v1/policies", () => refuseMethod("GET, HEAD"));

  app.post("/v1/verify", async (c) => {
    requireJson(c.req.header("Content-Type"));
    const request = parseVerifyRequest(await readBody(c.req.raw, limits.bodyBytes));
    const policy = policies.get(request.policy);
    if (policy === undefined) {
      const message = "The gateway has no policy of this name; GET /v1/policies lists them.";
      throw new Problem(404, "policy-unknown", message);
    }
    return answer(c, request, await gateway.trustRoots.applyTo(policy));
  });
  app.all("/v1/verify", () => refuseMethod("POST"));
}

async function answer(c: Context, request: VerifyRequest, policy: AnyPolicy): Promise<Response> {
  try {
    return c.json(
      await verify({
        bundle: request.bundle,
        files: listing(request),
        policy,
        signal: c.req.raw.signal,
        expectation: { setBy: "stored-policy", name: request.policy },
      }),
    );
  } catch (error) {
    if (!(error instanceof VerifyError)) throw error;
    // A policy is the operator's, never the request's: also one with a member that is null.
    if (error.stage === "policy" || error.at?.startsWith("policy") === true) {
      console.error(`policy ${JSON.stringify(request.policy)}: ${error.code}: ${error.message}`);
      throw misconfigured("the policy of this name cannot be used");
    }
    throw new Problem(400, error.code, sentence(error.message));
  }
}

/** What is verified here: names and digests that the caller states, never bytes. */
function listing({ listing, complete }: VerifyRequest) {
  return Object.assign([...listing], { complete });
}

function requireJson(type: string | undefined): void {
  if (type?.split(";")[0]?.trim().toLowerCase() === "application/json") return;
  const message = "The request's Content-Type must be application/json.";
  throw new Problem(415, "content-type-unsupported", message);
}

export function refuseMethod(allow: string): never {
  throw new Problem(405, "method-not-allowed", `This address takes only ${allow}.`, { Allow: allow });
}
