// The examples in the documentation run as they stand.
import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { transformSync } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { repository } from "./shared/repository.js";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "modelseal-examples-"));
  cpSync(repository("tests/fixtures/example-model"), join(folder, "model"), { recursive: true });
  cpSync(repository("tests/fixtures/model.sig"), join(folder, "model.sig"));
  cpSync(repository("tests/fixtures/key.pub"), join(folder, "key.pem"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(repository("npm"), join(folder, "node_modules/modelseal"));
});

afterAll(() => rmSync(folder, { recursive: true }));

const EXAMPLES = readdirSync(repository("npm/src"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .flatMap((name) => examples(readFileSync(repository(`npm/src/${name}`), "utf8")));

/** The code of every `@example`, under the name of what it is the example of. */
function examples(source: string): { readonly name: string; readonly code: string }[] {
  const documented =
    /\/\*\*(?<comment>(?:(?!\*\/)[\s\S])*)\*\/\s*(?:export )?(?:static )?(?:async )?(?:function |class )?(?<name>\w+)/g;
  return [...source.matchAll(documented)].flatMap(({ groups }) => {
    const [, code] = (groups?.["comment"] ?? "").split("@example\n");
    return code === undefined ? [] : [{ name: groups?.["name"] ?? "", code: code.replace(/^\s*\* ?/gm, "") }];
  });
}

/** No example reaches a server: what is asked for is not to be had. */
const OFFLINE = `globalThis.fetch = async () => { throw new TypeError("fetch failed"); };\n`;

/** These need a page; the browser's tests use the functions themselves. */
const needsPage = (code: string) => /document\.|navigator\./.test(code);

test("everything that does something has an example", () => {
  expect(EXAMPLES.map(({ name }) => name).sort()).toEqual([
    "HubError",
    "UsageError",
    "VerifyError",
    "assertVerified",
    "byAnchor",
    "byIdentity",
    "byKey",
    "bytes",
    "checkFile",
    "checkHub",
    "checkResponse",
    "checkStream",
    "createVerifier",
    "errorCodes",
    "escapeText",
    "examine",
    "from",
    "fromDataTransfer",
    "fromDirectory",
    "fromDirectoryHandle",
    "fromEntries",
    "fromFile",
    "fromFileList",
    "fromUrls",
    "huggingFace",
    "init",
    "inspect",
    "json",
    "jsonListing",
    "openBundle",
    "preset",
    "readTrustRoot",
    "refreshTrustRoot",
    "response",
    "signModel",
    "storedTrustRoot",
    "trustRoots",
    "verified",
    "verify",
    "verifyArtifact",
    "verifyFile",
    "version",
  ]);
});

test.each(EXAMPLES.filter(({ code }) => !needsPage(code)))("$name", ({ name, code: typed }) => {
  const { code } = transformSync(typed, { loader: "ts", format: "esm" });
  writeFileSync(join(folder, "offline.mjs"), OFFLINE);
  writeFileSync(join(folder, `${name}.mjs`), code);
  // What fails says so on its own; what runs to its end is right.
  expect(() =>
    execFileSync(process.execPath, ["--import", "./offline.mjs", `${name}.mjs`], {
      cwd: folder,
      stdio: "pipe",
    }),
  ).not.toThrow();
});

/** What the README's examples take for given. */
const GIVEN: Readonly<Record<string, string>> = {
  bundle: "Uint8Array",
  blob: "Blob",
  key: "Uint8Array",
  path: "string",
  policy: 'import("modelseal").Policy',
  signed: 'import("modelseal").SignedModel',
  state: "Uint8Array",
  url: "string",
};

/** An example of the README, with what it takes for given. */
function standalone(code: string): string {
  const imports = code.match(/^import .*$/gm) ?? [];
  const rest = code.replace(/^import .*$/gm, "");
  const given = Object.entries(GIVEN).filter(
    ([name]) => new RegExp(`\\b${name}\\b`).test(rest) && !new RegExp(`const ${name}\\b`).test(rest),
  );
  const declared = given.map(([name, type]) => `declare const ${name}: ${type};`);
  return [...imports, ...declared, "export async function example() {", rest, "}"].join("\n");
}

const README = readFileSync(repository("npm/README.md"), "utf8");
const README_EXAMPLES = [...README.matchAll(/```js\n(.*?)```/gs)].map(([, code = ""], index) => ({
  name: `readme-${index}`,
  code: standalone(code),
}));

test.each(["nodenext", "bundler"])("each compiles as strict TypeScript, with %s resolution", (resolution) => {
  const typed = join(folder, `typed-${resolution}`);
  mkdirSync(typed);
  for (const { name, code } of [...EXAMPLES, ...README_EXAMPLES]) {
    writeFileSync(join(typed, `${name}.mts`), `${code}\nexport {};\n`);
  }
  expectCompiles(typed, {
    lib: ["es2023", "esnext.disposable", "dom", "dom.iterable", "dom.asynciterable"],
    module: resolution === "nodenext" ? "nodenext" : "esnext",
    moduleResolution: resolution,
  });
});

test("the types need no DOM library, and hold where those of libraries are checked", () => {
  const typed = join(folder, "typed-without-dom");
  mkdirSync(typed);
  const entries = ["modelseal", "modelseal/files", "modelseal/hub", "modelseal/testing", "modelseal/tuf"];
  const code = entries.map((entry, index) => `export * as e${index} from "${entry}";\n`).join("");
  writeFileSync(join(typed, "all.mts"), code);
  expectCompiles(typed, { skipLibCheck: false, lib: ["es2023"], module: "nodenext" });
});

/** The files of a folder compile as strict TypeScript, for Node. */
function expectCompiles(folder: string, options: object): void {
  const compilerOptions = {
    strict: true,
    noEmit: true,
    target: "es2022",
    typeRoots: [repository("node_modules/@types")],
    types: ["node"],
    ...options,
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
  const tsc = repository("node_modules/typescript/bin/tsc");
  const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
  expect(stdout).toBe("");
}
