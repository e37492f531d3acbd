// What all routes ask of a request: which file, by which client, and for which web page.
import type { Context } from "hono";
import { Problem } from "./answers/problem.js";
import type { Entry } from "./configuration/configuration.js";
import type { FileRequest } from "./files/copy.js";
import type { Gateway } from "./gateway.js";
import { sha256Hex } from "./models/digest.js";

/** The path that a request names after so many slashes. It is looked up as it is: nothing is resolved. */
export function pathOf(c: Context, slashes: number): string {
  const segments = new URL(c.req.url).pathname.split("/").slice(slashes);
  try {
    return segments.map(decodeURIComponent).join("/").replace(/\/$/, "");
  } catch {
    throw new Problem(400, "path-invalid", "The address is not valid percent-encoded UTF-8.");
  }
}

/** What is asked of a file. */
export function fileRequest(c: Context, entry: Entry): FileRequest {
  return {
    method: c.req.raw.method === "HEAD" ? "HEAD" : "GET",
    headers: c.req.raw.headers,
    shared: entry.public,
    // The context of this very request: on workerd another one may have ended.
    defer: (promise) => c.executionCtx.waitUntil(promise),
  };
}

/** Refuses a client that has no token, where the model needs one. Before anything else is looked at. */
export async function requireClient(gateway: Gateway, c: Context, entry: Entry): Promise<void> {
  if (!entry.public) await requireToken(c, gateway.configuration.clientTokens);
}

/** Refuses anyone who is not an operator. */
export function requireOperator(gateway: Gateway, c: Context): Promise<void> {
  return requireToken(c, gateway.configuration.operatorTokens);
}

/** A token is compared by its digest: how long that takes says nothing about the token. */
async function requireToken(c: Context, digests: ReadonlySet<string>): Promise<void> {
  const token = /^Bearer ([\x21-\x7e]{1,512})$/.exec(c.req.header("Authorization") ?? "")?.[1];
  if (token !== undefined && digests.has(`sha256:${await sha256Hex(token)}`)) return;
  throw new Problem(
    401,
    token === undefined ? "token-missing" : "token-unknown",
    "This needs a token of the gateway.",
    {
      "WWW-Authenticate": "Bearer",
    },
  );
}
