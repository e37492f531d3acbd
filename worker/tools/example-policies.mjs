import { readFile } from "node:fs/promises";

const fixtures = new URL("../../tests/fixtures/", import.meta.url);

/**
 * Policies for the example model of tests/fixtures.
 * @returns {Promise<Record<string, import("miniflare").Json>>}
 */
export async function examplePolicies() {
  const [publicKey, anchor] = await Promise.all([
    readFile(new URL("key.pub", fixtures), "utf8"),
    readFile(new URL("certificate/root.pem", fixtures), "utf8"),
  ]);
  return {
    "example-authority": { method: "certificate", anchors: [anchor] },
    "example-key": { method: "key", publicKey },
  };
}
