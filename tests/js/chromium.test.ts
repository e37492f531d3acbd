import { appendFile, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { build, type PreviewServer, preview } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { conformance } from "./conformance.js";
import type { CaseInput, CaseResult } from "./harness.js";
import { HASHING } from "./hashing.js";
import { scenarios, streamInput } from "./scenarios.js";
import type { StreamInput } from "./streams.js";

let server: PreviewServer;
let context: BrowserContext;
let page: Page;
let profile: string;

beforeAll(async () => {
  // Built as a user's page is: the bundler has to find the Wasm by itself.
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
  readManyBlobs(count: number, input: StreamInput): Promise<number>;
  runHashing(name: string): Promise<unknown>;
  runCase(input: CaseInput): Promise<CaseResult>;
  runScenario(name: string, input: StreamInput): Promise<unknown>;
}
