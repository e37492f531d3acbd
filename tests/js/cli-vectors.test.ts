// The public vectors by way of the command `npx modelseal`, which speaks the protocols of both suites.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type SigstoreExpected, sha256Of, sigstoreFiles } from "./shared/cases.js";
import { modelseal } from "./shared/command.js";
import { NO_VECTORS, readJson, repository, vectors } from "./shared/repository.js";
import { schemaErrors } from "./shared/schema.js";

const named = (name: string) => (vectors === undefined ? `${name} (${NO_VECTORS})` : name);

describe("modelseal verify-bundle", () => {
  const pinned = readJson<Record<string, SigstoreExpected>>(repository("tests/suites/vectors/sigstore.json"));
  for (const [name, expected] of Object.entries(pinned)) {
    for (const by of ["path", "digest"] as const) {
      test.skipIf(vectors === undefined).concurrent(named(`${name} by ${by}`), async () => {
        const { exit, out, err } = await modelseal(["verify-bundle", ...bundleArguments(name, by)]);
        if (expected === "verified") {
          expect([exit, err]).toEqual([0, ""]);
          // The suite's command takes statements of any type, and says that it did not check what they say.
          expect(out).toMatch(/^(VERIFIED {2}|INCOMPLETE {2}[^\n]*\n {2}reasons {7}predicate-unchecked\n)/);
        } else if (expected.stage === "policy") {
          expect([exit, out]).toEqual([2, ""]);
          expect(err).toMatch(new RegExp(`^error\\[${expected.code}\\]: `));
        } else {
          expect([exit, err]).toEqual([1, ""]);
          expect(out).toMatch(/^NOT VERIFIED {2}/);
          expect(out).toContain(`\n  reasons       ${expected.code}\n`);
        }
      });
    }
  }
});

function bundleArguments(name: string, by: "path" | "digest"): string[] {
  const { bundle, artifact, key, root, issuer, identity } = sigstoreFiles(name);
  return [
    "--bundle",
    bundle,
    ...(key === undefined
      ? ["--certificate-identity", identity, "--certificate-oidc-issuer", issuer]
      : ["--key", key]),
    ...(root === undefined ? [] : ["--trusted-root", root]),
    by === "digest" ? `sha256:${sha256Of(artifact)}` : artifact,
  ];
}

describe("modelseal verify-model --method sigstore", () => {
  const expected = readJson<Record<string, { readonly reasons: readonly string[] }>>(
    repository("tests/suites/vectors/expected.json"),
  );
  const keyless = Object.entries(expected).filter(([name]) => name.includes("sigstore"));

  test.skipIf(vectors === undefined)(named("has every case of the suite"), () => {
    const suite = join(vectors ?? "", "oms/verify");
    const names = readdirSync(suite).flatMap((kind) =>
      readdirSync(join(suite, kind)).map((name) => `oms/verify/${kind}/${name}`),
    );
    const found = names.filter((name) => name.includes("sigstore"));
    expect(found.sort()).toEqual(keyless.map(([name]) => name).sort());
  });

  for (const [name, { reasons }] of keyless) {
    test.skipIf(vectors === undefined)(named(name), async () => {
      const folder = join(vectors ?? "", name);
      const { verify, method } = JSON.parse(readFileSync(join(folder, "config.json"), "utf8"));
      const { exit, out, err } = await modelseal([
        "verify-model",
        ...["--method", method, "--model-path", join(folder, "model")],
        ...["--bundle", join(folder, "bundle.sig")],
        ...(method === "key"
          ? // The assets do not have the key that this case names.
            ["--public-key", repository("tests/fixtures/key.pub")]
          : ["--identity", verify.identity, "--identity-provider", verify.identity_provider]),
        ...(verify.ignore_paths ?? []).flatMap((path: string) => ["--ignore-paths", path]),
      ]);
      expect(err).toBe("");
      expect([exit, /^ {2}reasons {7}(.*)$/m.exec(out)?.[1]?.split(", ") ?? []]).toEqual([
        reasons.length === 0 ? 0 : 1,
        reasons,
      ]);
    });
  }
});

describe.skipIf(vectors === undefined)(named("keyless, by hand"), () => {
  const folder = join(vectors ?? "", "oms/verify/historical/historical-v0.3.1-sigstore");
  const model = ["verify", "sigstore", join(folder, "model"), "--signature", join(folder, "bundle.sig")];
  const { identity, identity_provider: issuer } =
    vectors === undefined ? {} : readJson<OmsConfig>(join(folder, "config.json")).verify;
  const expected = ["--identity", `${identity}`, "--identity-provider", `${issuer}`];

  test("the text says who signed, where it was logged, when, and by which trust root", async () => {
    const { exit, out } = await modelseal([...model, ...expected]);
    expect(exit).toBe(0);
    expect(out).toContain(`\n  signer        ${identity}, as you expect\n  issuer        ${issuer}\n`);
    expect(out).toMatch(
      /^ {2}logged {8}https:\/\/rekor\.sigstore\.dev, entry \d+ \(.*\), inclusion proved$/m,
    );
    expect(out).toMatch(/^ {2}signed at {5}\d{4}-.*Z, according to the log https:\/\/rekor\.sigstore\.dev$/m);
    expect(out).toMatch(/^ {2}trust root {4}production of \d{4}-\d\d-\d\d, sha256:[0-9a-f]{64}$/m);
  });

  test("any of several identities is enough", async () => {
    expect((await modelseal([...model, "--identity", "x@example.com", ...expected])).exit).toBe(0);
  });

  test("a field that the certificate does not have is unexpected", async () => {
    const args = [...model, ...expected, "--source-repository", "https://github.com/owner/repository"];
    const { exit, out } = await modelseal([...args, "--format", "json"]);
    const { reasons, publisher } = JSON.parse(out);
    expect([exit, reasons, publisher]).toEqual([
      1,
      ["identity-unexpected"],
      {
        status: "unexpected",
        name: identity,
        issuer,
        expected: [{ issuer, identity, sourceRepositoryUri: "https://github.com/owner/repository" }],
        mismatches: [
          { field: "sourceRepositoryUri", expected: "https://github.com/owner/repository", found: null },
        ],
      },
    ]);
  });

  test("a report names the signer, and is not success", async () => {
    const { exit, out } = await modelseal([...model, "--report-only"]);
    expect([exit, out.split("\n")[0]]).toEqual([
      1,
      expect.stringMatching(/^INCOMPLETE {2}.*; no expected publisher was given$/),
    ]);
    expect(out).toContain(`\n  signer        ${identity}, not compared with an expected one\n`);
  });

  test("the trust root may be a file, and another one does not verify it", async () => {
    const file = join(vectors ?? "", "roots/sigstore-public-good.trusted_root.json");
    expect((await modelseal([...model, ...expected, "--trust-root", file])).exit).toBe(0);
    const { exit, out } = await modelseal([...model, ...expected, "--use-staging"]);
    expect(exit).toBe(1);
    expect(out).toMatch(/^ {2}trust root {4}staging of /m);
  });

  test("an attestation says how a file was built, and a signature over it is verified too", async () => {
    const attest = (name: string, ...more: string[]) => {
      const { bundle, artifact, identity, issuer } = sigstoreFiles(name);
      const whom = ["--identity", identity, "--identity-provider", issuer];
      return modelseal(["verify", "attestation", artifact, "--bundle", bundle, ...whom, ...more]);
    };
    const { exit, out } = await attest("happy-path-intoto-in-dsse-v3");
    expect(exit).toBe(0);
    expect(out).toMatch(/^ {2}attestation {3}https:\/\/slsa\.dev\/provenance\/v/m);
    expect(out).toMatch(/^ {2}builder {7}https:\/\//m);
    const json = await attest("happy-path-intoto-in-dsse-v3", "--format", "json");
    expect(schemaErrors(JSON.parse(json.out))).toEqual([]);
    const signature = await attest("happy-path-v0.3");
    expect([signature.exit, signature.err]).toEqual([0, ""]);
    expect(signature.out).toMatch(/^VERIFIED {2}.* is exactly as signed by /);
  });

  test("NVIDIA’s agent skills need nothing but the preset", async () => {
    const skill = join(vectors ?? "", "nvidia-skills/doca-gpi");
    const signature = ["--signature", join(skill, "skill.oms.sig")];
    const args = ["verify", "preset", "nvidia-agent-capabilities", skill, ...signature, "--format", "json"];
    const { exit, out } = await modelseal(args);
    const { publisher, expectation } = JSON.parse(out);
    expect([exit, publisher.basis]).toEqual([0, "anchor"]);
    expect(expectation).toEqual({ setBy: "preset", name: "nvidia-agent-capabilities" });
  });
});

interface OmsConfig {
  readonly verify: { readonly identity?: string; readonly identity_provider?: string };
}
