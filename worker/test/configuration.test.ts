import { expect, test, vi } from "vitest";
import { createApp } from "../src/app.js";
import { examplePolicies } from "../tools/example-policies.mjs";

// The app itself, in Node: what it makes of a configuration needs no other runtime.
const app = createApp();

test("policies may be JSON text, as in an environment variable", async () => {
  const POLICIES = JSON.stringify(await examplePolicies());
  const response = await app.request("/v1/policies", {}, { POLICIES });
  expect(await response.json()).toEqual({ policies: ["example-authority", "example-key"] });
});

test.each([
  ["missing", undefined, "POLICIES must be a JSON object of policies by name"],
  ["an array", [], "POLICIES must be a JSON object of policies by name"],
  ["not JSON", "{", "POLICIES is not valid JSON"],
])("a configuration whose policies are %s says so", async (_name, POLICIES, reason) => {
  const response = await app.request("/v1/policies", {}, { POLICIES });
  expect(response.status).toBe(500);
  expect(await response.json()).toEqual({
    error: { code: "configuration-invalid", message: `The gateway is not set up correctly: ${reason}.` },
  });
});

test("a stored policy whose pin was lost is the operator's fault, and the log names it", async () => {
  const { "example-key": policy } = await examplePolicies();
  const log = vi.spyOn(console, "error").mockImplementation(() => {});
  const response = await app.request(
    "/v1/verify",
    {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ policy: "lost", bundle: btoa("{}"), listing: [] }),
    },
    { POLICIES: { lost: { ...policy, rootDigest: null } } },
  );
  expect([response.status, await response.json()]).toMatchObject([
    500,
    { error: { code: "configuration-invalid" } },
  ]);
  expect(log.mock.calls.flat().join()).toContain("policy.rootDigest is null");
  log.mockRestore();
});

test("whatever fails inside, the answer is one sentence", async () => {
  const answer = async (thrown: unknown) => {
    const broken = createApp();
    broken.get("/broken", () => {
      throw thrown;
    });
    const response = await broken.request("/broken");
    return [response.status, await response.json()];
  };
  const log = vi.spyOn(console, "error").mockImplementation(() => {});
  const expected = [
    500,
    { error: { code: "internal", message: "The gateway failed to answer this request." } },
  ];
  expect(await answer(new Error("secret"))).toEqual(expected);
  expect(await answer("secret")).toEqual(expected);
  expect(log).toHaveBeenCalledTimes(2);
  log.mockRestore();
});

test("the limit of a body can be set", async () => {
  const post = (length: number, MAX_BODY_BYTES: string) =>
    app.request(
      "/v1/verify",
      { method: "POST", body: "x".repeat(length), headers: { "Content-Type": "application/json" } },
      { POLICIES: {}, MAX_BODY_BYTES },
    );
  expect((await post(101, "100")).status).toBe(413);
  expect((await post(100, "100")).status).toBe(400);
  expect(await (await post(1, "many")).json()).toMatchObject({ error: { code: "configuration-invalid" } });
});
