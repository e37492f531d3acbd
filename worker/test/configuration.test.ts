// What a configuration may be: in Node, since no other runtime is needed for it.
import { expect, test, vi } from "vitest";
import { createApp } from "../src/app.js";
import { readConfiguration, type Surroundings } from "../src/configuration/configuration.js";
import { Gateway } from "../src/gateway.js";
import { examplePolicies } from "../tools/example-policies.mjs";
import { testHost } from "./host.js";

const SURROUNDINGS: Surroundings = {
  allowLoopback: false,
  hasStore: true,
  keepsLengths: true,
  secret: (name) => (name === "HUB_TOKEN" ? "secret" : undefined),
};

const HOST = testHost();

const policies = await examplePolicies();

/** A configuration that is right, with some of it changed. */
function written({ top = {}, model = {}, origin = {} } = {}) {
  return {
    publicOrigin: "https://models.example.com",
    policies: { ...policies, anyone: { method: "sigstore", reportOnly: true } },
    origins: { hub: { kind: "hub", url: "https://hub.example.com", ...origin } },
    models: {
      tiny: { origin: "hub", repository: "acme/tiny", policy: "example-key", anyName: true, ...model },
    },
    ...top,
  };
}

function appOf(configuration: object) {
  return createApp(new Gateway(readConfiguration(configuration, SURROUNDINGS), HOST));
}

test("a configuration may be JSON as a string", async () => {
  const response = await appOf(JSON.parse(JSON.stringify(written()))).request("/v1/policies");
  expect(await response.json()).toEqual({ policies: ["anyone", "example-authority", "example-key"] });
  expect(readConfiguration(JSON.stringify(written()), SURROUNDINGS).models.size).toBe(1);
});

const TOKEN = `sha256:${"a".repeat(64)}`;

test.each([
  ["is not JSON", "{", /^the configuration is not valid JSON/],
  ["has an unknown member", written({ top: { model: {} } }), /^model: /],
  ["has an unknown member of a model", written({ model: { modelname: "x" } }), /^models\.tiny\.modelname: /],
  ["has no publicOrigin", written({ top: { publicOrigin: undefined } }), /^publicOrigin: /],
  [
    "has an address with a path as publicOrigin",
    written({ top: { publicOrigin: "https://a.example/b" } }),
    /^publicOrigin: must be an origin/,
  ],
  ["has a slug with a slash", written({ top: { models: { "a/b": {} } } }), /^models\.a\/b/],
  [
    "names an unknown origin",
    written({ model: { origin: "cdn" } }),
    /^models\.tiny\.origin: there is no origin named cdn/,
  ],
  [
    "names an unknown policy",
    written({ model: { policy: "lost" } }),
    /^models\.tiny\.policy: there is no policy named lost/,
  ],
  ["has a policy that only reports", written({ model: { policy: "anyone" } }), /^models\.tiny\.policy: /],
  ["pins nothing", written({ model: { anyName: undefined } }), /^models\.tiny: must have one of/],
  ["waives a pin by false", written({ model: { anyName: false } }), /^models\.tiny\.anyName: /],
  ["pins two things", written({ model: { modelName: "tiny" } }), /^models\.tiny: must have one of/],
  ["has an unknown delivery", written({ model: { delivery: "fast" } }), /^models\.tiny\.delivery: /],
  ["has a path with dots", written({ model: { bundle: "../model.sig" } }), /^models\.tiny\.bundle: /],
  [
    "has an origin by http",
    written({ origin: { url: "http://hub.example.com" } }),
    /^origins\.hub\.url: must be https/,
  ],
  [
    "has an origin by its address",
    written({ origin: { url: "https://10.0.0.1" } }),
    /^origins\.hub\.url: must be a name/,
  ],
  [
    "has an origin by its address in hex",
    written({ origin: { url: "https://0x7f000001" } }),
    /^origins\.hub\.url: must be a name/,
  ],
  [
    "has an origin by its IPv6 address",
    written({ origin: { url: "https://[::1]" } }),
    /^origins\.hub\.url: must be a name/,
  ],
  [
    "has an origin on this machine",
    written({ origin: { url: "https://localhost" } }),
    /^origins\.hub\.url: must be a name/,
  ],
  [
    "redirects to an address",
    written({ origin: { redirectsTo: ["https://169.254.169.254"] } }),
    /^origins\.hub\.redirectsTo\.0: must be a name/,
  ],
  [
    "has an origin with a password",
    written({ origin: { url: "https://a:b@hub.example.com" } }),
    /^origins\.hub\.url: must have no user/,
  ],
  [
    "names a secret that is missing",
    written({ origin: { secret: "LOST" } }),
    /^origins\.hub\.secret: there is no secret named LOST/,
  ],
  [
    "serves what needs a secret to anyone",
    written({ origin: { secret: "HUB_TOKEN" } }),
    /^models\.tiny: its origin needs a secret/,
  ],
  [
    "is for clients with tokens, and has none",
    written({ model: { public: false } }),
    /^models\.tiny\.public: /,
  ],
  [
    "has a token in place of its digest",
    written({ top: { tokens: { clients: ["secret"] } } }),
    /^tokens\.clients\.0: /,
  ],
])("a configuration that %s stops the start", (_name, configuration, message) => {
  expect(() => readConfiguration(configuration, SURROUNDINGS)).toThrow(message);
});

test.each([
  [
    "without a store",
    { hasStore: false },
    { delivery: "streamed" },
    /^models\.tiny\.delivery: needs a store/,
  ],
  [
    "where streams lose their length",
    { keepsLengths: false },
    { delivery: "streamed" },
    /^models\.tiny\.delivery: cannot/,
  ],
  ["without a store", { hasStore: false }, { mode: "log-only" }, /^models\.tiny\.mode: needs a store/],
])("%s unverified bytes may not leave", (_name, surroundings, model, message) => {
  expect(() => readConfiguration(written({ model }), { ...SURROUNDINGS, ...surroundings })).toThrow(message);
});

test("what needs a secret is served to clients with a token, or to all if the entry says so", () => {
  const origin = { secret: "HUB_TOKEN" };
  const withTokens = readConfiguration(
    written({ origin, top: { tokens: { clients: [TOKEN] } } }),
    SURROUNDINGS,
  );
  expect(withTokens.models.get("tiny")?.public).toBe(false);
  const open = readConfiguration(written({ origin, model: { public: true } }), SURROUNDINGS);
  expect(open.models.get("tiny")?.public).toBe(true);
});

test("a stored policy whose pin was lost is the operator's fault, and the log names it", async () => {
  const { "example-key": policy } = policies;
  const log = vi.spyOn(console, "error").mockImplementation(() => {});
  const lost = { ...(policy as object), rootDigest: null };
  const response = await appOf({ publicOrigin: "https://a.example", policies: { lost } }).request(
    "/v1/verify",
    {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ policy: "lost", bundle: btoa("{}"), listing: [] }),
    },
  );
  expect([response.status, await response.json()]).toMatchObject([500, { code: "configuration-invalid" }]);
  expect(log.mock.calls.flat().join()).toContain("policy.rootDigest is null");
  log.mockRestore();
});

test("whatever fails inside, the answer is one sentence", async () => {
  const answer = async (thrown: unknown) => {
    const broken = appOf(written());
    broken.get("/broken", () => {
      throw thrown;
    });
    const response = await broken.request("/broken");
    return [response.status, await response.json()];
  };
  const log = vi.spyOn(console, "error").mockImplementation(() => {});
  const expected = [
    500,
    { error: "The gateway failed to answer this request.", code: "internal", status: 500 },
  ];
  expect(await answer(new Error("secret"))).toEqual(expected);
  expect(await answer("secret")).toEqual(expected);
  expect(log).toHaveBeenCalledTimes(2);
  log.mockRestore();
});

test("the limit of a body can be set", async () => {
  const app = appOf(written({ top: { limits: { bodyBytes: 100 } } }));
  const post = (length: number) =>
    app.request("/v1/verify", {
      method: "POST",
      body: "x".repeat(length),
      headers: { "Content-Type": "application/json" },
    });
  expect((await post(101)).status).toBe(413);
  expect((await post(100)).status).toBe(400);
  expect(() => readConfiguration(written({ top: { limits: { bodyBytes: "many" } } }), SURROUNDINGS)).toThrow(
    /^limits\.bodyBytes: /,
  );
});
