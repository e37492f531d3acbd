// `modelseal/hub`: a hub's repository is checked without a download, against a hub on loopback.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { preset, UsageError, verify } from "modelseal";
import { fromDirectory } from "modelseal/files";
import { type CheckHubRequest, checkHub, HubError, huggingFace, jsonListing } from "modelseal/hub";
import { afterEach, describe, expect, test } from "vitest";
import { readJson, vectors } from "./shared/repository.js";
import { signFiles } from "./shared/sign.js";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const TOKEN = "hf_secret";

const MODEL = new Map([
  ["config.json", Buffer.from("{}")],
  ["model.safetensors", Buffer.alloc(100, 1)],
  ["weights/a.bin", Buffer.alloc(50, 2)],
]);
const { bundle, policy } = signFiles(MODEL);
/** The model as its repository has it. */
const REPOSITORY = new Map([...MODEL, ["model.sig", Buffer.from(bundle)]]);

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** How a hub differs from one that has the model as it was signed. */
interface Hubs {
  readonly files?: ReadonlyMap<string, Uint8Array>;
  /** Files whose listed digest is of these bytes instead. */
  readonly listed?: ReadonlyMap<string, Uint8Array>;
  /** Entries of a page. */
  readonly page?: number;
  readonly repoPath?: string;
  /** Answers first; true where it did. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** A hub of Hugging Face's protocol; tells what was asked of it. */
async function startHub({
  files = REPOSITORY,
  listed = new Map(),
  page = 1000,
  repoPath = "",
  intercept,
}: Hubs = {}) {
  const asked: string[] = [];
  const tokens: (string | undefined)[] = [];
  const lfs = (path: string) => /\.(safetensors|bin)$/.test(path);
  const endpoint = await serve((request, response) => {
    const url = new URL(request.url ?? "", "http://hub");
    asked.push(url.pathname);
    tokens.push(request.headers.authorization);
    if (intercept?.(request, response) === true) return;
    const json = (value: unknown) =>
      response.setHeader("content-type", "application/json").end(JSON.stringify(value));
    if (url.pathname.endsWith("/revision/main")) return json({ id: "org/model", sha: COMMIT, gated: false });
    if (url.pathname.endsWith(`/tree/${COMMIT}`)) {
      const start = Number(url.searchParams.get("cursor") ?? 0);
      const entries = Array.from(files, ([path, bytes]) => {
        const oid = createHash("sha256")
          .update(listed.get(path) ?? bytes)
          .digest("hex");
        const pointer = lfs(path)
          ? { lfs: { oid, size: bytes.length, pointerSize: 130 }, xetHash: "0".repeat(64) }
          : {};
        return { type: "file", path, size: bytes.length, oid: "f".repeat(40), ...pointer };
      });
      if (start + page < entries.length) {
        const next = `${endpoint}${url.pathname}?recursive=true&cursor=${start + page}`;
        response.setHeader("link", `<${next}>; rel="next"`);
      }
      response.setHeader("x-repo-commit", COMMIT);
      return json([
        { type: "directory", path: "weights", size: 0, oid: "0" },
        ...entries.slice(start, start + page),
      ]);
    }
    const prefix = `${repoPath}/org/model/resolve/${COMMIT}/`;
    const bytes = url.pathname.startsWith(prefix)
      ? files.get(decodeURIComponent(url.pathname.slice(prefix.length)))
      : undefined;
    if (bytes === undefined) return response.writeHead(404, { "x-error-code": "EntryNotFound" }).end();
    return response.end(bytes);
  });
  return { endpoint, asked, tokens };
}

const check = (endpoint: string, more: Partial<CheckHubRequest> = {}) =>
  checkHub({ hub: huggingFace({ repo: "org/model", endpoint }), policy, ...more });

describe("a model on a hub", () => {
  test("is at best incomplete, and no file is fetched whose digest is listed", async () => {
    const { endpoint, asked } = await startHub();
    const { name, commit, signatures, notChecked } = await check(endpoint);
    expect([name, commit, notChecked]).toEqual(["org/model", COMMIT, ["listed-bytes", "newer-revisions"]]);
    expect(signatures).toMatchObject([{ path: "model.sig", folder: "", error: null, otherName: false }]);
    const [{ verdict } = { verdict: null }] = signatures;
    expect(verdict).toMatchObject({
      outcome: "incomplete",
      reasons: ["listing-only"],
      bytes: { hashed: 1, listed: 2 },
      coverage: { status: "complete" },
    });
    expect(asked.filter((path) => path.includes("/resolve/")).map((path) => path.split("/").pop())).toEqual([
      "model.sig",
      "config.json",
    ]);
  });

  test("all of whose bytes were fetched is not verified either: the hub alone says what there is", async () => {
    const files = new Map([["config.json", Buffer.from("{}")]]);
    const signed = signFiles(files);
    const { endpoint } = await startHub({
      files: new Map([...files, ["model.sig", Buffer.from(signed.bundle)]]),
    });
    const { signatures } = await check(endpoint, { policy: signed.policy });
    expect(signatures[0]?.verdict).toMatchObject({ outcome: "incomplete", reasons: ["listing-only"] });
  });

  test("is listed page by page", async () => {
    const { endpoint, asked } = await startHub({ page: 1 });
    const { signatures } = await check(endpoint);
    expect(signatures[0]?.verdict?.reasons).toEqual(["listing-only"]);
    expect(asked.filter((path) => path.includes("/tree/"))).toHaveLength(4);
  });

  test.each([
    ["config.json", "fetched", { files: new Map([...REPOSITORY, ["config.json", Buffer.from("[]")]]) }],
    ["model.safetensors", "listed", { listed: new Map([["model.safetensors", Buffer.from("other")]]) }],
  ])("with a changed %s, which is %s, is failed", async (path, _, hub) => {
    const { endpoint } = await startHub(hub);
    const { signatures } = await check(endpoint);
    expect(signatures[0]?.verdict).toMatchObject({
      outcome: "failed",
      reasons: expect.arrayContaining(["file-changed"]),
      bytes: { changed: [{ path }] },
    });
  });

  test("with a file that is not signed, or without one that is, is failed", async () => {
    const surplus = await startHub({ files: new Map([...REPOSITORY, ["evil.py", Buffer.from("x")]]) });
    expect((await check(surplus.endpoint)).signatures[0]?.verdict?.reasons).toContain("file-unsigned");
    const fewer = new Map([...REPOSITORY].filter(([path]) => path !== "weights/a.bin"));
    const lacking = await startHub({ files: fewer });
    expect((await check(lacking.endpoint)).signatures[0]?.verdict?.reasons).toContain("file-missing");
  });

  test("by another signer is failed, and an unreadable signature is no verdict", async () => {
    const { endpoint } = await startHub({
      files: new Map([...REPOSITORY, ["old.sig", Buffer.from("<!doctype html>")]]),
    });
    const other = signFiles(new Map([["x", Buffer.from("x")]]), {});
    const { signatures } = await check(endpoint, { policy: { ...other.policy, modelName: "another" } });
    expect(signatures).toMatchObject([
      { path: "model.sig", verdict: { outcome: "failed" } },
      { path: "old.sig", verdict: null, error: { code: "bundle-unreadable" } },
    ]);
  });

  test("whose signature covers one folder gets its verdict for that folder", async () => {
    const files = new Map([
      ...Array.from(MODEL, ([path, bytes]) => [`onnx/${path}`, bytes] as const),
      ["README.md", Buffer.from("# model")],
      ["model.sig", Buffer.from(bundle)],
    ]);
    const { endpoint } = await startHub({ files });
    const { signatures } = await check(endpoint);
    expect(signatures).toMatchObject([{ folder: "onnx", verdict: { reasons: ["listing-only"] } }]);
  });

  test("with several signatures has a verdict for each, or for the one that is named", async () => {
    const files = new Map([
      ...REPOSITORY,
      ...Array.from(REPOSITORY, ([path, bytes]) => [`b/${path}`, bytes] as const),
    ]);
    const { endpoint } = await startHub({ files });
    const { signatures } = await check(endpoint);
    expect(signatures.map(({ path, folder }) => [path, folder])).toEqual([
      ["model.sig", ""],
      ["b/model.sig", "b"],
    ]);
    expect((await check(endpoint, { signature: "b/model.sig" })).signatures).toMatchObject([
      { path: "b/model.sig", verdict: { reasons: ["listing-only"] } },
    ]);
  });

  test.each([
    ["dataset", "/datasets", "datasets"],
    ["space", "/spaces", "spaces"],
    ["kernel", "/kernels", "kernels"],
  ] as const)("may be a %s", async (repoType, repoPath, api) => {
    const { endpoint, asked } = await startHub({ repoPath });
    const hub = huggingFace({ repo: "org/model", repoType, endpoint });
    expect((await checkHub({ hub, policy })).signatures[0]?.verdict?.reasons).toEqual(["listing-only"]);
    expect(asked[0]).toBe(`/api/${api}/org/model/revision/main`);
  });
});

describe("a token", () => {
  test("is sent to the hub, and a redirect to plain http elsewhere is not followed", async () => {
    const elsewhere: (string | undefined)[] = [];
    const store = await serve((request, response) => {
      elsewhere.push(request.headers.authorization);
      response.end(bundle);
    });
    const { endpoint, tokens } = await startHub({
      intercept(request, response) {
        if (!request.url?.endsWith("/model.sig")) return false;
        response.writeHead(302, { location: `${store}/blob` }).end();
        return true;
      },
    });
    const hub = huggingFace({
      repo: "org/model",
      endpoint,
      accessToken: TOKEN,
    });
    await expect(checkHub({ hub, policy })).rejects.toMatchObject({ code: "hub-answer-invalid" });
    expect(tokens.every((token) => token === `Bearer ${TOKEN}`)).toBe(true);
    expect(elsewhere).toEqual([]);
  });

  test("is dropped where a file lies in a store of another origin", async () => {
    const seen: (string | undefined)[] = [];
    const store = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.end(bundle);
    });
    const { endpoint } = await startHub({
      intercept(request, response) {
        if (!request.url?.endsWith("/model.sig")) return false;
        response.writeHead(302, { location: "https://store.example/blob" }).end();
        return true;
      },
    });
    const hub = huggingFace({
      repo: "org/model",
      endpoint,
      accessToken: TOKEN,
      fetch: (input, init) => fetch(String(input).replace("https://store.example", store), init),
    });
    expect((await checkHub({ hub, policy })).signatures[0]?.verdict?.reasons).toEqual(["listing-only"]);
    expect(seen).toEqual([undefined]);
  });
});

describe("a hub that answers otherwise", () => {
  const answers: readonly (readonly [string, string, (response: ServerResponse) => void])[] = [
    ["gated", "hub-gated", (response) => response.writeHead(403, { "x-error-code": "GatedRepo" }).end()],
    [
      "private",
      "hub-repository-not-found",
      (response) => response.writeHead(401, { "x-error-code": "RepoNotFound" }).end(),
    ],
    ["without it", "hub-repository-not-found", (response) => response.writeHead(404).end()],
    [
      "without the revision",
      "hub-revision-not-found",
      (response) => response.writeHead(404, { "x-error-code": "RevisionNotFound" }).end(),
    ],
    ["too many requests", "hub-rate-limited", (response) => response.writeHead(429).end()],
    ["broken", "hub-unavailable", (response) => response.writeHead(502).end()],
    [
      "login by redirect",
      "hub-login-page",
      (response) => response.writeHead(302, { location: "/login?next=x" }).end(),
    ],
    [
      "a page",
      "hub-login-page",
      (response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>"),
    ],
    ["no JSON", "hub-answer-invalid", (response) => response.writeHead(200).end("{")],
    ["no commit", "hub-answer-invalid", (response) => response.writeHead(200).end('{"sha":"main"}')],
    [
      "redirects without end",
      "hub-answer-invalid",
      (response) => response.writeHead(302, { location: "/api/again" }).end(),
    ],
    ["gone", "hub-unreachable", (response) => response.destroy()],
  ];

  test.each(answers)("%s: %s", async (_, code, answer) => {
    const { endpoint } = await startHub({
      intercept(_request, response) {
        answer(response);
        return true;
      },
    });
    const error = await check(endpoint).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(HubError);
    expect(error).toMatchObject({ code });
  });

  test("renamed: it is followed to its new name, which the answer has", async () => {
    const { endpoint } = await startHub({
      intercept(request, response) {
        if (!request.url?.includes("old/name")) return false;
        response.writeHead(307, { location: request.url.replace("old/name", "org/model") }).end();
        return true;
      },
    });
    const { name, signatures } = await checkHub({ hub: huggingFace({ repo: "old/name", endpoint }), policy });
    expect([name, signatures[0]?.verdict?.reasons]).toEqual(["org/model", ["listing-only"]]);
  });

  test("another commit between two calls", async () => {
    const { endpoint } = await startHub({
      intercept(request, response) {
        if (!request.url?.includes("/tree/")) return false;
        response.writeHead(200, { "x-repo-commit": "f".repeat(40) }).end("[]");
        return true;
      },
    });
    await expect(check(endpoint)).rejects.toMatchObject({ code: "hub-listing-changed" });
  });

  test("a next page elsewhere is not asked for", async () => {
    const { endpoint } = await startHub({
      intercept(request, response) {
        if (!request.url?.includes("/tree/")) return false;
        response.writeHead(200, { link: '<https://elsewhere.example/x>; rel="next"' }).end("[]");
        return true;
      },
    });
    await expect(check(endpoint)).rejects.toMatchObject({ code: "hub-answer-invalid" });
  });

  test("no signature, and only those of kernels", async () => {
    const { endpoint } = await startHub({ files: MODEL });
    await expect(check(endpoint)).rejects.toMatchObject({ code: "signature-missing" });
    await expect(check(endpoint, { signature: "model.sig" })).rejects.toMatchObject({
      code: "signature-missing",
    });
    const kernels = await startHub({
      files: new Map([...MODEL, ["build/x/metadata.json.sigstore", Buffer.from("{}")]]),
    });
    await expect(check(kernels.endpoint)).rejects.toThrow("kernels");
  });

  test("a signal ends it", async () => {
    const { endpoint } = await startHub({ intercept: () => true });
    const reason = new Error("enough");
    await expect(check(endpoint, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
      name: "TimeoutError",
    });
    await expect(check(endpoint, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe("a listing as JSON", () => {
  test("is compared, with files where it says", async () => {
    const origin = await serve((request, response) => {
      const files = Array.from(REPOSITORY, ([path, bytes]) => ({
        path,
        size: bytes.length,
        ...(path.endsWith(".bin") && { sha256: createHash("sha256").update(bytes).digest("hex") }),
        url: `files/${path}`,
      }));
      if (request.url === "/m/listing.json") return response.end(JSON.stringify({ files }));
      const bytes = REPOSITORY.get(request.url?.replace("/m/files/", "") ?? "");
      return bytes === undefined ? response.writeHead(404).end() : response.end(bytes);
    });
    const { commit, signatures } = await checkHub({ hub: jsonListing(`${origin}/m/listing.json`), policy });
    expect(commit).toBeNull();
    expect(signatures[0]).toMatchObject({
      otherName: null,
      verdict: { reasons: ["listing-only"], bytes: { hashed: 2, listed: 1 } },
    });
  });
});

test("no option is read through a prototype", async () => {
  const { endpoint, tokens } = await startHub();
  const lent = { signature: "other.sig", accessToken: TOKEN };
  for (const [name, value] of Object.entries(lent)) {
    Object.defineProperty(Object.prototype, name, { value, configurable: true });
  }
  try {
    expect((await check(endpoint)).signatures).toMatchObject([{ path: "model.sig" }]);
    expect(new Set(tokens)).toEqual(new Set([undefined]));
  } finally {
    for (const name of Object.keys(lent)) Reflect.deleteProperty(Object.prototype, name);
  }
});

test("misuse is named", async () => {
  const at = async (call: () => unknown) => {
    const error = await Promise.resolve()
      .then(call)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UsageError);
    return (error as UsageError).at;
  };
  expect(await at(() => huggingFace({ repo: "https://huggingface.co/x/y" }))).toBe("repo");
  expect(await at(() => huggingFace({ repo: "a/../b" }))).toBe("repo");
  expect(await at(() => huggingFace({ repo: "x/y", repoType: "bucket" as never }))).toBe("repoType");
  expect(await at(() => huggingFace({ repo: "x/y", endpoint: "http://hub.example" }))).toBe("endpoint");
  expect(await at(() => huggingFace({ repo: "x/y", acessToken: "x" } as never))).toBe("options.acessToken");
  expect(await at(() => checkHub({ policy } as never))).toBe("hub");
  const hub = huggingFace({ repo: "x/y", endpoint: "http://127.0.0.1:9" });
  expect(await at(() => checkHub({ hub, policy, bundle: "x" } as never))).toBe("request.bundle");
});

const SKILLS = join(vectors ?? "", "nvidia-skills");

describe.skipIf(!existsSync(SKILLS))("NVIDIA’s skills on a hub", () => {
  const names = existsSync(SKILLS)
    ? Object.keys(readJson<Record<string, unknown>>(join(SKILLS, "expected.json")))
    : [];

  test("each has the verdict that it has on disk, but for what only a listing says", async () => {
    const skills = readdirSync(SKILLS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(skills.length).toBeGreaterThan(15);
    expect(names.length).toBeGreaterThan(0);
    for (const { name } of skills) {
      const folder = join(SKILLS, name);
      const files = new Map(
        readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
          .map((path) => [path.slice(folder.length + 1), readFileSync(path)] as const),
      );
      const { endpoint } = await startHub({ files });
      const skillPolicy = preset("nvidia-agent-capabilities");
      const signature = "skill.oms.sig";
      const checked = await check(endpoint, { policy: skillPolicy, signature });
      const verdict = await verify({
        bundle: files.get(signature) as Uint8Array,
        files: fromDirectory(folder),
        policy: skillPolicy,
        signaturePath: signature,
      });
      const expected = verdict.outcome === "verified" ? ["listing-only"] : verdict.reasons;
      expect([name, checked.signatures[0]?.verdict?.reasons]).toEqual([name, expected]);
    }
  });
});
