// The package's other entries, and what there is where its Wasm should be.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as modelseal from "modelseal/browser";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { repository } from "./shared/repository.js";
import { signFiles } from "./shared/sign.js";

const MODEL = new Map([["model.bin", Buffer.alloc(10 * 1024 * 1024)]]);
const { bundle, policy } = signFiles(MODEL);

let folder: string;
const servers: Server[] = [];

/** Serves on loopback; returns the origin. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "modelseal-entries-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(repository("npm"), join(folder, "node_modules/modelseal"));
  writeFileSync(join(folder, "input.json"), JSON.stringify({ bundle, policy }));
});

afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true });
});

/** Verifies the model and a changed one in a Node of its own. */
function verifyInNode(begin: string): unknown {
  const script = `${begin}
    import { readFileSync } from "node:fs";
    const given = JSON.parse(readFileSync("input.json", "utf8"));
    const outcomes = [];
    for (const byte of [0, 1]) {
      const bytes = new Uint8Array(${10 * 1024 * 1024});
      bytes[7] = byte;
      const files = Object.assign([{ path: "model.bin", kind: "file", open: () => bytes }], { complete: true });
      outcomes.push((await verify({ ...given, files })).outcome);
    }
    console.log(JSON.stringify(outcomes));`;
  writeFileSync(join(folder, "script.mjs"), script);
  return JSON.parse(execFileSync(process.execPath, ["script.mjs"], { cwd: folder, encoding: "utf8" }));
}

describe("in Node", () => {
  test("modelseal/inline needs no file beside it", () => {
    expect(verifyInNode('import { verify } from "modelseal/inline";')).toEqual(["verified", "failed"]);
  });

  test("a module of another realm is one, as in edge runtimes", () => {
    const begin = `import { init, verify } from "modelseal";
      import { runInNewContext } from "node:vm";
      import { readFileSync as read } from "node:fs";
      const file = new URL("../../wasm/modelseal_bg.wasm", import.meta.resolve("modelseal"));
      const module = runInNewContext("new WebAssembly.Module(bytes)", { bytes: read(file) });
      if (module instanceof WebAssembly.Module) throw new Error("it is of this realm");
      await init({ wasm: module });`;
    expect(verifyInNode(begin)).toEqual(["verified", "failed"]);
  });

  test("HTML in place of the Wasm is called that, with what to do", async () => {
    const origin = await serve((_, response) => {
      response.setHeader("content-type", "text/html").end("<!doctype html><title>app</title>");
    });
    const script = `import { init } from "modelseal";
      await init({ wasm: "${origin}/modelseal.wasm" }).catch((error) => console.log(error.name, error.message));`;
    writeFileSync(join(folder, "html.mjs"), script);
    // Not waited for in this thread, which serves.
    const { execFile } = await import("node:child_process");
    const output = await new Promise<string>((resolve, reject) => {
      execFile(process.execPath, ["html.mjs"], { cwd: folder }, (error, stdout) =>
        error === null ? resolve(stdout) : reject(error),
      );
    });
    expect(output).toMatch(/^WasmError .*answered with HTML.*optimizeDeps\.exclude.*init\(\{ wasm/);
  });
});

describe("one script of another origin, in Chromium", () => {
  let browser: Browser;
  let cdn: string;
  let requested: string[] = [];
  let wasm: Buffer | undefined;

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
    });
    cdn = await serve(async (request, response) => {
      const path = request.url ?? "";
      requested.push(path);
      response.setHeader("access-control-allow-origin", "*");
      const type = path.endsWith(".wasm") ? "application/wasm" : "text/javascript";
      const bytes =
        path.endsWith(".wasm") && wasm
          ? wasm
          : await readFile(repository(`npm${path}`)).catch(() => undefined);
      if (bytes === undefined) response.writeHead(404).end();
      else response.setHeader("content-type", type).end(bytes);
    });
  });

  afterAll(() => browser?.close());

  async function verifyInPage(policyHeader?: string): Promise<unknown> {
    requested = [];
    const origin = await serve((request, response) => {
      if (request.url !== "/") return response.writeHead(204).end();
      response.setHeader("content-type", "text/html");
      if (policyHeader !== undefined) response.setHeader("content-security-policy", policyHeader);
      const script = `import * as modelseal from "${cdn}/dist/browser/modelseal.js"; Object.assign(window, { modelseal });`;
      return response.end(`<!doctype html><title>page</title><script type="module">${script}</script>`);
    });
    const page = await browser.newPage();
    try {
      await page.goto(origin);
      return await page.evaluate(async (given) => {
        const { fromFile, verify } = (window as unknown as { modelseal: typeof modelseal }).modelseal;
        const verdicts = [];
        for (const byte of [0, 1]) {
          const bytes = new Uint8Array(10 * 1024 * 1024);
          bytes[7] = byte;
          const files = fromFile(new File([bytes], "model.bin"));
          try {
            const { outcome, diagnostics } = await verify({
              ...JSON.parse(given),
              files: Object.assign(files, { singleFile: undefined }),
            });
            verdicts.push([outcome, (diagnostics?.workers ?? 0) > 0]);
          } catch (error) {
            verdicts.push(String(error));
          }
        }
        return verdicts;
      }, JSON.stringify({ bundle, policy }));
    } finally {
      await page.close();
    }
  }

  test("verifies in three requests, with workers", async () => {
    expect(await verifyInPage()).toEqual([
      ["verified", true],
      ["failed", true],
    ]);
    expect(new Set(requested)).toEqual(
      new Set(["/dist/browser/modelseal.js", "/wasm/modelseal_bg.wasm", "/dist/browser/worker.js"]),
    );
  });

  test("does without workers where the page allows none", async () => {
    const header = `script-src ${cdn} 'wasm-unsafe-eval' 'unsafe-inline'; worker-src 'none'`;
    expect(await verifyInPage(header)).toEqual([
      ["verified", false],
      ["failed", false],
    ]);
  });

  test("takes no other Wasm than its own", async () => {
    wasm = Buffer.concat([
      await readFile(repository("npm/wasm/modelseal_bg.wasm")),
      Buffer.from([0, 2, 1, 97]),
    ]);
    try {
      const refused = expect.stringContaining("not the one that this version of modelseal was built with");
      expect(await verifyInPage()).toEqual([refused, refused]);
    } finally {
      wasm = undefined;
    }
  });
});
