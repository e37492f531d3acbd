// The interface of Hugging Face, as far as its clients use it to download: `HF_ENDPOINT` can name the gateway. Xet is
// named nowhere: a client that hears of it fetches from elsewhere, past the gateway.
import type { Context, Hono } from "hono";
import { absent, Problem } from "../answers/problem.js";
import type { Entry } from "../configuration/configuration.js";
import { deliver } from "../files/deliver.js";
import type { Gateway } from "../gateway.js";
import { fileRequest, pathOf, requireClient } from "../requests.js";
import { readBody } from "../verify/body.js";
import { foldersOf, listFiles, tree } from "./listing.js";

/** How many paths a request may ask about. */
const MOST_PATHS = 10_000;

interface At {
  readonly entry: Entry;
  readonly commit: string;
}

export function hubRoutes(app: Hono, gateway: Gateway): void {
  const answerModel = async (c: Context, revision: string) =>
    c.json(await modelInfo(gateway, await at(c, revision)));
  app.get("/api/models/:owner/:name", (c) => answerModel(c, "main"));
  app.get("/api/models/:owner/:name/revision/:revision", (c) => answerModel(c, c.req.param("revision")));

  app.get("/api/models/:owner/:name/refs", async (c) => {
    const { commit } = await at(c, "main");
    const branches = [{ name: "main", ref: "refs/heads/main", targetCommit: commit }];
    return c.json({ branches, converts: [], tags: [] });
  });

  app.get("/api/models/:owner/:name/tree/:revision/*", answerTree);
  app.get("/api/models/:owner/:name/tree/:revision", answerTree);

  app.post("/api/models/:owner/:name/paths-info/:revision", async (c) => {
    const { entry, commit } = await at(c, c.req.param("revision"));
    const paths = await readPaths(c, gateway.configuration.limits.bodyBytes);
    const model = await gateway.models.model(entry, commit);
    const files = await listFiles(gateway, model);
    const all = new Map([...(await foldersOf(files)), ...files].map((one) => [one.path, one]));
    const found = [...new Set(paths)].map((path) => all.get(path.replace(/\/+$/, "")));
    return c.json(found.filter((entry) => entry !== undefined));
  });

  app.on(["GET", "HEAD"], "/:owner/:name/resolve/:revision/*", async (c) => {
    const { entry, commit } = await at(c, c.req.param("revision"));
    return deliver(gateway, entry, commit, pathOf(c, 5), fileRequest(c, entry));
  });

  async function answerTree(c: Context): Promise<Response> {
    const { entry, commit } = await at(c, c.req.param("revision") ?? "");
    const model = await gateway.models.model(entry, commit);
    const recursive = /^(true|1)$/i.test(c.req.query("recursive") ?? "");
    return c.json(await tree(gateway, model, pathOf(c, 7), recursive));
  }

  /** The model and the commit that a request is about. */
  async function at(c: Context, revision: string): Promise<At> {
    const entry = gateway.configuration.byRepository.get(`${c.req.param("owner")}/${c.req.param("name")}`);
    if (entry === undefined)
      throw absent("RepoNotFound", "model-unknown", "The gateway has no model of this name.");
    await requireClient(gateway, c, entry);
    // What is found here is for its client alone, and about a revision that may move.
    c.header("Cache-Control", "no-store");
    const commit = await gateway.models.commit(entry, decodeURIComponent(revision));
    c.header("X-Repo-Commit", commit);
    return { entry, commit };
  }
}

async function modelInfo(gateway: Gateway, { entry, commit }: At): Promise<object> {
  const model = await gateway.models.model(entry, commit);
  const files = await listFiles(gateway, model);
  const siblings = files.map((file) => ({
    rfilename: file.path,
    size: file.size,
    blobId: file.oid,
    ...("lfs" in file && {
      lfs: { sha256: file.lfs?.oid, size: file.size, pointerSize: file.lfs?.pointerSize },
    }),
  }));
  return {
    _id: commit.slice(0, 24),
    id: entry.repository,
    modelId: entry.repository,
    author: entry.repository?.split("/")[0],
    sha: commit,
    lastModified: "1970-01-01T00:00:00.000Z",
    createdAt: "1970-01-01T00:00:00.000Z",
    private: false,
    gated: false,
    disabled: false,
    downloads: 0,
    likes: 0,
    tags: [],
    siblings,
  };
}

/** The paths of a request: as a form (huggingface_hub), or as JSON (@huggingface/hub). */
async function readPaths(c: Context, limit: number): Promise<string[]> {
  const text = new TextDecoder().decode(await readBody(c.req.raw, limit));
  const isJson = /^application\/json\b/i.test(c.req.header("content-type") ?? "");
  const paths: unknown = isJson ? parse(text) : new URLSearchParams(text).getAll("paths");
  const list = typeof paths === "string" ? [paths] : paths;
  if (!Array.isArray(list) || list.length > MOST_PATHS || list.some((path) => typeof path !== "string")) {
    throw new Problem(400, "paths-invalid", `The request must have paths, ${MOST_PATHS} at most.`);
  }
  return list;
}

function parse(text: string): unknown {
  try {
    return (JSON.parse(text) as { readonly paths?: unknown } | null)?.paths;
  } catch {
    throw new Problem(400, "request-not-json", "The request's body is not valid JSON in UTF-8.");
  }
}
