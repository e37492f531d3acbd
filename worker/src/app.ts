import { type Context, Hono } from "hono";
import { VerifyError, verify } from "modelseal";
import { readBody } from "./body.js";
import { DEFAULT_MAX_BODY_BYTES } from "./limits.js";
import { misconfigured, Policies } from "./policies.js";
import { Problem } from "./problem.js";
import { parseVerifyRequest, type VerifyRequest } from "./request.js";

/** The gateway's configuration, as bindings at the edge and as environment variables elsewhere. */
export interface Configuration {
  /** A map from name to policy, as JSON text or as a JSON binding. */
  readonly POLICIES?: unknown;
  /** The limit of a request's body in bytes, when not the default. */
  readonly MAX_BODY_BYTES?: string | number;
}

type Env = { Bindings: Configuration };

const SECURITY_HEADERS = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
} as const;

/** The gateway, for every runtime that has `fetch` handlers. */
export function createApp(): Hono<Env> {
  const app = new Hono<Env>();

  app.use(async (c, next) => {
    try {
      await next();
    } catch (error) {
      // The router answers for errors alone; anything else that was thrown would leave the gateway.
      throw new Error("not an error was thrown", { cause: error });
    }
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) c.header(name, value);
  });

  app.get("/v1/policies", (c) => c.json({ policies: Policies.parse(c.env.POLICIES).names() }));
  app.all("/v1/policies", () => refuseMethod("GET, HEAD"));

  app.post("/v1/verify", answerVerify);
  app.all("/v1/verify", () => refuseMethod("POST"));

  app.notFound((c) =>
    answerProblem(c, new Problem(404, "route-unknown", "There is nothing at this address.")),
  );
  app.onError((error, c) => {
    if (error instanceof Problem) return answerProblem(c, error);
    // The log is for the operator; whoever asked learns nothing about the inside.
    console.error(error);
    return answerProblem(c, new Problem(500, "internal", "The gateway failed to answer this request."));
  });
  return app;
}

function parseMaxBody(value: string | number | undefined): number {
  const bytes = Number(value ?? DEFAULT_MAX_BODY_BYTES);
  if (!Number.isSafeInteger(bytes) || bytes <= 0)
    throw misconfigured("MAX_BODY_BYTES must be a whole number of bytes");
  return bytes;
}

function requireJson(type: string | undefined): void {
  if (type?.split(";")[0]?.trim().toLowerCase() === "application/json") return;
  const message = "The request's Content-Type must be application/json.";
  throw new Problem(415, "content-type-unsupported", message);
}

async function answerVerify(c: Context<Env>): Promise<Response> {
  const policies = Policies.parse(c.env.POLICIES);
  const limit = parseMaxBody(c.env.MAX_BODY_BYTES);
  requireJson(c.req.header("Content-Type"));
  const request = parseVerifyRequest(await readBody(c.req.raw, limit));
  const policy = policies.get(request.policy);
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

/** What the gateway verifies: names and digests that the caller states, never bytes. */
function listing({ listing, complete }: VerifyRequest) {
  return Object.assign([...listing], { complete });
}

function refuseMethod(allow: string): never {
  throw new Problem(405, "method-not-allowed", `This address takes only ${allow}.`, { Allow: allow });
}

function answerProblem(c: Context<Env>, problem: Problem): Response {
  return c.json(problem.toJSON(), problem.status, problem.headers);
}

/** The core's messages are clauses; an answer is a sentence. */
function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return text.endsWith(".") ? text : `${text}.`;
}
