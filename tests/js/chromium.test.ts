import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { build, type PreviewServer, preview } from "vite";
import { afterAll, beforeAll } from "vitest";
import { conformance } from "./conformance.js";
import type { CaseInput, CaseResult } from "./harness.js";

let server: PreviewServer;
let context: BrowserContext;
let page: Page;
let profile: string;

beforeAll(async () => {
  // Built as a user's page is: the bundler has to find the Wasm by itself.
  const root = fileURLToPath(new URL("hosts/chromium", import.meta.url));
  await build({ root, logLevel: "warn", build: { target: "es2022" } });
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
  page.evaluate(
    (given) => (globalThis as unknown as { runCase(input: CaseInput): Promise<CaseResult> }).runCase(given),
    input,
  ),
);
