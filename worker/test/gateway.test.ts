import type { Miniflare } from "miniflare";
import type { Verdict } from "modelseal";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { examplePolicies } from "../tools/example-policies.mjs";
import { startGateway } from "../tools/gateway.mjs";
import { base64Fixture, exampleListing, type Listed, sha256 } from "./example.js";

const README = "README.md";
const WEIGHTS = "weights/model-00001-of-00002.safetensors";

let gateway: Miniflare;
let address: URL;
let bundle: string;
let listing: Listed[];

beforeAll(async () => {
  [bundle, listing] = await Promise.all([base64Fixture("model.sig"), exampleListing()]);
  gateway = await startGateway({
    configuration: {
      policies: { ...(await examplePolicies()), "not-a-key": { method: "key", publicKey: "no key" } },
    },
  });
  address = await gateway.ready;
});

afterAll(() => gateway?.dispose());

function send(path: string, init?: RequestInit): Promise<Response> {
  return fetch(new URL(path, address), init);
}

function post(body: BodyInit, type = "application/json"): Promise<Response> {
  return send("/v1/verify", { method: "POST", body, headers: { "Content-Type": type } });
}

/** Sends a request that is good but for what is given, and expects a verdict. */
async function verdictOn(fields: Record<string, unknown>): Promise<Verdict> {
  const response = await post(JSON.stringify({ bundle, listing, policy: "example-key", ...fields }));
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return JSON.parse(text);
}

/** Sends a body, and expects to be refused with one sentence and nothing more. */
async function refusalOf(
  answer: Promise<Response>,
): Promise<{ status: number; code: string; message: string }> {
  const response = await answer;
  expect(response.headers.get("Content-Type")).toBe("application/json");
  const body = (await response.json()) as { error: string; code: string; status: number };
  expect(Object.keys(body).sort()).toEqual(["code", "error", "status"]);
  expect(body.status).toBe(response.status);
  expect(body.error).toMatch(/^[A-Z][^\n]*\.$/);
  expect(body.error).not.toMatch(/\bat .*:\d+:\d+|\.js\b|Error:/);
  expect(response.headers.get("X-Error-Message")).toMatch(/^[\x20-\x7e]+$/);
  return { status: response.status, code: body.code, message: body.error };
}

function refusalOfFields(fields: Record<string, unknown>) {
  return refusalOf(post(JSON.stringify({ bundle, listing, policy: "example-key", ...fields })));
}

describe("a verdict on a listing", () => {
  test("a good listing is incomplete, since no one looked at the bytes", async () => {
    const verdict = await verdictOn({ complete: true });
    expect(verdict.outcome).toBe("incomplete");
    expect(verdict.reasons).toEqual(["listing-only"]);
    expect(verdict.signature.status).toBe("valid");
    expect(verdict.publisher).toEqual({ status: "expected", basis: "key", name: null, issuer: null });
    expect(verdict.expectation).toEqual({ setBy: "stored-policy", name: "example-key" });
    expect(verdict.coverage).toMatchObject({ status: "complete", signedFiles: 7, unsigned: [], missing: [] });
    expect(verdict.coverage.ignoredBySignature).toEqual([{ path: ".gitignore", basis: "git-default" }]);
    expect(verdict.bytes).toMatchObject({
      status: "listing",
      hashed: 0,
      listed: 7,
      changed: [],
      notChecked: [],
    });
    expect(verdict.bundle.sha256).toBe(sha256(Buffer.from(bundle, "base64")).slice("sha256:".length));
    expect(verdict.judgedAtBasis).toBe("now");
  });

  test("a listing is not taken for the whole model unless the request says so", async () => {
    const verdict = await verdictOn({});
    expect(verdict.outcome).toBe("incomplete");
    expect(verdict.reasons).toEqual(["coverage-unobserved", "listing-only"]);
    expect(verdict.coverage.status).toBe("unobserved");
  });

  test("a certificate leads to the stored anchor", async () => {
    const verdict = await verdictOn({
      bundle: await base64Fixture("certificate/model.sig"),
      policy: "example-authority",
      complete: true,
    });
    expect(verdict.reasons).toEqual(["listing-only"]);
    expect(verdict.publisher).toMatchObject({ status: "expected", basis: "anchor" });
    expect(verdict.expectation).toEqual({ setBy: "stored-policy", name: "example-authority" });
  });

  test("a digest that differs is failed, with the path", async () => {
    const wrong = sha256("other bytes");
    const expected = listing.find(({ path }) => path === WEIGHTS)?.digest;
    const changed = listing.map((file) => (file.path === WEIGHTS ? { ...file, digest: wrong } : file));
    const verdict = await verdictOn({ listing: changed, complete: true });
    expect(verdict.outcome).toBe("failed");
    expect(verdict.reasons).toEqual(["file-changed", "listing-only"]);
    expect(verdict.bytes.changed).toEqual([{ path: WEIGHTS, expected, actual: wrong, reason: "digest" }]);
  });

  test("a file missing from a complete listing is failed, with the path", async () => {
    const rest = listing.filter(({ path }) => path !== README);
    const verdict = await verdictOn({ listing: rest, complete: true });
    expect(verdict.outcome).toBe("failed");
    expect(verdict.reasons).toEqual(["file-missing", "listing-only"]);
    expect(verdict.coverage.missing).toEqual([README]);
  });

  test("a file that is not signed is failed, with the path", async () => {
    const verdict = await verdictOn({
      listing: [...listing, { path: "extra.bin", digest: sha256("x") }],
      complete: true,
    });
    expect(verdict.outcome).toBe("failed");
    expect(verdict.reasons).toEqual(["file-unsigned", "listing-only"]);
    expect(verdict.coverage.unsigned).toEqual([{ path: "extra.bin", kind: "file" }]);
  });

  test("names of object prototypes are names like any other", async () => {
    const verdict = await verdictOn({
      listing: [
        ...listing,
        { path: "__proto__", digest: sha256("x") },
        { path: "constructor", digest: sha256("y") },
      ],
      complete: true,
    });
    expect(verdict.coverage.unsigned.map(({ path }) => path)).toEqual(["__proto__", "constructor"]);
  });

  test("an empty listing leaves every signed file unchecked", async () => {
    const verdict = await verdictOn({ listing: [] });
    expect(verdict.outcome).toBe("incomplete");
    expect(verdict.reasons).toEqual(["coverage-unobserved", "file-not-checked"]);
    expect(verdict.bytes.notChecked).toHaveLength(7);
  });
});

describe("a bundle that does not hold", () => {
  const rejected: [name: string, bundle: () => string | Promise<string>, code: string, stage: string][] = [
    ["cut off", () => btoa('{"mediaType": "application/vnd'), "json-syntax", "bundle"],
    ["1 MB of [", () => btoa(`{"a":${"[".repeat(1_000_000)}`), "json-depth", "bundle"],
    ["by another method", () => base64Fixture("certificate/model.sig"), "material-mismatch", "material"],
    ["by another key", () => base64Fixture("p384/model.sig"), "key-hint-mismatch", "material"],
  ];
  test.each(rejected)("%s: a failed verdict, not an error", async (_name, make, code, stage) => {
    const verdict = await verdictOn({ bundle: await make(), complete: true });
    expect(verdict.outcome).toBe("failed");
    expect(verdict.reasons).toEqual([code]);
    expect(verdict.signature).toMatchObject({ status: "invalid", error: { code, stage } });
    expect(verdict.coverage.status).toBe("unknown");
    expect(verdict.bytes.status).toBe("not-hashed");
    expect(verdict.expectation).toEqual({ setBy: "stored-policy", name: "example-key" });
  });
});

test.each([
  ["empty", "", "it is empty"],
  ["garbage", btoa("garbage"), "it is text of an unknown kind"],
  ["a page of HTML", btoa("<!doctype html>"), "it is an HTML page, perhaps an error page of a server"],
])("what is not a bundle at all has no verdict: %s", async (_name, bundle, what) => {
  const refused = await refusalOf(post(JSON.stringify({ policy: "example-key", bundle, listing })));
  expect(refused).toMatchObject({
    status: 400,
    code: "bundle-unreadable",
    message: `This is not a signature bundle: ${what}.`,
  });
});

describe("policies", () => {
  test("their names are listed, and nothing else of them", async () => {
    const response = await send("/v1/policies");
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ policies: ["example-authority", "example-key", "not-a-key"] });
  });

  test.each(["nobody", "", "__proto__", "constructor"])(
    "the unknown name %j is not found",
    async (policy) => {
      expect(await refusalOfFields({ policy })).toMatchObject({ status: 404, code: "policy-unknown" });
    },
  );

  test("a request cannot bring a policy", async () => {
    const policy = (await examplePolicies())["example-key"];
    expect(await refusalOfFields({ policy })).toMatchObject({ status: 400, code: "policy-not-a-name" });
    expect(await refusalOfFields({ policies: { mine: policy } })).toMatchObject({
      status: 400,
      code: "request-field-unknown",
    });
  });

  test("a stored policy that is none is the operator's fault", async () => {
    expect(await refusalOfFields({ policy: "not-a-key" })).toMatchObject({
      status: 500,
      code: "configuration-invalid",
    });
  });
});

describe("a request that cannot be answered", () => {
  const bodies: [name: string, body: string | Uint8Array, code: string][] = [
    ["empty", "", "request-empty"],
    ["not JSON", "bundle=x", "request-not-json"],
    ["not UTF-8", new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]), "request-not-json"],
    ["1 MB of [", "[".repeat(1_000_000), "request-not-json"],
    ["deeply nested", `${"[".repeat(100_000)}${"]".repeat(100_000)}`, "request-not-object"],
    ["an array", "[]", "request-not-object"],
    ["null", "null", "request-not-object"],
    ["without a policy", "{}", "policy-missing"],
  ];
  test.each(bodies)("the body is %s", async (_name, body, code) => {
    expect(await refusalOf(post(body as BodyInit))).toMatchObject({ status: 400, code });
  });

  const digest = sha256("x");
  const fields: [name: string, fields: Record<string, unknown>, code: string][] = [
    ["no bundle", { bundle: undefined }, "bundle-missing"],
    ["a bundle that is an object", { bundle: {} }, "bundle-not-base64"],
    ["a bundle that is not base64", { bundle: "{}" }, "bundle-not-base64"],
    ["no listing", { listing: undefined }, "listing-missing"],
    ["a listing that is an object", { listing: {} }, "listing-invalid"],
    ["an entry that is null", { listing: [null] }, "listing-invalid"],
    ["an entry without digest", { listing: [{ path: "x" }] }, "listing-invalid"],
    ["an entry with bytes", { listing: [{ path: "x", digest, open: "y" }] }, "listing-invalid"],
    ["a negative size", { listing: [{ path: "x", digest, size: -1 }] }, "listing-invalid"],
    ["a fractional size", { listing: [{ path: "x", digest, size: 0.5 }] }, "listing-invalid"],
    ["a bare digest", { listing: [{ path: README, digest: digest.slice(7) }] }, "usage-invalid"],
    ["a short digest", { listing: [{ path: README, digest: "sha256:00" }] }, "usage-invalid"],
    ["a path that climbs", { listing: [{ path: "../README.md", digest }] }, "entry-path-invalid"],
    ["a path that climbs inside", { listing: [{ path: "weights/../x", digest }] }, "entry-path-invalid"],
    ["an absolute path", { listing: [{ path: "/etc/passwd", digest }] }, "entry-path-invalid"],
    ["an empty path", { listing: [{ path: "", digest }] }, "entry-path-invalid"],
    ["a path with an empty part", { listing: [{ path: "a//b", digest }] }, "entry-path-invalid"],
    ["a path with a NUL", { listing: [{ path: "a\0b", digest }] }, "entry-path-invalid"],
    [
      "a signed path twice",
      {
        listing: [
          { path: README, digest },
          { path: README, digest },
        ],
      },
      "entry-duplicate",
    ],
    [
      "an unsigned path twice",
      {
        listing: [
          { path: "x", digest },
          { path: "x", digest },
        ],
      },
      "entry-duplicate",
    ],
    ["a complete that is a text", { complete: "yes" }, "complete-invalid"],
  ];
  test.each(fields)("%s", async (_name, given, code) => {
    expect(await refusalOfFields(given)).toMatchObject({ status: 400, code });
  });

  test("another content type", async () => {
    expect(await refusalOf(post("{}", "text/plain"))).toMatchObject({
      status: 415,
      code: "content-type-unsupported",
    });
  });

  test("a body over the limit, with its length declared", async () => {
    const answer = post(`{"bundle":"${"A".repeat(2 * 1024 * 1024)}"}`);
    expect(await refusalOf(answer)).toMatchObject({ status: 413, code: "request-too-large" });
  });

  test("a body over the limit, streamed", async () => {
    const block = new TextEncoder().encode("[".repeat(1024 * 1024));
    let left = 3;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (left === 0) return controller.close();
        left -= 1;
        controller.enqueue(block);
      },
    });
    const init = { method: "POST", body, duplex: "half", headers: { "Content-Type": "application/json" } };
    expect(await refusalOf(send("/v1/verify", init as RequestInit))).toMatchObject({
      status: 413,
      code: "request-too-large",
    });
  });

  test.each(["GET", "PUT", "DELETE"])("/v1/verify does not take %s", async (method) => {
    const response = await send("/v1/verify", { method });
    expect(response.headers.get("Allow")).toBe("POST");
    expect(await refusalOf(Promise.resolve(response))).toMatchObject({
      status: 405,
      code: "method-not-allowed",
    });
  });

  test("/v1/policies does not take POST", async () => {
    const response = await send("/v1/policies", { method: "POST" });
    expect(response.headers.get("Allow")).toBe("GET, HEAD");
    expect(await refusalOf(Promise.resolve(response))).toMatchObject({
      status: 405,
      code: "method-not-allowed",
    });
  });

  test("an address where nothing is", async () => {
    expect(await refusalOf(send("/"))).toMatchObject({ status: 404, code: "route-unknown" });
  });
});

test.each([
  ["an answer", "/v1/policies"],
  ["a refusal", "/v1/verify"],
])("%s has the security headers", async (_name, path) => {
  const { headers } = await send(path);
  expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
  expect(headers.get("Cache-Control")).toBe("no-store");
  expect(headers.get("Content-Security-Policy")).toBe("default-src 'none'; frame-ancestors 'none'");
});
