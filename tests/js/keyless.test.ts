// Keyless signatures: expected signers, trust roots, reports, artifacts.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  assertVerified,
  type OpenRequest,
  openBundle,
  type Policy,
  readTrustRoot,
  type TrustRootSource,
  trustRoots,
  VerifyError,
  verify,
  verifyArtifact,
} from "modelseal";
import { fromDirectory } from "modelseal/files";
import { describe, expect, test } from "vitest";
import { sigstoreFiles } from "./shared/cases.js";
import { NO_VECTORS, repository, vectors } from "./shared/repository.js";
import { schemaErrors } from "./shared/schema.js";
import { signFiles } from "./shared/sign.js";

const ISSUER = "https://sigstore.verify.ibm.com/oauth2";
const IDENTITY = "stefanb@us.ibm.com";
const EXPECTED = { method: "sigstore", identities: [{ issuer: ISSUER, identity: IDENTITY }] } as const;
/** A bundle of a media type that there is not: it is judged, and fails. */
const REJECTED = '{"mediaType":"application/json"}';

const REPORT = { method: "sigstore", reportOnly: true } as const;

const production = readFileSync(repository("crates/modelseal/roots/production.json"));
const staging = readFileSync(repository("crates/modelseal/roots/staging.json"), "utf8");
const local = signFiles(new Map([["a.txt", Buffer.from("one")]]));

/** What a promise is rejected with. */
async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const error = await promise.then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  return error instanceof VerifyError ? { code: error.code, stage: error.stage } : error?.name;
}

/** What `openBundle` is rejected with under a policy that no one should write. */
function refused(policy: unknown): Promise<unknown> {
  return rejection(openBundle({ bundle: local.bundle, policy: policy as Policy }));
}

describe("a policy", () => {
  const invalid = { code: "policy-invalid", stage: "policy" };

  test("names someone, and an empty string is no one", async () => {
    const bad = (...identities: unknown[]) => refused({ method: "sigstore", identities });
    expect(await bad()).toEqual(invalid);
    expect(await refused({ method: "sigstore" })).toEqual(invalid);
    expect(await bad({ issuer: "", identity: "x" })).toEqual(invalid);
    expect(await bad({ issuer: "x", identity: "" })).toEqual(invalid);
    expect(await bad({ issuer: "x", identity: "y", sourceRepositoryUri: "" })).toEqual(invalid);
    expect(await bad({ issuer: "x" })).toEqual(invalid);
    expect(await bad({ identity: "x" })).toEqual(invalid);
    expect(await bad({ issuer: "x", identity: "y", sourceRepository: "z" })).toEqual({
      code: "policy-field-unknown",
      stage: "policy",
    });
    expect(await bad({ issuer: "x", identity: "y" }, { issuer: "x", identity: "" })).toEqual(invalid);
  });

  test("expects someone or reports, never both", async () => {
    const identities = [{ issuer: "x", identity: "y" }];
    const unknown = { code: "policy-field-unknown", stage: "policy" };
    expect(await refused({ ...REPORT, identities })).toEqual(unknown);
    expect(await refused({ ...REPORT, modelName: "x" })).toEqual(unknown);
    expect(await refused({ ...REPORT, reportOnly: false })).toEqual(invalid);
    expect(await refused({ ...local.policy, reportOnly: true })).toEqual(unknown);
  });

  test("names a trust root that there is, or contains one", async () => {
    const bad = (trustRoot: unknown) => refused({ ...REPORT, trustRoot });
    const unknown = { code: "trust-root-unknown", stage: "policy" };
    expect(await bad("")).toEqual(unknown);
    expect(await bad("__proto__")).toEqual(unknown);
    expect(await bad("Production")).toEqual(unknown);
    expect(await bad(`sha256:${"0".repeat(64)}`)).toEqual(unknown);
    expect(await bad(7)).toEqual({ code: "usage-invalid", stage: "usage" });
    expect(await bad(null)).toEqual({ code: "usage-invalid", stage: "usage" });
    expect(await bad("{")).toEqual({ code: "json-syntax", stage: "policy" });
    expect(await bad(new Uint8Array())).toMatchObject({ stage: "policy" });
    expect(await bad({})).toMatchObject({ stage: "policy" });
    const root = JSON.parse(production.toString());
    delete root.tlogs[0].publicKey.validFor.start;
    expect(await bad(root)).toEqual({ code: "trust-root-invalid", stage: "policy" });
  });

  test("a preset says who set the expectation, unless someone else did", async () => {
    const granite = await verify({ bundle: REJECTED, files: [] as never, policy: { preset: "ibm-granite" } });
    expect([granite.expectation.name, granite.trustRoot?.name]).toEqual(["ibm-granite", "production"]);
    const request: OpenRequest = { bundle: REJECTED, policy: { preset: "nvidia-agent-capabilities" } };
    const files = Object.assign([], { complete: true });
    const { expectation } = await verify({ ...request, files });
    expect(expectation).toEqual({ setBy: "preset", name: "nvidia-agent-capabilities" });
    const stored = { setBy: "stored-policy", name: "ours" } as const;
    expect((await verify({ ...request, files, expectation: stored })).expectation).toEqual(stored);
  });
});

describe("trust roots", () => {
  test("are listed with their origin, date, digest, authorities and logs", async () => {
    const roots = await trustRoots();
    expect(roots.map(({ name }) => name)).toEqual(["production", "staging", "github"]);
    for (const root of roots) {
      expect(root.date).toMatch(/^\d{4}-\d\d-\d\d$/);
      expect(root.source).toMatch(/\d+\.\d+\.\d+$/);
    }
    const [own, stagingRoot] = roots;
    expect(own?.ignored).toEqual([]);
    // Staging has a legacy log whose key is of a kind that nothing is signed with any more.
    expect(stagingRoot?.ignored).toEqual([
      { list: "ctlogs", uri: "https://ctfe.sigstage.dev/test", reason: "PKCS1_RSA_PKCS1V5" },
    ]);
    expect(own?.sha256).toBe("6494e21ea73fa7ee769f85f57d5a3e6a08725eae1e38c755fc3517c9e6bc0b66");
    expect(
      [own?.logs, own?.certificateAuthorities, own?.certificateLogs].map((list) => list?.length),
    ).toEqual([2, 2, 2]);
    expect(own?.timestampAuthorities.map(({ validUntil }) => validUntil)).toEqual([null]);
    expect(own?.logs[0]).toMatchObject({
      uri: "https://rekor.sigstore.dev",
      validFrom: "2021-01-12T11:53:27Z",
    });
  });

  test("the package's files are those that it loads by name", async () => {
    for (const name of ["staging", "github"] as const) {
      const packaged = import.meta.resolve(`modelseal/roots/${name}.json`);
      expect(await readTrustRoot(readFileSync(new URL(packaged)))).toEqual(await readTrustRoot(name));
    }
  });

  test("can be given as bytes, text, a Blob, what parsing gives, or within a ClientTrustConfig", async () => {
    const bytes = new Uint8Array(production);
    const sources: TrustRootSource[] = [bytes, bytes.buffer, new Blob([bytes]), `\n${production}`];
    for (const source of sources.slice(0, 3)) expect((await readTrustRoot(source)).name).toBe("production");
    const config = {
      mediaType: "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json",
      trustedRoot: JSON.parse(production.toString()),
    };
    const { logs } = await readTrustRoot("production");
    for (const source of [...sources.slice(3), config.trustedRoot, config]) {
      const root = await readTrustRoot(source);
      // Another file, if only by its spaces.
      expect([root.name, root.logs]).toEqual([null, logs]);
    }
  });

  test("a log whose key is of an unknown kind is left out, and said", async () => {
    const root = JSON.parse(production.toString());
    root.tlogs[0].publicKey.keyDetails = "PKIX_ML_DSA_65";
    const { ignored, logs } = await readTrustRoot(root);
    expect(ignored).toEqual([{ list: "tlogs", uri: "https://rekor.sigstore.dev", reason: "PKIX_ML_DSA_65" }]);
    expect(logs.length).toBe(1);
  });

  test("any number can be used, one after the other", async () => {
    const root = (index: number) => `${production}${" ".repeat(index)}`;
    const digests = new Set<string>();
    for (let index = 1; index <= 20; index += 1) digests.add((await readTrustRoot(root(index))).sha256);
    expect(digests.size).toBe(20);
    expect((await readTrustRoot(root(1))).sha256).toBe([...digests][0]);
  });

  test("several are kept apart when they are used at the same time", async () => {
    const roots = await Promise.all(
      ["staging", staging, "production", "github"].map((root) => readTrustRoot(root)),
    );
    expect(roots.map(({ name }) => name)).toEqual(["staging", "staging", "production", "github"]);
  });
});

describe("an artifact", () => {
  const request = { bundle: "{}", policy: REPORT, artifact: new Uint8Array() };

  test("that is none is misuse", async () => {
    const bad = (artifact: unknown) =>
      rejection(verifyArtifact({ ...request, artifact: artifact as Uint8Array }));
    const usage = { code: "usage-invalid", stage: "usage" };
    expect(await bad(undefined)).toEqual(usage);
    expect(await bad("text")).toEqual(usage);
    expect(await bad({ sha256: "" })).toEqual(usage);
    expect(await bad({ sha256: "0".repeat(63) })).toEqual(usage);
    expect(await bad({ sha256: "F".repeat(64) })).toEqual(usage);
    expect(await rejection(verifyArtifact(undefined as never))).toEqual(usage);
    expect(await rejection(verifyArtifact({ ...request, signal: AbortSignal.abort() }))).toBe("AbortError");
  });

  test("a policy that is none is told before anything is hashed", async () => {
    let read = false;
    function* artifact() {
      read = true;
      yield new Uint8Array(1);
    }
    const policy = { method: "sigstore", identities: [] } as const;
    expect(await rejection(verifyArtifact({ ...request, policy, artifact: artifact() }))).toEqual({
      code: "policy-invalid",
      stage: "policy",
    });
    expect(read).toBe(false);
  });

  test("a bundle that is rejected is a verdict, and what is not one at all is thrown", async () => {
    const verdict = await verifyArtifact({ ...request, bundle: REJECTED });
    expect([verdict.outcome, verdict.reasons]).toEqual(["failed", ["media-type-unsupported"]]);
    expect(schemaErrors(verdict)).toEqual([]);
    const unreadable = { code: "bundle-unreadable", stage: "bundle" };
    expect(await rejection(verifyArtifact({ ...request, bundle: "" }))).toEqual(unreadable);
  });
});

describe.skipIf(vectors === undefined)(`with public bundles (${vectors ? "all there" : NO_VECTORS})`, () => {
  const folder = join(vectors ?? "", "oms/verify/historical/historical-v1.1.0-sigstore");
  const bundle = () => readFileSync(join(folder, "bundle.sig"));
  const judged = async (policy: OpenRequest["policy"]) =>
    verify({
      bundle: bundle(),
      policy,
      files: await fromDirectory(join(folder, "model")),
      ignorePaths: ["ignore-me"],
      ignoreUnsignedFiles: true,
    });

  test("the verdict says who signed, where it was logged and when", async () => {
    const verdict = await judged(EXPECTED);
    expect(schemaErrors(verdict)).toEqual([]);
    expect(verdict.publisher).toEqual({
      status: "expected",
      basis: "identity",
      name: IDENTITY,
      issuer: ISSUER,
    });
    expect(verdict.trustRoot).toMatchObject({ name: "production" });
    expect(verdict.judgedAtBasis).toBe("signed-time");
    const { signature } = verdict;
    if (signature.status !== "valid") throw new Error("not valid");
    expect(signature.identity).toMatchObject({ issuer: ISSUER, identity: IDENTITY, kind: "email" });
    expect(signature.logEntries.length).toBe(1);
    expect(signature.verifiedTimes.length).toBeGreaterThan(0);
  });

  test("one of several identities is enough, and another one is unexpected", async () => {
    const other = { issuer: ISSUER, identity: IDENTITY.toUpperCase() };
    const several = await judged({ ...EXPECTED, identities: [other, ...EXPECTED.identities] });
    expect(several.publisher.status).toBe("expected");
    const verdict = await judged({ ...EXPECTED, identities: [other] });
    expect([verdict.outcome, verdict.reasons]).toEqual(["failed", ["identity-unexpected"]]);
    expect(verdict.publisher).toEqual({
      status: "unexpected",
      name: IDENTITY,
      issuer: ISSUER,
      expected: [other],
      mismatches: [{ field: "identity", expected: other.identity, found: IDENTITY }],
    });
    expect(schemaErrors(verdict)).toEqual([]);
    expect(() => assertVerified(verdict)).toThrow(
      expect.objectContaining({ code: "identity-unexpected", stage: "publisher" }),
    );
    expect(
      await rejection(openBundle({ bundle: bundle(), policy: { ...EXPECTED, identities: [other] } })),
    ).toEqual({
      code: "identity-unexpected",
      stage: "publisher",
    });
  });

  test("a report is never verified, and its model checks no files", async () => {
    const verdict = await judged(REPORT);
    expect(verdict.outcome).toBe("incomplete");
    expect(verdict.reasons).toContain("publisher-unchecked");
    expect(verdict.publisher).toEqual({ status: "unchecked", name: IDENTITY, issuer: ISSUER });
    expect(() => assertVerified(verdict)).toThrow(VerifyError);
    expect(schemaErrors(verdict)).toEqual([]);

    const reported = await openBundle({ bundle: bundle(), policy: REPORT });
    expect(reported.signer.identity?.identity).toBe(IDENTITY);
    expect(reported.signer.publisher.status).toBe("unchecked");
    expect(reported.files.length).toBeGreaterThan(0);
    for (const name of ["checkStream", "checkResponse", "verifyFile", "has"])
      expect(name in reported).toBe(false);
  });

  test("another trust root does not verify it, and the caller's own copy does", async () => {
    const verdict = await judged({ ...REPORT, trustRoot: "staging" });
    expect(verdict.outcome).toBe("failed");
    expect(verdict.trustRoot).toMatchObject({ name: "staging", date: expect.stringMatching(/^\d{4}-/) });
    const own = await judged({ ...EXPECTED, trustRoot: JSON.parse(production.toString()) });
    expect([own.publisher.status, own.trustRoot?.name, own.trustRoot?.date]).toEqual([
      "expected",
      null,
      null,
    ]);
  });

  test("a verdict says which trust root it used, and when that is stale", async () => {
    const bundled = await judged(EXPECTED);
    expect(bundled.trustRoot).toMatchObject({ source: "bundled", fetchedAt: null, rootVersion: null });
    const fetched = {
      trustRoot: production.toString(),
      fetchedAt: "2025-12-01T00:00:00Z",
      rootVersion: 14,
      rootExpires: "2026-02-01T00:00:00Z",
    };
    const stale = await judged({ ...EXPECTED, trustRoot: fetched });
    const { trustRoot: _, ...claims } = fetched;
    expect(stale.trustRoot).toMatchObject({ source: "fetched", ...claims });
    expect(stale.notes).toEqual(expect.arrayContaining(["trust-root-expired", "trust-root-old"]));
    expect(schemaErrors(stale)).toEqual([]);
    const [now, later] = [new Date(), new Date(Date.now() + 86_400_000)].map((time) => time.toISOString());
    const fresh = await judged({
      ...EXPECTED,
      trustRoot: { ...fetched, fetchedAt: now ?? "", rootExpires: later ?? "" },
    });
    expect(fresh.notes).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^trust-root-(expired|old)/)]),
    );
    for (const change of [
      { fetchedAt: "yesterday" },
      { rootVersion: 1.5 },
      { rootExpires: undefined },
      { trustRoot: 1 },
    ]) {
      const [member = ""] = Object.keys(change);
      await expect(
        judged({ ...EXPECTED, trustRoot: { ...fetched, ...change } as never }),
      ).rejects.toMatchObject({
        code: "usage-invalid",
        message: expect.stringContaining(`policy.trustRoot.${member}`),
      });
    }
  });

  test("an artifact's statement is shown, and the artifact may be anything with bytes", async () => {
    const { bundle, artifact, issuer, identity } = sigstoreFiles("happy-path-intoto-in-dsse-v3");
    const bytes = readFileSync(artifact);
    const policy = { method: "sigstore", identities: [{ issuer, identity }] } as const;
    for (const source of [
      bytes,
      new Blob([bytes]),
      new Blob([bytes]).stream(),
      [bytes.subarray(0, 1), bytes.subarray(1)],
    ]) {
      const verdict = await verifyArtifact({ bundle: readFileSync(bundle), policy, artifact: source });
      expect([verdict.outcome, verdict.signature]).toMatchObject(["verified", { form: "attestation" }]);
      expect(verdict.attestation?.predicateType).toMatch(/^https:\/\/slsa\.dev\/provenance\//);
      expect(() => assertVerified(verdict)).not.toThrow();
    }
    const other = await verifyArtifact({ bundle: readFileSync(bundle), policy, artifact: new Uint8Array(1) });
    expect([other.outcome, other.reasons]).toEqual(["failed", ["artifact-mismatch"]]);
    const report = await verifyArtifact({ bundle: readFileSync(bundle), policy: REPORT, artifact: bytes });
    expect([report.outcome, report.reasons, report.publisher.name]).toEqual([
      "incomplete",
      ["predicate-unchecked", "publisher-unchecked"],
      identity,
    ]);
    expect(schemaErrors(report)).toEqual([]);
  });

  test.each<[string, string, (entry: LogEntry) => LogEntry[]]>([
    ["a thousand log entries", "log-entry-count", (entry) => Array(1_000).fill(entry)],
    [
      "a checkpoint of a megabyte",
      "checkpoint-too-large",
      (entry) => {
        entry.inclusionProof.checkpoint.envelope += "x".repeat(1_000_000);
        return [entry];
      },
    ],
  ])("%s: one error, at once", async (_, code, change) => {
    const parsed = JSON.parse(bundle().toString());
    const { verificationMaterial: material } = parsed;
    material.tlogEntries = change(material.tlogEntries[0]);
    const began = performance.now();
    const error = await rejection(openBundle({ bundle: JSON.stringify(parsed), policy: EXPECTED }));
    expect(error).toMatchObject({ code });
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

/** An entry of a bundle, as far as it is changed here. */
interface LogEntry {
  readonly inclusionProof: { readonly checkpoint: { envelope: string } };
}
