import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { build, type PreviewServer, preview } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const { CHROMIUM: executablePath = "/usr/bin/chromium" } = process.env;

/** The built page on a server of the loopback interface, and a browser to look at it with. */
export class Site {
  readonly #server: PreviewServer;
  readonly #browser: Browser;
  readonly #address: string;

  private constructor(server: PreviewServer, browser: Browser, address: string) {
    this.#server = server;
    this.#browser = browser;
    this.#address = address;
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
  ): Promise<Visit> {
    const context = await this.#browser.newContext(options);
    const page = await context.newPage();
    const visit = new Visit(page, this.#address);
    await prepare?.(page);
    await page.goto(this.#address);
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
    await this.page.locator("input[name=folder]").setInputFiles(path);
  }

  async chooseFiles(paths: readonly string[]): Promise<void> {
    await this.page.locator("input[name=files]").setInputFiles([...paths]);
  }

  async chooseSignature(path: string): Promise<void> {
    await this.page.locator("input[name=signature]").setInputFiles(path);
  }

  /** Drops as a person does: the browser itself opens what the paths lead to. */
  async drop(paths: readonly string[]): Promise<void> {
    const box = await this.page.locator(".drop-zone").boundingBox();
    if (box === null) throw new Error("the drop zone is not to be seen");
    const session = await this.page.context().newCDPSession(this.page);
    const data = { items: [], files: [...paths], dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"] as const) {
      await session.send("Input.dispatchDragEvent", { type, x: box.x + 20, y: box.y + 20, data });
    }
  }

  async giveKey(pem: string): Promise<void> {
    await this.page.getByLabel("Public key (PEM)").fill(pem);
  }

  async giveAuthority(pem: string): Promise<void> {
    await this.page.getByLabel("A certificate authority").check();
    await this.page.getByLabel("Certificates of the authorities (PEM)").fill(pem);
  }

  async giveIdentity(issuer: string, identity: string): Promise<void> {
    await this.page.getByLabel("Identity (Sigstore)").check();
    await this.page.getByLabel("Issuer").fill(issuer);
    await this.page.getByLabel("Identity", { exact: true }).fill(identity);
  }

  /** Presses the button, and waits for the verdict's outcome. */
  async verify(): Promise<string | null> {
    await this.page.getByRole("button", { name: "Verify" }).click();
    const result = this.page.locator(".result");
    await result.waitFor();
    return result.getAttribute("data-outcome");
  }

  /** The four answers by their questions' order: signature, publisher, coverage, bytes. */
  async answers(): Promise<string[]> {
    return this.page.locator(".answer__label strong").allTextContents();
  }

  /** What is for the record, as name and value. */
  async facts(): Promise<[name: string, value: string][]> {
    const [names, values] = await Promise.all([
      this.page.locator(".facts dt").allTextContents(),
      this.page.locator(".facts dd").allTextContents(),
    ]);
    return names.map((name, index) => [name, values[index] ?? ""]);
  }

  /** The rows of the file table, as status and name. */
  async rows(): Promise<[status: string, name: string][]> {
    const rows = await this.page.locator(".files tbody tr").all();
    return Promise.all(
      rows.map(
        async (row): Promise<[string, string]> => [
          (await row.getAttribute("data-status")) ?? "",
          (await row.locator("th").textContent()) ?? "",
        ],
      ),
    );
  }
}
