// A check that is broken off and goes on elsewhere, for each algorithm, whole and in shards.
import { readFileSync } from "node:fs";
import { openBundle, type SignedModel } from "modelseal";
import { beforeAll, describe, expect, test } from "vitest";
import { repository } from "./repository.js";

const WEIGHTS = "model-00001-of-00002.safetensors";
const fixture = (name: string) => readFileSync(repository(`tests/fixtures/${name}`));
const bytes = new Uint8Array(fixture(`example-model/weights/${WEIGHTS}`));
const policy = { method: "key", publicKey: `${fixture("key.pub")}` } as const;
const openFixture = (name: string) => openBundle({ bundle: fixture(name), policy });

// The shards' signatures are of the folder alone.
describe.each([
  ["model.sig", `weights/${WEIGHTS}`],
  ["blake2b/model.sig", `weights/${WEIGHTS}`],
  ["blake3/model.sig", `weights/${WEIGHTS}`],
  ["shards/model.sig", WEIGHTS],
  ["shards-blake2b/model.sig", WEIGHTS],
  ["shards-blake3/model.sig", WEIGHTS],
])("%s", (name, PATH) => {
  let signed: SignedModel;

  beforeAll(async () => {
    signed = await openFixture(name);
  });

  test("goes on from wherever it was saved", async () => {
    const last = bytes.length;
    for (const at of [0, 1, 63, 64, 65, 127, 128, 1023, 1024, 1025, last - 1, last]) {
      const begun = signed.checkFile(PATH);
      begun.push(bytes.subarray(0, at));
      // Another bundle object, as another process has it.
      const resumed = (await openFixture(name)).checkFile(PATH, { resume: begun.save() });
      expect(resumed.length).toBe(at);
      resumed.push(bytes.subarray(at));
      expect(resumed.finish()).toEqual({ path: PATH, status: "ok" });
    }
  });

  test("a wrong byte before or after the break is seen", () => {
    for (const wrong of [0, bytes.length - 1]) {
      const changed = bytes.slice();
      changed[wrong] = (changed[wrong] ?? 0) ^ 1;
      const begun = signed.checkFile(PATH);
      begun.push(changed.subarray(0, 3000));
      const resumed = signed.checkFile(PATH, { resume: begun.save() });
      resumed.push(changed.subarray(3000));
      expect(resumed.finish().status).toBe("changed");
    }
  });

  test("a damaged state is refused, whichever byte it is", () => {
    const begun = signed.checkFile(PATH);
    begun.push(bytes.subarray(0, 2500));
    const state = begun.save();
    const usage = expect.objectContaining({ code: "usage-invalid", stage: "policy" });
    for (let at = 0; at < state.length; at++) {
      const damaged = state.slice();
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      expect(() => signed.checkFile(PATH, { resume: damaged })).toThrow(usage);
    }
    for (const length of [0, 1, state.length - 1]) {
      expect(() => signed.checkFile(PATH, { resume: state.subarray(0, length) })).toThrow(usage);
    }
  });

  test("a state of another file or bundle is refused", async () => {
    const state = signed.checkFile(PATH).save();
    const usage = expect.objectContaining({ code: "usage-invalid" });
    const neighbour = PATH.replace("00001", "00002");
    expect(() => signed.checkFile(neighbour, { resume: state })).toThrow(usage);
    const others = ["model.sig", "blake3/model.sig", "shards/model.sig", "shards-blake3/model.sig"];
    for (const other of await Promise.all(others.filter((other) => other !== name).map(openFixture))) {
      if (other.has(PATH)) expect(() => other.checkFile(PATH, { resume: state })).toThrow(usage);
    }
    expect(() => signed.checkFile("nowhere", { resume: state })).toThrow(
      expect.objectContaining({ code: "file-unsigned" }),
    );
  });
});

test("a state that is no bytes is misuse", async () => {
  const signed = await openFixture("model.sig");
  expect(() => signed.checkFile("config.json", { resume: "text" as never })).toThrow(TypeError);
});
