// `modelseal/testing`: a signed model for the tests of others.
import { openBundle, verify } from "modelseal";
import { signModel } from "modelseal/testing";
import { expect, test } from "vitest";

test("what it signs verifies, and a changed file, another key and another name do not", async () => {
  // Numbers in DER have a leading zero or not by chance: so many keys meet each form.
  for (let round = 0; round < 40; round += 1) {
    const model = await signModel({ "b/c.bin": new Uint8Array([round]), "a.json": "{}" }, { name: "tiny" });
    expect((await verify(model)).outcome).toBe("verified");
  }
  const model = await signModel({ "b/c.bin": new Uint8Array([1]), "a.json": "{}" }, { name: "tiny" });
  const other = await signModel({ "b/c.bin": new Uint8Array([2]), "a.json": "{}" });
  expect((await verify({ ...model, files: other.files })).reasons).toEqual(["file-changed"]);
  expect((await verify({ ...model, policy: other.policy })).outcome).toBe("failed");
  const named = await verify({ ...model, policy: { ...model.policy, modelName: "large" } });
  expect(named.reasons).toEqual(["model-name-unexpected"]);
  const signed = await openBundle({ bundle: model.bundle, policy: model.policy });
  expect(await signed.json("a.json", new Blob(["{}"]))).toEqual({});
});
