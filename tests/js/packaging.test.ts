// What users install: the packed package, alone in a folder of its own.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { publint } from "publint";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readJson, repository } from "./shared/repository.js";

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
  cpSync(repository("tests/fixtures/example-model"), join(folder, "model"), { recursive: true });
  for (const name of ["model.sig", "key.pub"])
    cpSync(repository(`tests/fixtures/${name}`), join(folder, name));
});

afterAll(() => rmSync(folder, { recursive: true }));

test("the example in its README verifies in Node", () => {
  const text = readFileSync(join(installed, "README.md"), "utf8");
  const examples = [...text.matchAll(/```js\n(.*?)```/gs)].map(([, example = ""]) => example);
  const example = examples.find((example) => example.includes("fromDirectory"));
  writeFileSync(join(folder, "example.mjs"), `${example}\nconsole.log(verdict.outcome);\n`);
  expect(execFileSync(process.execPath, ["example.mjs"], { cwd: folder, encoding: "utf8" })).toBe(
    "verified\n",
  );
});

test("its command is installed and runs", () => {
  const args = ["verify", "key", "model", "--signature", "model.sig", "--public-key", "key.pub"];
  expect(execFileSync("npx", ["--no", "modelseal", ...args], { cwd: folder, encoding: "utf8" })).toMatch(
    /^VERIFIED\b/,
  );
});

test("it holds what it needs and nothing else", () => {
  const found = readdirSync(installed, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(installed, join(entry.parentPath, entry.name)));
  const kinds = new Set(found.map((name) => name.replace(/^(dist\/).*(\.d\.ts|\.js)$/, "$1*$2")));
  expect([...kinds].sort()).toEqual([
    "LICENSE",
    "README.md",
    "THIRD-PARTY-NOTICES.md",
    "bin/modelseal.js",
    "dist/*.d.ts",
    "dist/*.js",
    "package.json",
    "roots/github.js",
    "roots/github.json",
    "roots/staging.js",
    "roots/staging.json",
    "roots/tuf-github.js",
    "roots/tuf-production.js",
    "roots/tuf-staging.js",
    "schema/artifact-verdict.json",
    "schema/verdict.json",
    "types/platform.d.ts",
    "wasm/import.d.ts",
    "wasm/instance.d.ts",
    "wasm/instance.js",
    "wasm/integrity.d.ts",
    "wasm/integrity.js",
    "wasm/modelseal.d.ts",
    "wasm/modelseal_bg.wasm",
    "wasm/modelseal_tuf.d.ts",
    "wasm/modelseal_tuf.js",
    "wasm/modelseal_tuf_bg.wasm",
  ]);
  const same = (packed: string, source: string) =>
    expect(readFileSync(join(installed, packed), "utf8")).toBe(readFileSync(repository(source), "utf8"));
  same("LICENSE", "LICENSE");
  same("schema/artifact-verdict.json", "schema/artifact-verdict.schema.json");
  same("schema/verdict.json", "schema/verdict.schema.json");
  const { dependencies } = readJson<{ dependencies?: object }>(join(installed, "package.json"));
  expect(dependencies).toBeUndefined();
});

test("Node’s files share their classes and their state: no module that has any is in two of them", () => {
  const bundles = readdirSync(join(installed, "dist/node")).filter((name) => name.endsWith(".js"));
  // The bundler names each module before its code.
  const modules = bundles.flatMap((name) => {
    const source = readFileSync(join(installed, "dist/node", name), "utf8");
    const found = source.matchAll(/^\/\/ ((?:dist|wasm)\/\S+\.js)$/gm);
    return [...new Set(Array.from(found, ([, module = ""]) => module))];
  });
  expect(modules.length).toBeGreaterThan(40);
  const twice = new Set(modules.filter((name, index) => modules.indexOf(name) !== index));
  expect([...twice].sort()).toEqual(["dist/core/block.js", "dist/core/escape.js", "dist/core/own.js"]);
  for (const module of twice) {
    const source = readFileSync(repository(`npm/${module}`), "utf8");
    expect([module, source.match(/^(?:export )?(?:class|let|var) .*$/gm)]).toEqual([module, null]);
  }
});

test("it tells the digest of its WebAssembly", async () => {
  const { integrity, sha256 } = await import(pathToFileURL(join(installed, "wasm/integrity.js")).href);
  const hash = createHash("sha256").update(readFileSync(join(installed, "wasm/modelseal_bg.wasm")));
  const digest = hash.digest();
  expect(sha256).toBe(digest.toString("hex"));
  expect(integrity).toBe(`sha256-${digest.toString("base64")}`);
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

test("the lock file does not tell where packages were fetched", () => {
  const lock = readJson<{ packages: Record<string, { resolved?: string; link?: boolean }> }>(
    repository("package-lock.json"),
  );
  const told = Object.entries(lock.packages).filter(
    ([, { resolved, link }]) => resolved !== undefined && link !== true,
  );
  expect(told).toEqual([]);
});
