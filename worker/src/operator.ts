// What operators do: fill the store beforehand, and forget what is remembered.
import type { Hono } from "hono";
import { absent, Problem } from "./answers/problem.js";
import type { Entry } from "./configuration/configuration.js";
import { findCopy, objectKey } from "./files/copy.js";
import type { Gateway } from "./gateway.js";
import { requireOperator } from "./requests.js";
import { readBody } from "./verify/body.js";
import { refuseMethod } from "./verify/route.js";

const WHAT = ["bundle", "copies", "failures", "taints"] as const;

export function operatorRoutes(app: Hono, gateway: Gateway): void {
  app.post("/v1/prefetch/:slug/:commit", async (c) => {
    await requireOperator(gateway, c);
    const entry = requireModel(gateway, c.req.param("slug"));
    const commit = await gateway.models.commit(entry, c.req.param("commit"));
    return c.json({ commit, ...(await prefetch(gateway, entry, commit)) }, 202);
  });
  app.all("/v1/prefetch/:slug/:commit", () => refuseMethod("POST"));

  app.post("/v1/purge/:slug/:commit", async (c) => {
    await requireOperator(gateway, c);
    const entry = requireModel(gateway, c.req.param("slug"));
    const commit = await gateway.models.commit(entry, c.req.param("commit"));
    const what = parseWhat(new TextDecoder().decode(await readBody(c.req.raw, 4096)));
    return c.json({ commit, purged: await purge(gateway, entry, commit, what) });
  });
  app.all("/v1/purge/:slug/:commit", () => refuseMethod("POST"));
}

export function requireModel(gateway: Gateway, slug: string): Entry {
  const entry = gateway.configuration.models.get(slug);
  if (entry === undefined)
    throw absent("RepoNotFound", "model-unknown", "The gateway has no model of this name.");
  return entry;
}

/** Begins to fetch all files that the store does not have. */
export async function prefetch(
  gateway: Gateway,
  entry: Entry,
  commit: string,
): Promise<{ stored: number; begun: number }> {
  if (gateway.host.store === undefined) {
    throw new Problem(503, "no-store-configured", "There is no store that could be filled.");
  }
  const model = await gateway.models.model(entry, commit);
  let [stored, begun] = [0, 0];
  for (const path of model.paths) {
    const file = await model.file(path);
    if (file === undefined) continue;
    if ((await findCopy(gateway, file)) !== undefined) {
      stored += 1;
      continue;
    }
    const { slug, content } = file;
    await gateway.host.pull({ slug, commit, path, content }, 0);
    begun += 1;
  }
  return { stored, begun };
}

/** For a cron: refreshes trust roots, then fills the store with what `main` of each model is now. */
export async function runCron(gateway: Gateway): Promise<void> {
  await gateway.trustRoots.refresh();
  if (gateway.host.store === undefined) return;
  for (const entry of gateway.configuration.models.values()) {
    try {
      const commit = await gateway.models.commit(entry, "main");
      const done = await prefetch(gateway, entry, commit);
      gateway.host.log({ event: "prefetch", model: entry.slug, commit, ...done });
    } catch (error) {
      gateway.host.log({ event: "prefetch-failed", model: entry.slug, error: `${error}` });
    }
  }
}

type What = readonly (typeof WHAT)[number][];

async function purge(gateway: Gateway, entry: Entry, commit: string, what: What): Promise<object> {
  const { records, host } = gateway;
  const purged: Record<string, number> = {};
  if (what.includes("failures")) {
    purged["failures"] = await records.clearFailures(entry.slug, commit);
    await records.clearSizes(entry.slug, commit);
  }
  const model = await gateway.models.model(entry, commit).catch(() => undefined);
  for (const path of model?.paths ?? []) {
    const file = await model?.file(path);
    if (file === undefined) continue;
    if (what.includes("taints"))
      purged["taints"] = (purged["taints"] ?? 0) + (await records.clearTaints(file.content));
    if (what.includes("copies") && (await findCopy(gateway, file)) !== undefined) {
      await records.deleteCopy(file.content);
      await host.store?.deleteObject(objectKey(file));
      purged["copies"] = (purged["copies"] ?? 0) + 1;
    }
  }
  if (what.includes("bundle")) gateway.models.forget(entry, commit);
  host.log({ event: "purge", model: entry.slug, commit, what });
  return purged;
}

/** `{ "what": ["failures"] }`; nothing is purged by default. */
function parseWhat(text: string): What {
  let what: unknown;
  try {
    what = (JSON.parse(text) as { what?: unknown } | null)?.what;
  } catch {
    what = undefined;
  }
  const known = (one: unknown) => WHAT.some((name) => name === one);
  if (Array.isArray(what) && what.length > 0 && what.every(known)) return what as unknown as What;
  throw new Problem(400, "purge-invalid", `The request must be { "what": [...] }, of ${WHAT.join(", ")}.`);
}
