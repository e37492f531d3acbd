// The command `npx modelseal`: exit codes, sentences, and the protocol of the conformance suite.
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { modelseal } from "./shared/command.js";
import { repository } from "./shared/repository.js";
import { schemaErrors } from "./shared/schema.js";

const FIXTURES = repository("tests/fixtures");
const MODEL = join(FIXTURES, "example-model");
const SIGNATURE = join(FIXTURES, "model.sig");
const KEY = join(FIXTURES, "key.pub");
const KEYLESS = ["verify", "sigstore", MODEL, "--signature", SIGNATURE];
const VERIFY_KEY = ["verify", "key", MODEL, "--signature", SIGNATURE, "--public-key", KEY];

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "modelseal-cli-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** A copy of the example model, to be changed. */
function copyOfModel(name: string): string {
  const copy = join(folder, name);
  cpSync(MODEL, copy, { recursive: true });
  return copy;
}

describe("modelseal verify", () => {
  test("prints a line on the outcome, and who", async () => {
    const { exit, out, err } = await modelseal(VERIFY_KEY);
    expect([exit, err]).toEqual([0, ""]);
    expect(out).toMatch(/^VERIFIED {2}7 files are exactly as signed by the key sha256:/);
    expect(out).toMatch(/^ {2}signer {8}the key sha256:[0-9a-f]{64}, as you expect$/m);
  });

  test("prints the verdict as JSON", async () => {
    const { exit, out } = await modelseal([...VERIFY_KEY, "--format", "json"]);
    expect(exit).toBe(0);
    expect(schemaErrors(JSON.parse(out))).toEqual([]);
  });

  test("takes a certificate, and a time of judgement", async () => {
    const certificate = join(FIXTURES, "certificate");
    const args = [
      "verify",
      "certificate",
      MODEL,
      "--signature",
      join(certificate, "model.sig"),
      "--certificate_chain",
      join(certificate, "root.pem"),
    ];
    expect((await modelseal([...args, "--at", "2026-11-01T00:00:00Z"])).exit).toBe(0);
    const late = await modelseal([...args, "--at", "2050-01-01T00:00:00Z", "--format=json"]);
    expect([late.exit, JSON.parse(late.out).reasons]).toEqual([1, ["certificate-expired"]]);
  });

  test("names the file that differs, and cannot be made to steer the terminal", async () => {
    const copy = copyOfModel("tampered");
    writeFileSync(join(copy, "config.json"), "{}");
    writeFileSync(join(copy, "\u001b[2J\u202egpj.exe"), "");
    const { exit, out } = await modelseal([
      "verify",
      "key",
      copy,
      "--signature",
      SIGNATURE,
      "--public-key",
      KEY,
    ]);
    expect(exit).toBe(1);
    expect(out).toMatch(/^NOT VERIFIED {2}1 file differs; 1 entry is not signed\n/);
    expect(out).toMatch(/^ {2}changed {7}config\.json {2}\(signed sha256:/m);
    expect(out).toContain("  unsigned      \\u{1b}[2J\\u{202e}gpj.exe\n");
    const json = await modelseal([
      "verify",
      "key",
      copy,
      "--signature",
      SIGNATURE,
      "--public-key",
      KEY,
      "--format",
      "json",
    ]);
    expect(["\u001b", "\u202e"].filter((character) => json.out.includes(character))).toEqual([]);
    expect(JSON.parse(json.out).coverage.unsigned).toEqual([
      { path: "\u001b[2J\u202egpj.exe", kind: "file" },
    ]);
  });

  test("accepts what an option asked for, and nothing else", async () => {
    const copy = copyOfModel("extra");
    mkdirSync(join(copy, "extra"));
    writeFileSync(join(copy, "extra/file"), "");
    const args = ["verify", "key", copy, "--signature", SIGNATURE, "--public-key", KEY];
    expect((await modelseal(args)).exit).toBe(1);
    expect((await modelseal([...args, "--ignore-unsigned-files"])).exit).toBe(0);
    expect((await modelseal([...args, "--ignore_paths", join(copy, "extra")])).exit).toBe(0);
    expect((await modelseal([...args, "--ignore-paths", "extra"])).exit).toBe(0);
    // The current folder comes first, and there this is `extra/file` of the model.
    expect((await modelseal([...args, "--ignore-paths", "extra/extra/file"], folder)).exit).toBe(0);
    expect((await modelseal([...args, "--ignore-paths", "ext"])).exit).toBe(1);
  });

  test("finds the signature in the model", async () => {
    const copy = copyOfModel("with-signature");
    cpSync(SIGNATURE, join(copy, "model.sig"));
    const args = ["verify", "key", ".", "--signature", "model.sig", "--public-key", KEY];
    expect((await modelseal(args, copy)).exit).toBe(0);
  });

  test.skipIf(process.getuid?.() === 0)("says that it could not check what it cannot read", async () => {
    const copy = copyOfModel("unreadable");
    chmodSync(join(copy, "config.json"), 0);
    const { exit, out } = await modelseal([
      "verify",
      "key",
      copy,
      "--signature",
      SIGNATURE,
      "--public-key",
      KEY,
    ]);
    expect(exit).toBe(2);
    expect(out).toContain("  unreadable    config.json  (Permission denied)\n");
  });

  test("pins a model by its root digest and its name", async () => {
    const { out } = await modelseal([...VERIFY_KEY, "--format", "json"]);
    const { name, rootDigest } = JSON.parse(out).model;
    expect((await modelseal([...VERIFY_KEY, "--root-digest", rootDigest, "--model-name", name])).exit).toBe(
      0,
    );
    const other = await modelseal([...VERIFY_KEY, "--model-name", "other", "--format", "json"]);
    expect([other.exit, JSON.parse(other.out).reasons]).toEqual([1, ["model-name-unexpected"]]);
    const denied = await modelseal([...VERIFY_KEY, "--deny", rootDigest, "--format", "json"]);
    expect([denied.exit, JSON.parse(denied.out).reasons]).toEqual([1, ["root-digest-denied"]]);
  });
});

describe("bad input gets one sentence and a code", () => {
  const without = (flag: string) =>
    VERIFY_KEY.filter((arg, index) => arg !== flag && VERIFY_KEY[index - 1] !== flag);
  const replaced = (flag: string, value: string) =>
    VERIFY_KEY.map((arg, index) => (VERIFY_KEY[index - 1] === flag ? value : arg));
  const cases: [string, readonly string[], number, string][] = [
    ["no such command", ["frobnicate"], 2, "usage-invalid"],
    ["no such method", ["verify", "magic", MODEL], 2, "usage-invalid"],
    ["no such option", [...VERIFY_KEY, "--bogus"], 2, "usage-invalid"],
    ["no value", [...VERIFY_KEY, "--at"], 2, "usage-invalid"],
    ["no model", ["verify", "key", "--signature", SIGNATURE, "--public-key", KEY], 2, "usage-invalid"],
    ["two models", [...VERIFY_KEY, MODEL], 2, "usage-invalid"],
    ["no signature", without("--signature"), 2, "usage-invalid"],
    ["no key", without("--public-key"), 2, "usage-invalid"],
    ["a key and an anchor", [...VERIFY_KEY, "--certificate-chain", KEY], 2, "usage-invalid"],
    ["keyless, without a signer", ["verify", "sigstore", ...VERIFY_KEY.slice(2, 5)], 2, "usage-invalid"],
    ["an identity without an issuer", [...KEYLESS, "--identity", "x"], 2, "usage-invalid"],
    ["an issuer, and no identity", [...KEYLESS, "--identity-provider", "x"], 2, "usage-invalid"],
    [
      "an issuer too many",
      [...KEYLESS, "--identity", "x", "--identity-provider", "y", "--identity-provider", "z"],
      2,
      "usage-invalid",
    ],
    [
      "an empty identity",
      [...KEYLESS, "--identity", "", "--identity-provider", "https://example.com"],
      2,
      "usage-invalid",
    ],
    ["an empty issuer", [...KEYLESS, "--identity", "x", "--identity-provider", ""], 2, "usage-invalid"],
    [
      "an empty field",
      [...KEYLESS, "--identity-provider", "x", "--source-repository", ""],
      2,
      "usage-invalid",
    ],
    [
      "a field under both of its names",
      [...KEYLESS, "--identity-provider", "x", "--ref", "y", "--source-repository-ref", "y"],
      2,
      "usage-invalid",
    ],
    ["a report and a signer", [...KEYLESS, "--report-only", "--identity", "x"], 2, "usage-invalid"],
    [
      "a report on one model",
      [...KEYLESS, "--report-only", "--model-name", "example-model"],
      2,
      "usage-invalid",
    ],
    [
      "two trust roots",
      [...KEYLESS, "--report-only", "--use-staging", "--trust-root", "github"],
      2,
      "usage-invalid",
    ],
    [
      "a trust root that is not there",
      [...KEYLESS, "--report-only", "--trust-root", "nothing"],
      2,
      "trust-root-unknown",
    ],
    [
      "a trust root that is none",
      [...KEYLESS, "--report-only", "--trust-root", KEY],
      2,
      "trust-root-unreadable",
    ],
    ["an empty trust root", [...KEYLESS, "--report-only", "--trust-root", ""], 2, "usage-invalid"],
    ["no such preset", ["verify", "preset", "x", ...VERIFY_KEY.slice(2, 5)], 2, "usage-invalid"],
    [
      "an artifact that is not there",
      ["verify", "attestation", "nothing", "--bundle", SIGNATURE, "--report-only"],
      2,
      "artifact-unreadable",
    ],
    [
      "an artifact that is a directory",
      ["verify", "attestation", MODEL, "--bundle", SIGNATURE, "--report-only"],
      2,
      "artifact-unreadable",
    ],
    [
      "a digest that is none",
      ["verify", "attestation", "sha256:00", "--bundle", SIGNATURE, "--report-only"],
      2,
      "usage-invalid",
    ],
    ["no such format", [...VERIFY_KEY, "--format", "xml"], 2, "usage-invalid"],
    ["no such day", [...VERIFY_KEY, "--at", "2026-02-30T00:00:00Z"], 2, "usage-invalid"],
    ["ignoring everything", [...VERIFY_KEY, "--ignore-paths", MODEL], 2, "usage-invalid"],
    ["ignoring elsewhere", [...VERIFY_KEY, "--ignore-paths", "/"], 2, "usage-invalid"],
    [
      "a model that is not there",
      ["verify", "key", "nothing", ...VERIFY_KEY.slice(3)],
      2,
      "model-unreadable",
    ],
    [
      "a model that is a device",
      ["verify", "key", "/dev/null", ...VERIFY_KEY.slice(3)],
      2,
      "model-unreadable",
    ],
    ["a signature that is not there", replaced("--signature", "nothing"), 2, "signature-unreadable"],
    ["a directory as signature", replaced("--signature", FIXTURES), 2, "signature-unreadable"],
    ["a directory as key", replaced("--public-key", FIXTURES), 2, "key-unreadable"],
    ["a key that is none", replaced("--public-key", SIGNATURE), 2, "key-invalid"],
    ["a key that is large", replaced("--public-key", process.execPath), 2, "key-unreadable"],
    ["an endless signature", replaced("--signature", "/dev/zero"), 1, "bundle-too-large"],
    [
      "an anchor that is none",
      ["verify", "certificate", MODEL, "--signature", SIGNATURE, "--certificate-chain", KEY],
      2,
      "anchor-invalid",
    ],
    ["an inspected directory", ["inspect", FIXTURES], 2, "signature-unreadable"],
    ["an inspected key", ["inspect", KEY], 2, "bundle-unreadable"],
    ["an empty signature", replaced("--signature", "/dev/null"), 2, "bundle-unreadable"],
  ];
  test.each(cases)("%s", async (_, args, exit, code) => {
    const run = await modelseal(args);
    expect(run.exit).toBe(exit);
    expect(run.out).toBe("");
    expect(run.err).toMatch(
      new RegExp(`^error\\[${code}\\]: [^\\n]+\\n(\\nFor more, try \`--help\`\\.\\n)?$`),
    );
    expect(run.err).not.toMatch(/\bat .*:\d+:\d+/);
  });

  test.each([
    ["a truncated signature", '{"mediaType": "application/vnd', "json-syntax"],
    ["a signature of brackets", `{"a":${"[".repeat(1_000_000)}`, "json-depth"],
  ])("%s", async (name, text, code) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    const { exit, out, err } = await modelseal([...replaced("--signature", path), "--format", "json"]);
    expect([exit, err, JSON.parse(out).reasons]).toEqual([1, "", [code]]);
  });
});

describe("modelseal verify-model speaks the conformance protocol", () => {
  const args = [
    "verify-model",
    "--method",
    "key",
    "--model-path",
    MODEL,
    "--bundle",
    SIGNATURE,
    "--public-key",
    KEY,
  ];

  test("with a key", async () => {
    expect((await modelseal(args)).exit).toBe(0);
    expect((await modelseal([...args.slice(0, -1), join(FIXTURES, "p384/key.pub")])).exit).toBe(1);
  });

  test("with a certificate, the form of v0.2.0 included", async () => {
    const chain = ["--cert-chain", join(FIXTURES, "certificate/root.pem")];
    for (const name of ["certificate", "digests-v0.1"]) {
      const bundle = join(FIXTURES, name, "model.sig");
      expect(
        (
          await modelseal([
            "verify-model",
            "--method",
            "certificate",
            "--model-path",
            MODEL,
            "--bundle",
            bundle,
            ...chain,
          ])
        ).exit,
      ).toBe(0);
    }
  });
});

test("modelseal roots lists what ships with it, or what is in a file", async () => {
  const { exit, out } = await modelseal(["roots", "--format", "json"]);
  const names = JSON.parse(out).map(({ name }: { name: string }) => name);
  expect([exit, names]).toEqual([0, ["production", "staging", "github"]]);
  const file = join(folder, "trusted_root.json");
  const empty = { mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1" };
  writeFileSync(file, JSON.stringify(empty));
  const own = await modelseal(["roots", file]);
  expect([own.exit, own.out.split("\n")[0]]).toEqual([0, "YOUR OWN  not a bundled trust root"]);
});

test("modelseal inspect says that nothing is verified", async () => {
  const { exit, out } = await modelseal(["inspect", SIGNATURE, "--format", "json"]);
  expect([exit, JSON.parse(out).verified]).toEqual([0, false]);
});

test("the native command's flags for a certificate's fields are the npm command's", async () => {
  const native = readFileSync(repository("crates/modelseal-cli/src/args/expected.rs"), "utf8");
  const flags = [...native.matchAll(/^ {4}(\w+) "([\w-]+)" "\w+" = \w+;$/gm)].flatMap(
    ([, name = "", alias = ""]) => [name.replaceAll("_", "-"), alias],
  );
  expect(flags.length).toBe(28);
  for (const flag of flags) {
    // Known, and refused for being empty.
    const { err } = await modelseal([...KEYLESS, "--identity-provider", "x", `--${flag}`, ""]);
    expect([flag, err]).toEqual([flag, expect.stringContaining("is an empty string, which names nothing")]);
  }
});

test("modelseal --help and --version", async () => {
  expect((await modelseal(["--help"])).out).toMatch(/Exit codes:/);
  expect((await modelseal(["--version"])).out).toMatch(/^modelseal \d+\.\d+\.\d+\n$/);
});
