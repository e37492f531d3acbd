// The public vectors by way of the command `npx modelseal`, which speaks the protocols of both suites.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type SigstoreExpected, sha256Of, sigstoreFiles } from "./cases.js";
import { modelseal } from "./command.js";
import { NO_VECTORS, readJson, repository, vectors } from "./repository.js";

const named = (name: string) => (vectors === undefined ? `${name} (${NO_VECTORS})` : name);

describe("modelseal verify-bundle", () => {
  const pinned = readJson<Record<string, SigstoreExpected>>(repository("tests/vectors/sigstore.json"));
  for (const [name, expected] of Object.entries(pinned)) {
    for (const by of ["path", "digest"] as const) {
      test.skipIf(vectors === undefined).concurrent(named(`${name} by ${by}`), async () => {
        const { exit, out, err } = await modelseal(["verify-bundle", ...bundleArguments(name, by)]);
        if (expected === "verified") {
          expect([exit, err]).toEqual([0, ""]);
          expect(out).toMatch(/^VERIFIED: /);
        } else if (expected.stage === "policy") {
          expect([exit, out]).toEqual([2, ""]);
          expect(err).toMatch(new RegExp(`^error\\[${expected.code}\\]: `));
        } else {
          expect([exit, err]).toEqual([1, ""]);
          expect(out).toMatch(new RegExp(`^signature {2}invalid: .* \\[${expected.code}\\]$`, "m"));
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
    repository("tests/vectors/expected.json"),
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
      const [key] = [verify.public_key].map((file) => join(vectors ?? "", "oms/assets", file ?? ""));
      const { exit, out, err } = await modelseal([
        "verify-model",
        ...["--method", method, "--model-path", join(folder, "model")],
        ...["--bundle", join(folder, "bundle.sig")],
        ...(method === "key"
          ? // The assets do not have the key that this case names.
            ["--public-key", existsSync(key ?? "") ? (key ?? "") : repository("tests/fixtures/key.pub")]
          : ["--identity", verify.identity, "--identity-provider", verify.identity_provider]),
        ...(verify.ignore_paths ?? []).flatMap((path: string) => ["--ignore-paths", path]),
      ]);
      expect(err).toBe("");
      expect([exit, /^Reasons: (.*)$/m.exec(out)?.[1]?.split(", ") ?? []]).toEqual([
        reasons.length === 0 ? 0 : 1,
        reasons,
      ]);
    });
  }
});
