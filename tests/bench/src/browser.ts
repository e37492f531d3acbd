import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { build, type PreviewServer, preview } from "vite";
import { repository } from "./repository.js";

/** Chromium with the page of hosts/chromium, built as a user's page is. */
export class Browser {
  readonly #server: PreviewServer;
  readonly #context: BrowserContext;
  readonly #profile: string;

  private constructor(server: PreviewServer, context: BrowserContext, profile: string) {
    this.#server = server;
    this.#context = context;
    this.#profile = profile;
  }

  static async start(): Promise<Browser> {
    const root = repository("tests/bench/hosts/chromium");
    const outDir = repository("target/bench/page");
    const options = { target: "es2022", outDir, emptyOutDir: true, assetsInlineLimit: 0 };
    await build({ root, logLevel: "warn", build: options, worker: { format: "es" } });
    const server = await preview({
      root,
      logLevel: "warn",
      build: { outDir },
      preview: { host: "127.0.0.1", port: 0 },
    });
    const profile = await mkdtemp(join(tmpdir(), "modelseal-bench-"));
    const context = await chromium.launchPersistentContext(profile, {
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
    return new Browser(server, context, profile);
  }

  /** A fresh page that is ready to measure. */
  async open(): Promise<Page> {
    const page = await this.#context.newPage();
    page.on("pageerror", (error) => console.error(`page: ${error.message}`));
    await page.goto(this.#server.resolvedUrls?.local[0] ?? "");
    await page.waitForFunction(() => "verifyChosen" in globalThis);
    return page;
  }

  /** The process ids of all renderers. */
  async renderers(page: Page): Promise<number[]> {
    const browser = page.context().browser();
    if (browser === null) throw new Error("no browser");
    const session = await browser.newBrowserCDPSession();
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    await session.detach();
    return processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  }

  async close(): Promise<void> {
    await this.#context.close();
    await this.#server.close();
    await rm(this.#profile, { recursive: true, force: true });
  }
}
