import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { build, type PreviewServer, preview } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const { CHROMIUM: executablePath = "/usr/bin/chromium" } = process.env;

/** The built page on a server of the loopback interface, and a browser to look at it with. */
export class Site {
  readonly #server: PreviewServer;
  readonly #browser: Browser;
  /** Where the page is. */
  readonly address: string;

  private constructor(server: PreviewServer, browser: Browser, address: string) {
    this.#server = server;
    this.#browser = browser;
    this.address = address;
  }

  /** Builds to a folder of its own, so that a served page is not replaced under its visitors. */
  static async open(outDir: string): Promise<Site> {
    await build({ root, logLevel: "warn", build: { outDir, emptyOutDir: true } });
    const server = await preview({ root, logLevel: "warn", build: { outDir }, preview: { port: 0 } });
    const browser = await chromium.launch({
      executablePath,
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
    });
    const address = server.resolvedUrls?.local[0];
    if (address === undefined) throw new Error("the preview server has no address");
    return new Site(server, browser, address);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
  }

  /** Visits the page with a profile of its own. */
  async visit(
    options: BrowserContextOptions = {},
    prepare?: (page: Page) => Promise<unknown>,
    hash = "",
    address = this.address,
  ): Promise<Visit> {
    const context = await this.#browser.newContext(options);
    const page = await context.newPage();
    const visit = new Visit(page, address);
    await prepare?.(page);
    await page.goto(address + hash);
    // Before it, nothing listens to a drop.
    await page.locator("main").waitFor();
    return visit;
  }
}

/** One visit, and all that went wrong or out of the page during it. */
export class Visit {
  readonly page: Page;
  /** Texts of the console's errors, blocked content and uncaught exceptions included. */
  readonly complaints: string[] = [];
  /** Requests to anything but the page's own origin. */
  readonly foreignRequests: string[] = [];
  /** Drops, choices, entries and presses, as a person counts them. */
  actions = 0;

  constructor(page: Page, address: string) {
    this.page = page;
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") this.complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.context().on("request", (request) => {
      if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(address)) {
        this.foreignRequests.push(request.url());
      }
    });
  }

  async chooseFolder(path: string): Promise<void> {
    this.actions += 1;
    await this.page.locator("input[name=folder]").setInputFiles(path);
  }

  async chooseFiles(paths: readonly string[]): Promise<void> {
    this.actions += 1;
    await this.page.locator("input[name=files]").setInputFiles([...paths]);
  }

  /** Drops as a person does: the browser itself opens what the paths lead to. */
  async drop(paths: readonly string[]): Promise<void> {
    this.actions += 1;
    const session = await this.page.context().newCDPSession(this.page);
    const data = { items: [], files: [...paths], dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"] as const) {
      await session.send("Input.dispatchDragEvent", { type, x: 150, y: 200, data });
    }
    await session.detach();
  }

  /** What the person expects, by the form for those who know. */
  async expect(fields: {
    readonly key?: string;
    readonly certificate?: string;
    readonly identity?: string;
    readonly issuer?: string;
    readonly name?: string;
    readonly time?: string;
    readonly trustRoot?: string;
  }): Promise<void> {
    const form = this.page.locator("[data-fold=expert]");
    if ((await form.getAttribute("open")) === null) await form.locator("summary").click();
    const method =
      fields.certificate !== undefined ? "certificate" : fields.identity !== undefined ? "identity" : "key";
    await form.locator(`input[type=radio][value=${method}]`).check();
    // To open the form, to choose where the choice is not the first, each field, and to use it.
    this.actions += 2 + (method === "key" ? 0 : 1) + Object.keys(fields).length;
    if (fields.key !== undefined) await form.locator("textarea[name=key]").fill(fields.key);
    if (fields.certificate !== undefined)
      await form.locator("textarea[name=certificate]").fill(fields.certificate);
    if (fields.identity !== undefined) await form.locator("input[name=identity]").fill(fields.identity);
    if (fields.issuer !== undefined) await form.locator("input[name=issuer]").fill(fields.issuer);
    if (fields.name !== undefined) await form.locator("input[name=model-name]").fill(fields.name);
    if (fields.time !== undefined) await form.locator("input[name=time]").fill(fields.time);
    if (fields.trustRoot !== undefined)
      await form.locator("select[name=trust-root-name]").selectOption(fields.trustRoot);
    await form.getByRole("button", { name: "Use this" }).click();
  }

  /** Waits for the answer, and returns its state. */
  async state(): Promise<string | null> {
    const result = this.page.locator(".result");
    await result.waitFor();
    return result.getAttribute("data-state");
  }

  /** Waits for an answer in this state: one before it may still be there. */
  async waitFor(state: string): Promise<void> {
    await this.page.locator(`.result[data-state="${state}"]`).waitFor();
  }

  async press(name: string): Promise<void> {
    this.actions += 1;
    await this.page.getByRole("button", { name, exact: true }).click();
  }

  async title(): Promise<string | null> {
    return this.page.locator(".outcome__title span").last().textContent();
  }

  async sentence(): Promise<string | null> {
    return this.page.locator(".outcome__sentence").textContent();
  }

  /** The four answers in their order: signature, publisher, coverage, bytes. */
  async answers(): Promise<string[]> {
    return this.page.locator(".answer__label").allTextContents();
  }

  async open(fold: string): Promise<void> {
    const element = this.page.locator(`[data-fold="${fold}"]`);
    if ((await element.getAttribute("open")) === null) await element.locator("summary").first().click();
  }

  /** What is for the record, as name and value. */
  async facts(): Promise<[name: string, value: string][]> {
    await this.open("evidence");
    const [names, values] = await Promise.all([
      this.page.locator(".facts dt").allTextContents(),
      this.page.locator(".facts dd").allTextContents(),
    ]);
    return names.map((name, index) => [name, values[index] ?? ""]);
  }

  /** The rows of the file table that are drawn, as status and name. */
  async rows(): Promise<[status: string, name: string][]> {
    await this.open("files");
    const rows = this.page.locator(".rows .row");
    await rows.first().waitFor();
    return rows.evaluateAll((elements) =>
      elements.map((row): [string, string] => [
        row.getAttribute("data-status") ?? "",
        row.querySelector(".row__name")?.textContent ?? "",
      ]),
    );
  }
}
