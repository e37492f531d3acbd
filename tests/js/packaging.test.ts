// What users install: the packed package, alone in a folder of its own.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { publint } from "publint";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readJson, repository } from "./repository.js";

let folder: string;
let installed: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "modelseal-package-"));
  const npm = (args: readonly string[], cwd: string) =>
    execFileSync("npm", args, { cwd, encoding: "utf8", stdio: "pipe" });
  npm(["pack", "--silent", "--pack-destination", folder], repository("npm"));
  const [tarball = ""] = readdirSync(folder);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  npm(["install", "--offline", "--no-audit", "--no-fund", "--silent", join(folder, tarball)], folder);
  installed = join(folder, "node_modules/modelseal");
  for (const name of ["example-model", "model.sig", "key.pub"]) {
    cpSync(repository(`tests/fixtures/${name}`), join(folder, name), { recursive: true });
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

const VERIFY = `
  import { readFile } from "node:fs/promises";
  import { verify } from "modelseal";
  import { fromDirectory } from "modelseal/files";
  const verdict = await verify({
    bundle: await readFile("model.sig"),
    files: await fromDirectory("example-model"),
    policy: { method: "key", publicKey: await readFile("key.pub", "utf8") },
  });
  console.log(verdict.outcome);
`;

test("the packed package verifies in Node", () => {
  writeFileSync(join(folder, "verify.mjs"), VERIFY);
  expect(execFileSync(process.execPath, ["verify.mjs"], { cwd: folder, encoding: "utf8" })).toBe(
    "verified\n",
  );
});

test("its command is installed and runs", () => {
  const command = join(folder, "node_modules/.bin/modelseal");
  const args = ["verify", "key", "example-model", "--signature", "model.sig", "--public-key", "key.pub"];
  expect(execFileSync(command, args, { cwd: folder, encoding: "utf8" })).toMatch(/^VERIFIED: /);
});

test("it holds what it needs and nothing else", () => {
  const found = readdirSync(installed, { recursive: true, encoding: "utf8" });
  const kinds = new Set(
    found
      .map((name) => name.replace(/^(dist\/).*(\.d\.ts|\.js)$/, "$1*$2"))
      .filter((name) => name.includes(".")),
  );
  expect([...kinds].sort()).toEqual(
    [
      "LICENSE",
      "README.md",
      "bin/modelseal.js",
      "dist/*.d.ts",
      "dist/*.js",
      "package.json",
      "roots/github.js",
      "roots/github.json",
      "roots/staging.js",
      "roots/staging.json",
      "wasm/modelseal.d.ts",
      "wasm/modelseal.js",
      "wasm/modelseal_bg.wasm",
    ].filter((name) => name.includes(".")),
  );
  const { dependencies } = readJson<{ dependencies?: object }>(join(installed, "package.json"));
  expect(dependencies).toBeUndefined();
});

test("every export leads to a file, and each comes in the right order for its readers", async () => {
  const { messages } = await publint({ pkgDir: repository("npm"), strict: true });
  expect(messages).toEqual([]);
});

test("a bundler for browsers takes nothing of Node", async () => {
  const entry =
    'import { verify } from "modelseal"; import { fromFileList } from "modelseal/files"; console.log(verify, fromFileList);';
  const { metafile } = await build({
    stdin: { contents: entry, resolveDir: folder },
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    metafile: true,
  });
  const inputs = Object.keys(metafile.inputs).map((name) => name.slice(name.indexOf("modelseal/")));
  expect(inputs).toContain("modelseal/dist/entry/browser.js");
  expect(inputs.filter((name) => /node|directory\.js|cli/.test(name))).toEqual([]);
});

test("the examples in its documentation are those of this version", () => {
  const text = readFileSync(join(installed, "README.md"), "utf8");
  expect(text).toContain("npx modelseal verify key");
});

test("the lock file does not tell where packages were fetched", () => {
  const lock = readJson<{ packages: Record<string, { resolved?: string; link?: boolean }> }>(
    repository("package-lock.json"),
  );
  const told = Object.entries(lock.packages).filter(
    ([, { resolved, link }]) => resolved !== undefined && link !== true,
  );
  expect(told).toEqual([]);
});
