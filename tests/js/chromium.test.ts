import { appendFile, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { build, type PreviewServer, preview } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { fetchChecked } from "./hosts/chromium/fetch.js";
import type { SignedFileInput, verifyAtOnce } from "./hosts/chromium/pool.js";
import { conformance } from "./shared/conformance.js";
import type { CaseInput, CaseResult } from "./shared/harness.js";
import { HASHING } from "./shared/hashing.js";
import { scenarios, streamInput } from "./shared/scenarios.js";
import { signFiles } from "./shared/sign.js";
import { fileBytes, type StreamInput } from "./shared/streams.js";

let server: PreviewServer;
let context: BrowserContext;
let page: Page;
let profile: string;

beforeAll(async () => {
  // Built as a user's page is: the bundler must find the Wasm on its own.
  const root = fileURLToPath(new URL("hosts/chromium", import.meta.url));
  await build({ root, logLevel: "warn", build: { target: "es2022" }, worker: { format: "es" } });
  server = await preview({ root, preview: { host: "127.0.0.1", port: 0 } });
  profile = await mkdtemp(join(tmpdir(), "modelseal-chromium-"));
  context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  page = await context.newPage();
  await page.goto(server.resolvedUrls?.local[0] ?? "");
});

afterAll(async () => {
  await context?.close();
  await server?.close();
  await rm(profile, { recursive: true, force: true });
});

conformance("Chromium", (input) =>
  page.evaluate((given) => (globalThis as unknown as Host).runCase(given), input),
);

scenarios("Chromium", (name, input) =>
  page.evaluate(([name, input]) => (globalThis as unknown as Host).runScenario(name, input), [
    name,
    input,
  ] as const),
);

describe("Chromium: hashing in workers", () => {
  beforeAll(async () => {
    const paths = [1000, 20 * 1024 * 1024].map((size) => ({ size, path: join(profile, `file-${size}`) }));
    for (const { size, path } of paths) {
      await writeFile(path, "");
      await truncate(path, size);
    }
    await page.setInputFiles(
      "#files",
      paths.map(({ path }) => path),
    );
    // A file that changed since it was chosen cannot be read any more.
    for (const { path } of paths) await appendFile(path, "more");
  });

  for (const [name, { expected }] of Object.entries(HASHING)) {
    test(name, async () => {
      const result = page.evaluate((given) => (globalThis as unknown as Host).runHashing(given), name);
      expect(await result).toEqual(expected);
    });
  }
});

describe("Chromium: the pool of workers", () => {
  const input = (length: number): SignedFileInput => ({
    ...signFiles(new Map([[".", new Uint8Array(length)]])),
    path: "model.bin",
    length,
  });
  const atOnce = (length: number, times: number) =>
    page.evaluate(([given, count]) => (globalThis as unknown as Host).verifyAtOnce(given, count), [
      input(length),
      times,
    ] as const);

  test("100 verifications of a small model at once start no worker", async () => {
    expect(await atOnce(21_000, 100)).toMatchObject({
      outcomes: ["verified"],
      started: 0,
      alive: 0,
      used: 0,
    });
  });

  test("large models share workers, which are kept for the next ones, and then ended", async () => {
    const first = await atOnce(40 * 1024 * 1024, 6);
    expect(first.outcomes).toEqual(["verified"]);
    expect(first.started).toBeGreaterThan(0);
    expect(first.started).toBeLessThanOrEqual(first.cores);
    const next = await atOnce(40 * 1024 * 1024, 3);
    expect(next).toMatchObject({ outcomes: ["verified"], started: 0, alive: first.started });
    const left = page.evaluate(() => (globalThis as unknown as Host).waitForNone(15_000));
    expect(await left).toBe(0);
    expect(await atOnce(40 * 1024 * 1024, 1)).toMatchObject({ outcomes: ["verified"] });
  });
});

describe("Chromium: the reason of a tampered file", () => {
  const reason = { code: "file-changed", stage: "files", message: "a file is not the one that was signed" };

  test("crosses to another thread as JSON and as an error", async () => {
    const errorOfWorker = (form: "json" | "error") =>
      page.evaluate(([form, input]) => (globalThis as unknown as Host).errorOfWorker(form, input), [
        form,
        streamInput(),
      ] as const);
    expect(await errorOfWorker("json")).toEqual({
      name: "VerifyError",
      ...reason,
      path: "weights/model.bin",
    });
    expect(await errorOfWorker("error")).toEqual({ name: "VerifyError", ...reason });
  });

  test("is recognised in a structured clone", async () => {
    const clone = page.evaluate((input) => (globalThis as unknown as Host).clonedError(input), streamInput());
    expect(await clone).toEqual({ name: "VerifyError", ...reason });
  });
});

describe("Chromium: a file of another origin", () => {
  const input = streamInput();
  const right = Buffer.from(fileBytes(input.length));
  const encoded = gzipSync(right);
  let origin: Server;

  beforeAll(async () => {
    origin = createServer(({ url = "" }, response) => {
      const { searchParams } = new URL(url, "http://x.example");
      const body = searchParams.has("longer") ? Buffer.concat([right, right]) : right;
      response.setHeader("access-control-allow-origin", "*");
      const exposed = searchParams.get("expose");
      if (exposed !== null) response.setHeader("access-control-expose-headers", exposed);
      if (searchParams.has("gzip")) response.setHeader("content-encoding", "gzip");
      response.end(searchParams.has("gzip") ? encoded : body);
    });
    await new Promise<void>((resolve) => origin.listen(0, "127.0.0.1", resolve));
  });

  afterAll(() => origin?.close());

  const ask = (query: string) =>
    page.evaluate(([url, given]) => (globalThis as unknown as Host).fetchChecked(url, given), [
      `http://127.0.0.1:${(origin.address() as AddressInfo).port}/?${query}`,
      input,
    ] as const);

  test("whose encoding the browser hides is not bounded by the encoded length", async () => {
    expect(await ask("gzip")).toEqual({
      type: "cors",
      seen: { length: `${encoded.length}`, encoding: null },
      ended: input.length,
      status: "ok",
    });
    expect(await ask("gzip&expose=*")).toMatchObject({ seen: { encoding: "gzip" }, ended: input.length });
  });

  test("that is not encoded arrives, and a wrong one has its reason", async () => {
    expect(await ask("")).toMatchObject({ ended: input.length, status: "ok" });
    expect(await ask("expose=*")).toMatchObject({ ended: input.length, status: "ok" });
    expect(await ask("longer")).toMatchObject({ ended: "file-changed", status: "changed" });
  });
});

test("5,000 small files are read to their end", async () => {
  const read = page.evaluate(
    (input) => (globalThis as unknown as Host).readManyBlobs(5_000, input),
    streamInput(),
  );
  expect(await read).toBe(5_000);
});

test("a page policy that forbids WebAssembly is named", async () => {
  const strict = await context.newPage();
  await strict.route("**/*", async (route) => {
    const response = await route.fetch();
    const html = (await response.text()).replace("'wasm-unsafe-eval'", "");
    await (route.request().isNavigationRequest()
      ? route.fulfill({ response, body: html })
      : route.continue());
  });
  await strict.goto(page.url());
  const message = await strict.evaluate(() =>
    (globalThis as unknown as Host)
      .runCase({ bundle: "", files: [], policy: { method: "sigstore" }, time: "2026-01-01T00:00:00Z" })
      .then(
        () => "",
        (error: Error) => `${error.name}: ${error.message}`,
      ),
  );
  expect(message).toMatch(/^WasmError: WebAssembly is forbidden here: allow 'wasm-unsafe-eval'/);
});

/** What hosts/chromium/main.ts puts on the page. */
interface Host {
  clonedError(input: StreamInput): Promise<unknown>;
  fetchChecked: typeof fetchChecked;
  errorOfWorker(form: "json" | "error", input: StreamInput): Promise<unknown>;
  readManyBlobs(count: number, input: StreamInput): Promise<number>;
  runHashing(name: string): Promise<unknown>;
  runCase(input: CaseInput): Promise<CaseResult>;
  runScenario(name: string, input: StreamInput): Promise<unknown>;
  verifyAtOnce: typeof verifyAtOnce;
  waitForNone(most: number): Promise<number>;
}
