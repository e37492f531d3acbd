import { expect, test } from "vitest";
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
