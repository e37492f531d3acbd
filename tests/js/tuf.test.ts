// `modelseal/tuf` in Node: the cases of the TUF client in Wasm, refreshes with a store, and the suite's protocol.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readTrustRoot } from "modelseal";
import { RefreshError, type RefreshOptions, refreshTrustRoot, storedTrustRoot } from "modelseal/tuf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Client, initSync } from "../../npm/wasm/modelseal_tuf.js";
import { modelseal } from "./shared/command.js";
import { NO_VECTORS, repository, vectors } from "./shared/repository.js";

/** A repository as `cargo xtask test` writes it, with what Rust's client said of it. */
interface Case {
  readonly name: string;
  readonly broken: boolean;
  readonly ours: string;
  readonly start: string;
  readonly files: Readonly<Record<string, string>>;
  readonly state: {
    readonly roots: readonly string[];
    readonly files: Readonly<Record<string, string | null>>;
  };
  readonly now: number;
  readonly target: string | null;
  readonly limits: boolean;
}

const CASES = repository("target/tuf-cases.jsonl");
const lines: readonly Case[] = readFileSync(CASES, "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line));
const cases = lines.filter(({ name }) => !name.startsWith("update "));
const [first, second] = ["update 1", "update 2"].map((name) => {
  const found = lines.find((line) => line.name === name);
  if (found === undefined) throw new Error(`${CASES} has no ${name}`);
  return found;
}) as [Case, Case];

const bytes = (text: string) => new TextEncoder().encode(text);

beforeAll(() => {
  initSync({ module: readFileSync(repository("npm/wasm/modelseal_tuf_bg.wasm")) });
});

describe("the client in Wasm", () => {
  test("there are cases, each with a valid twin", () => {
    expect(cases.filter(({ broken }) => broken).length).toBeGreaterThanOrEqual(120);
    expect(cases.filter(({ broken }) => !broken).every(({ ours }) => ours === "ok")).toBe(true);
  });

  // What Rust's tests limit otherwise than by default is theirs alone.
  const usual = cases.filter(({ limits }) => !limits);

  test("it says of each case what the native one says", () => {
    const found = usual.map((entry) => [entry.name, entry.broken, run(entry)]);
    expect(found).toEqual(usual.map(({ name, broken, ours }) => [name, broken, ours]));
    expect(usual.length).toBeGreaterThan(0.9 * cases.length);
  });
});

/** Runs one case: `ok`, or the code of the error. */
function run({ start, now, state, files, target }: Case): string {
  const client = new Client(bytes(start), now);
  const answerAll = () => {
    for (let wanted = client.wanted(); wanted !== undefined; wanted = client.wanted()) {
      const [place = "", path = ""] = wanted.split(" ");
      const file = files[`${place}/${path}`];
      client.answer(file === undefined ? undefined : bytes(file));
    }
  };
  try {
    for (const root of state.roots) client.put("root", "", bytes(root));
    for (const [name, file] of Object.entries(state.files)) {
      const kind = ["timestamp", "snapshot", "targets"].includes(name) ? name : "delegated";
      if (file !== null) client.put(kind, name, bytes(file));
    }
    client.begin();
    answerAll();
    if (target !== null) {
      client.search(target);
      answerAll();
    }
    return "ok";
  } catch (error) {
    if (typeof error !== "string") throw error;
    return JSON.parse(error).code;
  } finally {
    client.free();
  }
}

/** What serves the files of a case. */
function serving({ files }: Pick<Case, "files">, asked: string[] = []): NonNullable<RefreshOptions["fetch"]> {
  return async (address) => {
    const path = new URL(address).pathname.slice(1);
    asked.push(path);
    const file = files[path.startsWith("targets/") ? path : `metadata/${path}`];
    return new Response(file ?? null, { status: file === undefined ? 404 : 200 });
  };
}

const TIME = new Date(first.now * 1000);

function options(more: Partial<RefreshOptions> & Pick<RefreshOptions, "store">): RefreshOptions {
  return {
    mirror: "http://localhost",
    startRoot: bytes(first.start),
    time: TIME,
    fetch: serving(first),
    ...more,
  };
}

function memory() {
  const kept = new Map<string, string>();
  return {
    kept,
    get: (name: string) => kept.get(name),
    put: (name: string, value: string) => kept.set(name, value),
  };
}

describe("refreshTrustRoot", () => {
  test("fetches, stores, and does not fetch the same target file twice", async () => {
    const store = memory();
    const asked: string[] = [];
    const fresh = await refreshTrustRoot(options({ store, fetch: serving(first, asked) }));
    expect(fresh).toMatchObject({ updated: true, rootVersion: 1, targetsVersion: 20 });
    expect((await readTrustRoot(fresh.trustRoot)).sha256).toBe((await readTrustRoot("staging")).sha256);
    expect(asked.some((path) => path.startsWith("targets/"))).toBe(true);
    asked.length = 0;
    const again = await refreshTrustRoot(options({ store, fetch: serving(second, asked) }));
    expect(again).toMatchObject({ updated: false, trustRoot: fresh.trustRoot });
    expect(asked.some((path) => path.startsWith("targets/"))).toBe(false);
    const stored = await storedTrustRoot({ store, startRoot: bytes(first.start) });
    if (stored === undefined) throw new Error("nothing is stored");
    expect(stored).toMatchObject({ trustRoot: fresh.trustRoot, fetchedAt: "2025-06-01T00:00:00Z" });
  });

  test("takes no older files than it has seen, also after a refresh that failed", async () => {
    const store = memory();
    await refreshTrustRoot(options({ store }));
    const cut = {
      files: Object.fromEntries(Object.entries(second.files).filter(([path]) => !/targets/.test(path))),
    };
    await expect(refreshTrustRoot(options({ store, fetch: serving(cut) }))).rejects.toMatchObject({
      code: "tuf-not-found",
    });
    await expect(refreshTrustRoot(options({ store }))).rejects.toMatchObject({ code: "tuf-rollback" });
    // What was fetched before still counts.
    expect(await storedTrustRoot({ store, startRoot: bytes(first.start) })).toMatchObject({
      targetsVersion: 20,
    });
    expect(await refreshTrustRoot(options({ store, fetch: serving(second) }))).toMatchObject({
      updated: false,
    });
  });

  test("what is stored is verified each time", async () => {
    const store = memory();
    await refreshTrustRoot(options({ store }));
    const good = JSON.parse(store.get("production") ?? "");
    const stored = () => storedTrustRoot({ store, startRoot: bytes(first.start) });
    for (const change of [
      { trustedRoot: "{}" },
      { trustedRoot: null },
      { timestamp: null },
      { snapshot: good.targets },
      { targets: good.targets.replace("20", "21") },
      { roots: [first.start, first.start] },
      { further: 1 },
    ]) {
      store.put("production", JSON.stringify({ ...good, ...change }));
      await expect(stored(), JSON.stringify(change).slice(0, 40)).rejects.toBeInstanceOf(RefreshError);
    }
    store.put("production", JSON.stringify(good).slice(0, 999));
    await expect(stored()).rejects.toBeInstanceOf(RefreshError);
    expect(await storedTrustRoot({ store: memory() })).toBeUndefined();
    // The next refresh mends it.
    await refreshTrustRoot(options({ store }));
    expect(await stored()).toMatchObject({ targetsVersion: 20 });
  });

  test("a mirror that sends without end is left", async () => {
    let sent = 0;
    const endless = async () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            sent += 65_536;
            controller.enqueue(new Uint8Array(65_536));
          },
        }),
      );
    await expect(refreshTrustRoot(options({ store: memory(), fetch: endless }))).rejects.toMatchObject({
      code: "tuf-too-long",
    });
    expect(sent).toBeLessThan(4 * 1024 * 1024);
  });

  test("a mirror that cannot be asked, or is none, is said", async () => {
    const store = memory();
    const code = (more: Partial<RefreshOptions>) =>
      refreshTrustRoot(options({ store, ...more })).then(
        () => "ok",
        (error: RefreshError) => error.code,
      );
    expect(await code({ fetch: async () => Promise.reject(new TypeError("fetch failed")) })).toBe(
      "mirror-unreachable",
    );
    expect(await code({ fetch: async () => new Response("", { status: 500 }) })).toBe("mirror-unreachable");
    expect(await code({ fetch: async () => new Response("", { status: 403 }) })).toBe("tuf-not-found");
    for (const mirror of [
      "http://example.com",
      "ftp://localhost",
      "https://a@b.c",
      "https://a.b?c",
      "x",
      "",
    ]) {
      expect(await code({ mirror }), mirror).toBe("usage-invalid");
    }
    expect(await code({ time: new Date(Number.NaN) })).toBe("usage-invalid");
    expect(await code({ name: "other", startRoot: undefined as never })).toBe("trust-root-unknown");
    expect(await code({ time: new Date("2040-01-01") })).toBe("tuf-expired");
  });

  test("begins at the same roots as the native command", async () => {
    const source = readFileSync(repository("crates/modelseal-tuf/src/start.rs"), "utf8");
    const native = [...source.matchAll(/"(https:\/\/[^"]+)",\s+(\d+),/g)].map(([, mirror, targets]) => [
      mirror,
      targets,
    ]);
    const ours = readFileSync(repository("npm/src/tuf/instances.ts"), "utf8");
    const found = [...ours.matchAll(/mirror: "([^"]+)",\s+bundledTargets: (\d+)/g)].map(
      ([, mirror, targets]) => [mirror, targets],
    );
    expect(native).toHaveLength(3);
    expect(found).toEqual(native);
    for (const name of ["production", "staging", "github"]) {
      const asked: string[] = [];
      const refresh = refreshTrustRoot({ name, store: memory(), fetch: serving({ files: {} }, asked) });
      await expect(refresh).rejects.toMatchObject({ code: "tuf-not-found" });
      expect(asked[0]).toMatch(/^\d+\.root\.json$/);
    }
  });

  test.skipIf(vectors === undefined)(
    `the copy of production refreshes from every root since v12${vectors === undefined ? `: ${NO_VECTORS}` : ""}`,
    async () => {
      const folder = join(vectors ?? "", "tuf/production");
      const history = join(folder, "metadata/root_history");
      const read = (path: string) => readFileSync(join(folder, path));
      const fetch: RefreshOptions["fetch"] = async (address) => {
        const path = new URL(address).pathname.slice(1);
        const places = path.startsWith("targets/")
          ? [path.replace(/\/[0-9a-f]{64,128}\./, "/")]
          : [`metadata/root_history/${path}`, `metadata/${path.replace(/^\d+\./, "")}`];
        const found = places.find((place) => existsSync(join(folder, place)));
        const isLater = /^\d+\.root\.json$/.test(path) && !existsSync(join(history, path));
        return found === undefined || isLater
          ? new Response(null, { status: 404 })
          : new Response(read(found));
      };
      const versions = readdirSync(history).map((name) => Number.parseInt(name, 10));
      const starts = versions.filter((version) => version >= 12).sort((a, b) => a - b);
      expect(starts.length).toBeGreaterThan(0);
      for (const version of starts) {
        const refreshed = await refreshTrustRoot({
          store: memory(),
          fetch,
          startRoot: read(`metadata/root_history/${version}.root.json`),
          time: new Date("2026-08-24T00:00:00Z"),
        });
        expect(refreshed).toMatchObject({ rootVersion: Math.max(...starts), targetsVersion: 14 });
      }
    },
  );
});

describe("modelseal tuf-conformance-client", () => {
  let server: Server;
  let folder: string;
  let files: Readonly<Record<string, string>> = {};

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "modelseal-tuf-"));
    server = createServer((request, response) => {
      const file = files[(request.url ?? "").slice(1)];
      response.writeHead(file === undefined ? 404 : 200).end(file);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });

  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  test("init, refresh and download", async () => {
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const metadata = join(folder, "metadata");
    const start = join(folder, "start.json");
    writeFileSync(start, first.start);
    const client = (...more: string[]) =>
      modelseal(["tuf-conformance-client", "--metadata-dir", metadata, ...more]);
    expect(await client("init", start)).toMatchObject({ exit: 0, err: "" });
    files = first.files;
    const ask = ["--metadata-url", `${address}/metadata`];
    expect(await client(...ask, "refresh")).toMatchObject({ exit: 0, err: "" });
    expect(readdirSync(metadata).sort()).toEqual([
      "root.json",
      "snapshot.json",
      "targets.json",
      "timestamp.json",
    ]);
    const to = join(folder, "targets");
    const target = ["--target-base-url", `${address}/targets`, "--target-dir", to, "--target-name"];
    expect(await client(...ask, ...target, "trusted_root.json", "download")).toMatchObject({
      exit: 0,
      err: "",
    });
    expect(readdirSync(to)).toEqual(["trusted_root.json"]);
    expect(await client(...ask, ...target, "none", "download")).toMatchObject({ exit: 1 });
    files = second.files;
    expect(await client(...ask, "refresh")).toMatchObject({ exit: 0 });
    files = first.files;
    const rolledBack = await client(...ask, "refresh");
    expect(rolledBack).toMatchObject({ exit: 1 });
    expect(rolledBack.err).toMatch(/^error\[tuf-rollback\]/);
  });
});
