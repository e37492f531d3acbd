// The examples in the documentation run as they stand.
import { execFileSync } from "node:child_process";
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
    "VerifyError",
    "assertVerified",
    "bytes",
    "checkFile",
    "checkResponse",
    "checkStream",
    "errorCodes",
    "escapeText",
    "from",
    "fromDataTransfer",
    "fromDirectory",
    "fromDirectoryHandle",
    "fromEntries",
    "fromFile",
    "fromFileList",
    "fromUrls",
    "init",
    "inspect",
    "json",
    "openBundle",
    "readTrustRoot",
    "refreshTrustRoot",
    "response",
    "storedTrustRoot",
    "trustRoots",
    "verified",
    "verify",
    "verifyArtifact",
    "verifyFile",
    "version",
  ]);
});

test.each(EXAMPLES.filter(({ code }) => !needsPage(code)))("$name", ({ name, code }) => {
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
