// What arrives at a client, from an origin that serves well or badly: on each runtime, over real connections.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PROBLEMS } from "../src/openapi.js";
import { type Arrived, ask, HOSTS, type Running } from "./hosts.js";
import { type Files, POLICY, rootDigest, sha256, signModel, someBytes } from "./model.js";
import { type Fault, Origin } from "./origin.js";

const COMMIT = "c".repeat(40);
const REVOKED = "d".repeat(40);
const TOKEN = "a token of the gateway".replaceAll(" ", "-");
const OPERATOR = "an-operator";
const SMALL = "config.json";
const LARGE = "weights/model.bin";
const LIMIT = 64 * 1024;
const TAMPERS: readonly Fault[] = ["first-byte", "last-byte", "longer", "middle-byte", "shorter"];

/** Files of their own for each model: what is signed alike is stored once. */
function filesOf(seed: number, large = 300_000): Files {
  return new Map([
    [SMALL, Buffer.from(`{"model":${seed}}`)],
    [LARGE, someBytes(large, seed)],
    ["empty.txt", Buffer.alloc(0)],
  ]);
}

/** One model a case: what a gateway remembers of one says nothing about the next. */
const MODELS: Readonly<Record<string, object>> = {
  good: {},
  empty: {},
  many: {},
  ranges: {},
  cut: {},
  huge: {},
  gzip: {},
  chunked: {},
  moved: {},
  away: {},
  slow: {},
  down: {},
  healed: {},
  sharded: {},
  revoked: { revoked: [REVOKED] },
  pinned: { anyName: undefined, modelName: "another" },
  unsigned: { unsigned: "pass" },
  missing: {},
  invalid: {},
  changed: {},
  prefetch: {},
  private: { public: false },
  secret: { origin: "guarded" },
  streamed: { delivery: "streamed" },
  "streamed-tampered": { delivery: "streamed" },
  "streamed-healed": { delivery: "streamed" },
  logged: { mode: "log-only" },
  ...Object.fromEntries(TAMPERS.map((fault) => [`tamper-${fault}`, {}])),
};

const NAMES = Object.keys(MODELS);
const seedOf = (name: string) => NAMES.indexOf(name) + 1;
const files = new Map(
  NAMES.map((name) => [name, filesOf(seedOf(name), name === "huge" ? 40 * 1024 * 1024 : undefined)]),
);
const bytesOf = (name: string, path: string) => files.get(name)?.get(path) ?? Buffer.alloc(0);

/** All 1,000 of each; otherwise as many as tell something. */
const FULL = process.env["MODELSEAL_FULL"] === "1";

/** Models of many files, each over the limit of small ones: tampered with in each way, and good. */
const bulk = new Map(
  ["verified", "streamed"].flatMap((delivery, which) =>
    ["good", ...TAMPERS].map((kind, i): [string, Files] => {
      const count = FULL ? (kind === "good" ? 500 : 100) : 12;
      const seed = 1000 * (1 + i + 10 * which);
      const all = Array.from(
        { length: count },
        (_, n) => [`file-${n}`, someBytes(LIMIT + 100 + n, seed + n)] as const,
      );
      return [`bulk-${delivery}-${kind}`, new Map(all)];
    }),
  ),
);

/** All problems that were answered. Each must stand in the OpenAPI. */
const seen = new Map<string, Set<number>>();

describe.each(Object.entries(HOSTS))("%s", (host, start) => {
  // Bun drops the length of streams, so it may not send what is not verified.
  const streams = host !== "bun";
  const isServed = (name: string) => streams || !/^(logged|streamed)/.test(name);

  let origin: Origin;
  let gateway: Running;

  beforeAll(async () => {
    origin = await Origin.start();
    for (const [name, of] of files) {
      const bundle = name === "sharded" ? signModel(of, { shardSize: 100_000 }) : signModel(of);
      origin.add(`acme/${name}`, { files: of, bundle, commit: COMMIT });
    }
    for (const [name, of] of bulk)
      origin.add(`acme/${name}`, { files: of, bundle: signModel(of), commit: COMMIT });
    origin.setBundle("acme/missing", undefined);
    const invalid = JSON.parse(signModel(filesOf(99)).toString());
    invalid.dsseEnvelope.signatures[0].sig = Buffer.from("no signature").toString("base64");
    origin.setBundle("acme/invalid", Buffer.from(JSON.stringify(invalid)));
    origin.add("folder", { files: filesOf(77), bundle: signModel(filesOf(77)), commit: "" });
    gateway = await start(
      {
        policies: { acme: POLICY },
        origins: {
          hub: { kind: "hub", url: origin.url },
          guarded: { kind: "hub", url: origin.url, secret: "HUB_TOKEN" },
          folder: { kind: "files", url: `${origin.url}/folder` },
        },
        models: {
          ...Object.fromEntries(
            Object.entries(MODELS)
              .filter(([name]) => isServed(name))
              .map(([name, model]) => [
                name,
                { origin: "hub", repository: `acme/${name}`, policy: "acme", anyName: true, ...model },
              ]),
          ),
          ...Object.fromEntries(
            [...bulk.keys()]
              .filter((name) => isServed(name.replace("bulk-", "")))
              .map((name) => [
                name,
                {
                  origin: "hub",
                  repository: `acme/${name}`,
                  policy: "acme",
                  modelName: "model",
                  delivery: name.includes("streamed") ? "streamed" : "verified",
                },
              ]),
          ),
          folder: { origin: "folder", policy: "acme", modelName: "model" },
        },
        tokens: { clients: [`sha256:${sha256(TOKEN)}`], operators: [`sha256:${sha256(OPERATOR)}`] },
        limits: { smallFileBytes: LIMIT, recheckSeconds: 1 },
      },
      { HUB_TOKEN: "hf_secret" },
    );
  });

  afterAll(async () => {
    await gateway?.stop();
    origin?.stop();
  });

  async function get(
    name: string,
    path: string,
    headers: Record<string, string> = {},
    { method = "GET", commit = COMMIT } = {},
  ): Promise<Arrived> {
    const answer = await ask(`${gateway.url}/m/${name}/${commit}/${path}`, { method, headers });
    return noted(answer);
  }

  function noted(answer: Arrived): Arrived {
    if (answer.status < 400 || answer.body.length === 0) return answer;
    const { code, status, error } = JSON.parse(answer.body.toString());
    expect(answer.headers["content-type"]).toBe("application/json");
    expect(answer.headers["access-control-allow-origin"]).toBe("*");
    expect(status).toBe(answer.status);
    expect(error).toMatch(/^[A-Z].*\.$/);
    expect(answer.headers["x-error-message"]).toMatch(/^[\x20-\x7e]+$/);
    seen.set(code, (seen.get(code) ?? new Set()).add(answer.status));
    return answer;
  }

  const codeOf = ({ body }: Arrived) => JSON.parse(body.toString()).code as string;

  /** Asks until the file is no longer pending. */
  async function settled(name: string, path: string, headers: Record<string, string> = {}): Promise<Arrived> {
    for (let i = 0; i < 10; i++) {
      const answer = await get(name, path, headers);
      if (answer.status !== 503 || codeOf(answer) !== "pending") return answer;
      expect(answer.headers["retry-after"]).toBe("1");
    }
    throw new Error("pending for ever");
  }

  describe.each([SMALL, LARGE])("a good file: %s", (path) => {
    test("arrives as it is, with what its signature says", async () => {
      const answer = await settled("good", path);
      const bytes = bytesOf("good", path);
      const digest = sha256(bytes);
      expect(answer.status).toBe(200);
      expect(answer.complete && answer.body.equals(bytes)).toBe(true);
      expect(answer.headers).toMatchObject({
        etag: `"${digest}"`,
        "content-length": `${bytes.length}`,
        "content-type": "application/octet-stream",
        "repr-digest": `sha-256=:${Buffer.from(digest, "hex").toString("base64")}:`,
        "x-repo-commit": COMMIT,
        "x-linked-size": `${bytes.length}`,
        "x-content-type-options": "nosniff",
        "access-control-allow-origin": "*",
      });
      expect(answer.headers["content-disposition"]).toMatch(/^attachment; /);
      expect(answer.headers["content-security-policy"]).toMatch(/^sandbox/);
      for (const header of ["set-cookie", "x-xet-hash", "transfer-encoding"])
        expect(answer.headers[header]).toBeUndefined();
    });

    test("is served from the store the next time", async () => {
      await settled("good", path);
      const before = origin.transfers("acme/good", path);
      const answer = await get("good", path, { "want-digest": "SHA-512;q=1, SHA-256;q=1" });
      expect(answer.body.equals(bytesOf("good", path))).toBe(true);
      expect(answer.headers["digest"]).toMatch(/^SHA-256=/);
      expect(origin.transfers("acme/good", path)).toBe(before);
    });

    test("has the same headers by HEAD", async () => {
      const whole = await settled("good", path);
      const head = await get("good", path, {}, { method: "HEAD" });
      for (const header of ["etag", "content-length", "repr-digest", "x-repo-commit", "x-linked-size"]) {
        expect([header, head.headers[header]]).toEqual([header, whole.headers[header]]);
      }
    });
  });

  test("64 clients cost one transfer from the origin", async () => {
    const answers = await Promise.all(Array.from({ length: 64 }, () => settled("many", LARGE)));
    const bytes = bytesOf("many", LARGE);
    expect(answers.filter(({ body, complete }) => !complete || !body.equals(bytes))).toEqual([]);
    expect(origin.transfers("acme/many", LARGE)).toBe(1);
  });

  describe.each(TAMPERS)("a tampered file: %s", (fault) => {
    const name = `tamper-${fault}`;

    test.each([SMALL, LARGE])("%s never arrives, and is asked for once", async (path) => {
      origin.set(`acme/${name}`, path, fault);
      const answer = await settled(name, path);
      expect([answer.status, answer.complete]).toEqual([422, true]);
      expect(codeOf(answer)).toMatch(/^file-(size-)?changed$/);
      const before = origin.transfers(`acme/${name}`, path);
      expect((await get(name, path)).status).toBe(422);
      expect(origin.transfers(`acme/${name}`, path)).toBe(before);
      // A client takes a file whose HEAD fails for absent, and goes on without it.
      const head = await get(name, path, {}, { method: "HEAD" });
      expect([head.status, head.headers["etag"]]).toEqual([200, `"${sha256(bytesOf(name, path))}"`]);
    });
  });

  test("a file that the origin has mended is delivered, after a while", async () => {
    origin.set("acme/healed", LARGE, "middle-byte");
    expect((await settled("healed", LARGE)).status).toBe(422);
    origin.set("acme/healed", LARGE, undefined);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    const answer = await settled("healed", LARGE);
    expect(answer.body.equals(bytesOf("healed", LARGE))).toBe(true);
  });

  describe("parts", () => {
    test.each([
      ["bytes=0-9", 0, 9],
      ["bytes=1000-", 1000, 299_999],
      ["bytes=-10", 299_990, 299_999],
      ["bytes=299999-400000", 299_999, 299_999],
    ])("%s of a verified copy", async (range, start, end) => {
      await settled("ranges", LARGE);
      const answer = await get("ranges", LARGE, { range });
      expect(answer.status).toBe(206);
      expect(answer.headers["content-range"]).toBe(`bytes ${start}-${end}/300000`);
      expect(answer.body.equals(bytesOf("ranges", LARGE).subarray(start, end + 1))).toBe(true);
    });

    test.each(["bytes=300000-", "bytes=0-1,3-4", "bytes=5-4", "bytes=-", "items=0-1"])(
      "%s is neither 200 nor 416",
      async (range) => {
        await settled("ranges", LARGE);
        const answer = await get("ranges", LARGE, { range });
        expect([answer.status, codeOf(answer)]).toEqual([403, "range-refused"]);
      },
    );

    test("an If-Range of another file gets the whole of this one", async () => {
      await settled("ranges", LARGE);
      const answer = await get("ranges", LARGE, { range: "bytes=10-", "if-range": '"another"' });
      expect([answer.status, answer.body.equals(bytesOf("ranges", LARGE))]).toEqual([200, true]);
      const etag = `"${sha256(bytesOf("ranges", LARGE))}"`;
      expect((await get("ranges", LARGE, { range: "bytes=10-", "if-range": etag })).status).toBe(206);
    });

    test.each([SMALL, LARGE])("the probe of %s has the first byte, before and after", async (path) => {
      for (const _ of ["before", "after"]) {
        const answer = await get("slow", path, { range: "bytes=0-0" });
        expect(answer.status).toBe(206);
        expect(answer.headers["content-range"]).toBe(`bytes 0-0/${bytesOf("slow", path).length}`);
        expect(answer.headers["cache-control"]).toContain("no-store");
        expect(answer.body).toEqual(bytesOf("slow", path).subarray(0, 1));
      }
    });

    test("the probe of an empty file tells its length", async () => {
      const answer = await get("ranges", "empty.txt", { range: "bytes=0-0" });
      expect([answer.status, answer.headers["content-range"], answer.body.length]).toEqual([
        200,
        "bytes */0",
        0,
      ]);
    });
  });

  describe("an origin that", () => {
    test("cuts a file off is down, and the next one is good", async () => {
      for (const path of [SMALL, LARGE]) {
        origin.set("acme/cut", path, "cut");
        expect((await settled("cut", path)).status).toBe(502);
        origin.set("acme/cut", path, undefined);
        // A large one is left alone for a while.
        if (path === LARGE) await new Promise((resolve) => setTimeout(resolve, 5100));
        expect((await settled("cut", path)).body.equals(bytesOf("cut", path))).toBe(true);
      }
    });

    test("cuts a very large one off is asked for the rest", async () => {
      origin.set("acme/huge", LARGE, "cut");
      const answer = await settled("huge", LARGE);
      expect([answer.status, answer.body.equals(bytesOf("huge", LARGE))]).toEqual([200, true]);
      const asked = origin.requests.filter(
        ({ method, path }) => method === "GET" && path.endsWith(`huge/resolve/${COMMIT}/${LARGE}`),
      );
      expect(asked.map(({ range }) => range)).toEqual([undefined, "bytes=33554432-"]);
    });

    test.each(["gzip", "chunked", "moved"] as const)("answers %s is understood", async (name) => {
      for (const path of [SMALL, LARGE]) {
        origin.set(`acme/${name}`, path, name === "moved" ? "redirect" : name);
        const answer = await settled(name, path);
        expect([answer.status, answer.body.equals(bytesOf(name, path))]).toEqual([200, true]);
        expect(answer.headers["content-encoding"]).toBeUndefined();
      }
    });

    test("redirects to a machine's address is not followed", async () => {
      for (const path of [SMALL, LARGE]) {
        origin.set("acme/away", path, "redirect-away");
        const answer = await settled("away", path);
        expect([answer.status, codeOf(answer)]).toEqual([502, "origin-redirect"]);
      }
    });

    test("is down is 502", async () => {
      origin.set("acme/down", SMALL, "down");
      const answer = await settled("down", SMALL);
      expect([answer.status, codeOf(answer)]).toEqual([502, "origin-refused"]);
    });
  });

  describe("a model", () => {
    test.each([
      ["no-model", COMMIT, SMALL, 404, "model-unknown"],
      ["missing", COMMIT, SMALL, 502, "bundle-missing"],
      ["invalid", COMMIT, SMALL, 422, "signature-rejected"],
      ["pinned", COMMIT, SMALL, 422, "signature-rejected"],
      ["revoked", REVOKED, SMALL, 404, "revision-revoked"],
      ["good", COMMIT, "no-file", 404, "file-not-signed"],
      ["good", "no%20commit", SMALL, 404, "revision-unknown"],
      ["good", COMMIT, "%ff", 400, "path-invalid"],
    ])("%s at %s: %s", async (name, commit, path, status, code) => {
      const answer = await get(name, path, {}, { commit });
      expect([answer.status, codeOf(answer)]).toEqual([status, code]);
    });

    test("is at a commit, to which main leads", async () => {
      const answer = await get("good", SMALL, {}, { commit: "main" });
      expect([answer.status, answer.headers["location"]]).toEqual([307, `/m/good/${COMMIT}/${SMALL}`]);
    });

    test("without git has its root digest as its commit", async () => {
      const answer = await get("folder", SMALL, {}, { commit: "main" });
      const commit = rootDigest(filesOf(77));
      expect(answer.headers["location"]).toBe(`/m/folder/${commit}/${SMALL}`);
      expect((await get("folder", SMALL, {}, { commit })).body).toEqual(filesOf(77).get(SMALL));
      expect(codeOf(await get("folder", SMALL, {}, { commit: "e".repeat(64) }))).toBe("revision-unknown");
    });

    test("has its bundle, as it was verified", async () => {
      const answer = await get("good", "bundle");
      expect(JSON.parse(answer.body.toString()).dsseEnvelope).toBeDefined();
      expect((await get("good", "model.sig")).body).toEqual(answer.body);
    });

    test("has one root digest for good", async () => {
      expect((await get("changed", SMALL)).status).toBe(200);
      origin.setBundle("acme/changed", signModel(filesOf(55)));
      await new Promise((resolve) => setTimeout(resolve, 1200));
      const answer = await get("changed", SMALL);
      expect([answer.status, codeOf(answer)]).toEqual([409, "root-digest-changed"]);
    });

    test("signed in shards is named by a SHA-256 that was computed from its copy", async () => {
      for (const path of [SMALL, LARGE]) {
        const answer = await settled("sharded", path);
        const bytes = bytesOf("sharded", path);
        expect([answer.status, answer.headers["etag"]]).toEqual([200, `"${sha256(bytes)}"`]);
        expect(answer.body.equals(bytes)).toBe(true);
      }
    });

    test("may pass on what is not signed, marked", async () => {
      files.set("unsigned", new Map(files.get("unsigned")));
      (files.get("unsigned") as Map<string, Buffer>).set("README.md", Buffer.from("not signed"));
      origin.add("acme/unsigned", {
        files: files.get("unsigned") as Files,
        bundle: signModel(filesOf(seedOf("unsigned"))),
        commit: COMMIT,
      });
      const answer = await get("unsigned", "README.md");
      expect([answer.status, answer.body.toString(), answer.headers["x-modelseal"]]).toEqual([
        200,
        "not signed",
        "unsigned",
      ]);
      expect(answer.headers["cache-control"]).toContain("no-store");
      expect(answer.headers["repr-digest"]).toBeUndefined();
    });
  });

  describe.runIf(streams)("streamed", () => {
    const part = { range: "bytes=1000-" };

    test("a good file arrives, and leaves no taint", async () => {
      const answer = await get("streamed", LARGE);
      expect([answer.status, answer.complete, answer.body.equals(bytesOf("streamed", LARGE))]).toEqual([
        200,
        true,
        true,
      ]);
      expect(answer.headers["content-length"]).toBe("300000");
      expect(answer.headers["cache-control"]).toContain("no-store");
      expect(codeOf(await get("streamed", LARGE, part))).toBe("range-refused");
    });

    test.each(TAMPERS)("a tampered one does not: %s", async (fault) => {
      origin.set("acme/streamed-tampered", LARGE, fault);
      await ask(`${gateway.url}/v1/purge/streamed-tampered/${COMMIT}`, {
        method: "POST",
        headers: { authorization: `Bearer ${OPERATOR}` },
        body: JSON.stringify({ what: ["failures", "taints"] }),
      });
      const answer = await ask(`${gateway.url}/m/streamed-tampered/${COMMIT}/${LARGE}`).catch(
        () => undefined,
      );
      expect(answer === undefined || !answer.complete || answer.status === 422).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 100));
      const before = origin.transfers("acme/streamed-tampered", LARGE);
      expect((await get("streamed-tampered", LARGE)).status).toBe(422);
      expect(origin.transfers("acme/streamed-tampered", LARGE)).toBe(before);
    });

    test("no part is joined to one that was not verified, until an operator says so", async () => {
      origin.set("acme/streamed-healed", LARGE, "first-byte");
      await ask(`${gateway.url}/m/streamed-healed/${COMMIT}/${LARGE}`).catch(() => undefined);
      origin.set("acme/streamed-healed", LARGE, undefined);
      await new Promise((resolve) => setTimeout(resolve, 1200));
      expect(codeOf(await get("streamed-healed", LARGE, part))).toBe("content-tainted");
      const whole = await get("streamed-healed", LARGE);
      expect([whole.status, whole.body.equals(bytesOf("streamed-healed", LARGE))]).toEqual([200, true]);
      expect(codeOf(await get("streamed-healed", LARGE, part))).toBe("content-tainted");
      const purged = await ask(`${gateway.url}/v1/purge/streamed-healed/${COMMIT}`, {
        method: "POST",
        headers: { authorization: `Bearer ${OPERATOR}` },
        body: JSON.stringify({ what: ["taints"] }),
      });
      expect([purged.status, JSON.parse(purged.body.toString()).purged.taints]).toEqual([200, 1]);
      expect(codeOf(await get("streamed-healed", LARGE, part))).toBe("range-refused");
    });
  });

  test.runIf(streams)("log-only passes all on, under no signed name", async () => {
    origin.set("acme/logged", LARGE, "first-byte");
    const answer = await get("logged", LARGE);
    expect([answer.status, answer.complete, answer.headers["x-modelseal"]]).toEqual([200, true, "log-only"]);
    expect(answer.headers["etag"]).not.toContain(sha256(bytesOf("logged", LARGE)));
    expect(answer.headers["repr-digest"]).toBeUndefined();
    expect(answer.headers["cache-control"]).toContain("no-store");
  });

  describe("tokens", () => {
    test("a model may need one, which is not sent on", async () => {
      expect(codeOf(await get("private", SMALL))).toBe("token-missing");
      expect(codeOf(await get("private", SMALL, { authorization: "Bearer wrong" }))).toBe("token-unknown");
      const right = { authorization: `Bearer ${TOKEN}` };
      const answer = await get("private", SMALL, right);
      expect([answer.status, answer.headers["cache-control"]]).toEqual([
        200,
        "private, max-age=300, no-transform",
      ]);
      expect(origin.requests.filter(({ authorization }) => authorization?.includes(TOKEN))).toEqual([]);
      // Also from the store.
      expect((await get("private", SMALL)).status).toBe(401);
    });

    test("an origin's secret is sent to it alone, and needs a client's token", async () => {
      expect((await get("secret", SMALL)).status).toBe(401);
      expect((await get("secret", SMALL, { authorization: `Bearer ${TOKEN}` })).status).toBe(200);
      const sent = origin.requests.filter(({ path }) => path.includes("acme/secret"));
      expect(new Set(sent.map(({ authorization }) => authorization))).toEqual(new Set(["Bearer hf_secret"]));
    });

    test("a model whose files are empty is fetched beforehand too", async () => {
      const of: Files = new Map([
        ["nothing", Buffer.alloc(0)],
        ["more", Buffer.alloc(1)],
      ]);
      origin.add("acme/empty", { files: of, bundle: signModel(of), commit: COMMIT });
      const headers = { authorization: `Bearer ${OPERATOR}` };
      await ask(`${gateway.url}/v1/purge/good/${COMMIT}`, {
        method: "POST",
        headers,
        body: '{"what":["copies"]}',
      });
      const url = `${gateway.url}/v1/prefetch/empty/main`;
      for (let i = 0; i < 50; i++) {
        const { body } = await ask(url, { method: "POST", headers });
        if (JSON.parse(body.toString()).begun === 0) break;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      expect(JSON.parse((await ask(url, { method: "POST", headers })).body.toString())).toMatchObject({
        stored: 2,
        begun: 0,
      });
    });

    test("operators have their own", async () => {
      const url = `${gateway.url}/v1/prefetch/prefetch/${COMMIT}`;
      const refused = noted(
        await ask(url, { method: "POST", headers: { authorization: `Bearer ${TOKEN}` } }),
      );
      expect(refused.status).toBe(401);
      const headers = { authorization: `Bearer ${OPERATOR}` };
      const begun = await ask(url, { method: "POST", headers });
      const { stored, begun: started } = JSON.parse(begun.body.toString());
      // Another model has the same empty file.
      expect([begun.status, stored + started]).toEqual([202, 3]);
      expect(started).toBeGreaterThanOrEqual(2);
      const transfers = () => origin.transfers("acme/prefetch", LARGE);
      for (let i = 0; i < 50 && transfers() === 0; i++)
        await new Promise((resolve) => setTimeout(resolve, 50));
      expect((await settled("prefetch", LARGE)).status).toBe(200);
      expect(transfers()).toBe(1);
    });
  });

  describe("as a hub", () => {
    const hub = async (path: string, init: Parameters<typeof ask>[1] = {}) =>
      noted(await ask(gateway.url + path, init));
    const json = async (path: string, init?: Parameters<typeof ask>[1]) =>
      JSON.parse((await hub(path, init)).body.toString());

    test("it names the commit and its files", async () => {
      for (const path of ["/api/models/acme/good", "/api/models/acme/good/revision/main?expand=sha"]) {
        const info = await json(path);
        expect(info).toMatchObject({ id: "acme/good", sha: COMMIT });
        expect(info.siblings.map(({ rfilename }: { rfilename: string }) => rfilename)).toEqual([
          SMALL,
          "empty.txt",
          "model.sig",
          LARGE,
        ]);
      }
      expect((await json("/api/models/acme/good/refs")).branches[0].targetCommit).toBe(COMMIT);
    });

    test("each file has its signed SHA-256", async () => {
      const tree = await json(`/api/models/acme/good/tree/${COMMIT}?recursive=true&expand=false`);
      const bytes = bytesOf("good", LARGE);
      expect(tree.find(({ path }: { path: string }) => path === LARGE)).toEqual({
        type: "file",
        path: LARGE,
        oid: "0".repeat(40),
        size: bytes.length,
        lfs: { oid: sha256(bytes), size: bytes.length, pointerSize: 131 },
      });
      expect(JSON.stringify(tree)).not.toContain("xet");
      const folder = await json(`/api/models/acme/good/tree/main/weights?recursive=false`);
      expect(folder.map(({ path }: { path: string }) => path)).toEqual([LARGE]);
      const unknown = await hub(`/api/models/acme/good/tree/main/additional_chat_templates?recursive=false`);
      expect([unknown.status, unknown.headers["x-error-code"]]).toEqual([404, "EntryNotFound"]);
    });

    test("it answers about paths, by form and by JSON", async () => {
      const path = `/api/models/acme/good/paths-info/${COMMIT}`;
      const form = { "content-type": "application/x-www-form-urlencoded" };
      const byForm = await json(path, {
        method: "POST",
        headers: form,
        body: `paths=${SMALL}&paths=lost&expand=false`,
      });
      const byJson = await json(path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ paths: [SMALL, "lost"], expand: true }),
      });
      expect(byForm).toEqual(byJson);
      expect(byForm.map(({ path }: { path: string }) => path)).toEqual([SMALL]);
    });

    test.each(["main", COMMIT])("it has the files of %s", async (revision) => {
      const answer = await hub(`/acme/good/resolve/${revision}/${SMALL}`);
      expect([answer.status, answer.headers["x-repo-commit"]]).toEqual([200, COMMIT]);
      expect(answer.body).toEqual(bytesOf("good", SMALL));
    });

    test("what is not there is told in its words", async () => {
      const codes = async (path: string) => (await hub(path)).headers["x-error-code"];
      expect(await codes("/acme/none/resolve/main/config.json")).toBe("RepoNotFound");
      expect(await codes(`/acme/revoked/resolve/${REVOKED}/config.json`)).toBe("RevisionNotFound");
      expect(await codes("/acme/good/resolve/main/none")).toBe("EntryNotFound");
      expect((await hub("/api/agent-harnesses")).status).toBe(404);
    });
  });

  describe.each(["verified", "streamed"] as const)("many transfers, %s", (delivery) => {
    const names = [...bulk.keys()].filter((name) => name.startsWith(`bulk-${delivery}`));

    test.runIf(streams || delivery === "verified").each(names)("%s", { timeout: 300_000 }, async (name) => {
      const fault = TAMPERS.find((one) => name.endsWith(one));
      const of = bulk.get(name) ?? new Map<string, Buffer>();
      for (const path of of.keys()) origin.set(`acme/${name}`, path, fault);
      const wrong: string[] = [];
      const left = [...of];
      const work = async () => {
        for (let next = left.shift(); next !== undefined; next = left.shift()) {
          const [path, bytes] = next;
          const url = `${gateway.url}/m/${name}/${COMMIT}/${path}`;
          const answer = await ask(url, { keepAlive: true }).catch(() => undefined);
          const arrived = answer?.status === 200 && answer.complete;
          const isRight = fault === undefined ? arrived && answer.body.equals(bytes) : !arrived;
          if (!isRight) wrong.push(`${path}: ${answer?.status}, ${answer?.body.length} bytes`);
        }
      };
      await Promise.all(Array.from({ length: 8 }, work));
      expect(wrong).toEqual([]);
    });
  });

  test.runIf(!streams)("it refuses to stream", async () => {
    const configuration = {
      policies: { acme: POLICY },
      origins: { hub: { kind: "hub", url: origin.url } },
      models: {
        a: { origin: "hub", repository: "a/b", policy: "acme", anyName: true, delivery: "streamed" },
      },
    };
    await expect(start(configuration)).rejects.toThrow("the gateway ended with 1");
  });

  test("it tells what it is", async () => {
    expect(JSON.parse((await ask(`${gateway.url}/healthz`)).body.toString()).status).toBe("ok");
    const api = JSON.parse((await ask(`${gateway.url}/v1/openapi.json`)).body.toString());
    expect(api.openapi).toBe("3.1.0");
  });

  test("every problem that was answered is in the OpenAPI, with its status", () => {
    expect(seen.size).toBeGreaterThan(15);
    const unknown = [...seen].filter(([code, statuses]) =>
      [...statuses].some((status) => !PROBLEMS[code]?.status.includes(status)),
    );
    expect(unknown).toEqual([]);
  });
});
