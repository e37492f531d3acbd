// Policies for keyless signatures, in workerd: the trust root by name, or whole in the configuration.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Miniflare } from "miniflare";
import type { Verdict } from "modelseal";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startGateway } from "../tools/gateway.mjs";

const beside = fileURLToPath(new URL("../../../shared/vectors", import.meta.url));
const vectors = [process.env["MODELSEAL_VECTORS"], beside].find(
  (folder) => folder !== undefined && folder !== "" && existsSync(folder),
);
const withVectors = test.skipIf(vectors === undefined);
const where = vectors === undefined ? " (set MODELSEAL_VECTORS, or put them into ../shared/vectors)" : "";

const IDENTITY = {
  issuer: "https://sigstore.verify.ibm.com/oauth2",
  identity: "stefanb@us.ibm.com",
};
/** The two files of the suite's model. */
const LISTING = [
  {
    path: "signme-1",
    digest: "sha256:f6310066c7320497ea554260c32c43660bff648cb2a61194832cc086077085e1",
  },
  {
    path: "signme-2",
    digest: "sha256:32dcb1f8e1ae52d5963e56a6ba06ab58b424c15ed2a6b70d2feca1d089370028",
  },
];

let gateway: Miniflare;

beforeAll(async () => {
  const sigstore = { method: "sigstore", identities: [IDENTITY] };
  const root = import.meta.resolve("modelseal/roots/staging.json");
  gateway = await startGateway({
    configuration: {
      policies: {
        anybody: { method: "sigstore", reportOnly: true },
        "by-fields": {
          method: "sigstore",
          identities: [{ issuer: IDENTITY.issuer, sourceRepositoryUri: "https://github.com/a/b" }],
        },
        nobody: { method: "sigstore", identities: [] },
        nowhere: { ...sigstore, trustRoot: "nowhere" },
        publisher: { ...sigstore, trustRoot: "production" },
        staging: { ...sigstore, trustRoot: "staging" },
        "staging-inline": { ...sigstore, trustRoot: JSON.parse(readFileSync(new URL(root), "utf8")) },
      },
    },
  });
});

afterAll(() => gateway?.dispose());

async function post(policy: string, bundle: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(new URL("/v1/verify", await gateway.ready), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ policy, bundle, listing: LISTING, complete: true }),
  });
  return { status: response.status, body: await response.json() };
}

async function judged(policy: string): Promise<Verdict> {
  const path = `${vectors}/oms/verify/historical/historical-v0.3.1-sigstore/bundle.sig`;
  const { status, body } = await post(policy, readFileSync(path).toString("base64"));
  expect(status).toBe(200);
  return body as Verdict;
}

withVectors(`whom the policy names is the publisher${where}`, async () => {
  const verdict = await judged("publisher");
  expect([verdict.outcome, verdict.reasons]).toEqual(["incomplete", ["listing-only"]]);
  expect(verdict.publisher).toEqual({
    status: "expected",
    basis: "identity",
    name: IDENTITY.identity,
    issuer: IDENTITY.issuer,
  });
  expect(verdict.trustRoot?.name).toBe("production");
  expect(verdict.expectation).toEqual({ setBy: "stored-policy", name: "publisher" });
});

withVectors(`someone else is named, and refused${where}`, async () => {
  const verdict = await judged("by-fields");
  expect([verdict.outcome, verdict.reasons]).toEqual(["failed", ["identity-unexpected"]]);
  expect(verdict.publisher).toMatchObject({ status: "unexpected", name: IDENTITY.identity });
});

withVectors(`a policy that only reports expects no one${where}`, async () => {
  const verdict = await judged("anybody");
  expect([verdict.outcome, verdict.reasons]).toEqual(["incomplete", ["listing-only", "publisher-unchecked"]]);
  expect(verdict.publisher).toMatchObject({ status: "unchecked", name: IDENTITY.identity });
});

test.each([
  ["staging", "staging"],
  ["staging-inline", null],
])("the trust root of %s is used", async (policy, name) => {
  const { status, body } = await post(policy, btoa('{"mediaType":"application/json"}'));
  expect([status, (body as Verdict).trustRoot?.name]).toEqual([200, name]);
});

test.each(["nobody", "nowhere"])("a stored policy for %s is the operator's fault", async (policy) => {
  const { status, body } = await post(policy, btoa("{}"));
  expect(status).toBe(500);
  expect(body).toMatchObject({ code: "configuration-invalid" });
});
