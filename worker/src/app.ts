import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import { absent, Problem, problemResponse } from "./answers/problem.js";
import { deliver, deliverBundle } from "./files/deliver.js";
import type { Gateway } from "./gateway.js";
import { hubRoutes } from "./hub/routes.js";
import { openApi } from "./openapi.js";
import { operatorRoutes, requireModel } from "./operator.js";
import { fileRequest, pathOf, requireClient } from "./requests.js";
import { verifyRoutes } from "./verify/route.js";

/** For all answers; those of files have stricter ones of their own. */
const SECURITY_HEADERS = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Cross-Origin-Resource-Policy": "cross-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
} as const;

const EXPOSED = [
  "Content-Length",
  "Content-Range",
  "ETag",
  "Repr-Digest",
  "Retry-After",
  "X-Error-Code",
  "X-Error-Message",
  "X-Linked-ETag",
  "X-Linked-Size",
  "X-Modelseal",
  "X-Repo-Commit",
];

/** The gateway's handler, for every runtime that has `fetch` handlers. */
export function createApp(gateway: Gateway): Hono {
  const app = new Hono();

  app.use(async (c, next) => {
    const start = Date.now();
    try {
      await next();
    } catch (error) {
      // The router answers for errors alone; anything else that was thrown would leave the gateway.
      throw new Error("not an error was thrown", { cause: error });
    }
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
      if (!c.res.headers.has(name)) c.res.headers.set(name, value);
    }
    logRequest(gateway, c, Date.now() - start);
  });
  app.use(corsOf(gateway));

  app.get("/healthz", (c) => c.json({ status: "ok", runtime: gateway.host.runtime }));
  app.get("/v1/openapi.json", (c) => c.json(openApi(gateway.configuration.publicOrigin)));
  verifyRoutes(app, gateway);
  operatorRoutes(app, gateway);

  app.on(["GET", "HEAD"], "/m/:slug/:commit/:path{.+}", async (c) => {
    const entry = requireModel(gateway, c.req.param("slug"));
    await requireClient(gateway, c, entry);
    const revision = decodeURIComponent(c.req.param("commit"));
    const commit = await gateway.models.commit(entry, revision);
    const path = pathOf(c, 4);
    if (commit !== revision) {
      const segments = path.split("/").map(encodeURIComponent).join("/");
      c.header("X-Repo-Commit", commit);
      return c.redirect(`/m/${entry.slug}/${commit}/${segments}`, 307);
    }
    const request = fileRequest(c, entry);
    if (path !== "bundle") return deliver(gateway, entry, commit, path, request);
    return deliverBundle(gateway, await gateway.models.model(entry, commit), request);
  });

  hubRoutes(app, gateway);

  app.notFound(() =>
    problemResponse(absent("EntryNotFound", "route-unknown", "There is nothing at this address.")),
  );
  app.onError((error, c) => {
    if (error instanceof Problem) {
      c.set("code" as never, error.code as never);
      return problemResponse(error);
    }
    // The log is for the operator; the client learns nothing about the inside.
    console.error(error);
    return problemResponse(new Problem(500, "internal", "The gateway failed to answer this request."));
  });
  return app;
}

function corsOf({ configuration: { corsOrigins } }: Gateway) {
  return cors({
    origin: corsOrigins === "*" ? "*" : [...corsOrigins],
    allowMethods: ["GET", "HEAD", "POST", "OPTIONS"],
    allowHeaders: ["Authorization", "Content-Type", "If-Range", "Range"],
    exposeHeaders: EXPOSED,
    maxAge: 3600,
  });
}

/** One line a request; neither a token nor a query stands in it. */
function logRequest(gateway: Gateway, c: Context, milliseconds: number): void {
  gateway.host.log({
    event: "request",
    method: c.req.raw.method,
    path: new URL(c.req.url).pathname,
    range: c.req.header("range"),
    status: c.res.status,
    code: c.get("code" as never),
    milliseconds,
  });
}
