// The projects in `examples`, run as their READMEs say, and what the README quotes of them.
import { execFile } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { build, preview } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { repository } from "./shared/repository.js";
import { startWorker } from "./shared/workerd.js";

const FIXTURES = repository("tests/fixtures");
const MODEL = join(FIXTURES, "example-model");
const SIGNATURE = join(FIXTURES, "model.sig");
const KEY = join(FIXTURES, "key.pub");

let folder: string;
let tampered: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "modelseal-examples-"));
  tampered = join(folder, "tampered");
  cpSync(MODEL, tampered, { recursive: true });
  appendFileSync(join(tampered, "config.json"), "\n");
});

afterAll(() => rmSync(folder, { recursive: true }));

describe("examples/node", () => {
  const run = (model: string) =>
    new Promise<readonly [boolean, string]>((resolve) => {
      const arguments_ = [repository("examples/node/verify.mjs"), model, SIGNATURE, KEY];
      execFile(process.execPath, arguments_, (error, out) => resolve([error === null, out]));
    });

  test("verifies a folder", async () => {
    expect(await run(MODEL)).toEqual([true, "verified: 7 files of example-model\n"]);
  });

  test("ends with an error where a byte is different", async () => {
    expect(await run(tampered)).toEqual([false, "changed: config.json (digest)\n"]);
  });
});

describe("examples/vite", () => {
  test("verifies a folder in Chromium", async () => {
    const root = repository("examples/vite");
    const outDir = join(folder, "vite");
    await build({ root, logLevel: "warn", build: { outDir, emptyOutDir: true, target: "es2022" } });
    const server = await preview({ root, build: { outDir }, preview: { host: "127.0.0.1", port: 0 } });
    const browser = await chromium.launch({
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    });
    try {
      const page = await browser.newPage();
      await page.goto(server.resolvedUrls?.local[0] ?? "");
      await page.setInputFiles("#bundle", SIGNATURE);
      await page.setInputFiles("#key", KEY);
      const outcome = async (model: string) => {
        await page.setInputFiles("#model", model);
        await page.locator("#outcome").evaluate((output) => output.replaceChildren());
        await page.click("#check");
        const done = page.locator("#outcome", { hasText: /verified|incomplete|failed/ });
        return (await done.textContent())?.trim();
      };
      expect(await outcome(MODEL)).toBe("verified");
      expect(await outcome(tampered)).toBe("failed file-changed");
    } finally {
      await browser.close();
      await server.close();
    }
  });
});

describe("examples/cloudflare-worker", () => {
  test("passes a file on, and never completes a wrong one", async () => {
    let model = MODEL;
    const origin = createServer((request, response) => {
      const path = (request.url ?? "").slice(1);
      response.end(readFileSync(path === "model.sig" ? SIGNATURE : join(model, path)));
    });
    await new Promise<void>((resolve) => origin.listen(0, "127.0.0.1", resolve));
    const address = `http://127.0.0.1:${(origin.address() as AddressInfo).port}/`;
    const worker = await startWorker(repository("examples/cloudflare-worker/src/index.js"), {
      ORIGIN: address,
      PUBLIC_KEY: readFileSync(KEY, "utf8"),
    });
    try {
      // Over the network, by a client that takes encodings: a broken transfer must not look like a short one.
      const file = async () => (await fetch(new URL("/config.json", await worker.ready))).text();
      expect(await file()).toBe(readFileSync(join(MODEL, "config.json"), "utf8"));
      model = tampered;
      await expect(file()).rejects.toThrow();
    } finally {
      await worker.dispose();
      origin.close();
    }
  });
});

test.each([
  ["examples/node/verify.mjs", "README.md"],
  ["examples/vite/main.js", "README.md"],
  ["examples/cloudflare-worker/src/index.js", "README.md"],
  ["examples/rust/src/main.rs", "README.md"],
])("%s is quoted by %s as it is", (example, readme) => {
  const text = readFileSync(repository(readme), "utf8");
  const [, quoted = ""] = text.split(`<!-- ${example} -->\n`);
  const [, code = ""] = /^```\w+\n([\s\S]*?)\n```$/m.exec(quoted) ?? [];
  const lines = code.split("\n").map((line) => line.trim());
  expect(code).not.toBe("");
  expect(lines.length).toBeLessThanOrEqual(10);
  const source = readFileSync(repository(example), "utf8");
  const found = source.split("\n").map((line) => line.trim());
  const start = found.findIndex((_, at) => lines.every((line, offset) => found[at + offset] === line));
  expect(start, `README.md quotes what is not in ${example}:\n${code}`).toBeGreaterThanOrEqual(0);
});
