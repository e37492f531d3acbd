// A check that is broken off and goes on elsewhere, for each algorithm, whole and in shards.
import { readFileSync } from "node:fs";
import { openBundle, type SignedModel, type VerifyError } from "modelseal";
import { beforeAll, describe, expect, test } from "vitest";
import { repository } from "./shared/repository.js";

const WEIGHTS = "model-00001-of-00002.safetensors";
const fixture = (name: string) => readFileSync(repository(`tests/fixtures/${name}`));
const bytes = new Uint8Array(fixture(`example-model/weights/${WEIGHTS}`));
const policy = { method: "key", publicKey: `${fixture("key.pub")}` } as const;
const key = new Uint8Array(32).fill(7);
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

  test("goes on from where it was saved", async () => {
    const last = bytes.length;
    for (const at of [0, 1, 63, 64, 65, 127, 128, 1023, 1024, 1025, last - 1, last]) {
      const begun = signed.checkFile(PATH);
      begun.push(bytes.subarray(0, at));
      // Another bundle object, as another process has it.
      const resumed = (await openFixture(name)).checkFile(PATH, { resume: begun.save(key), key });
      expect(resumed.length).toBe(at);
      resumed.push(bytes.subarray(at));
      expect(resumed.finish()).toEqual({ path: PATH, status: "ok", resumed: at > 0 });
    }
  });

  test("a wrong byte before or after the break is seen", () => {
    for (const wrong of [0, bytes.length - 1]) {
      const changed = bytes.slice();
      changed[wrong] = (changed[wrong] ?? 0) ^ 1;
      const begun = signed.checkFile(PATH);
      begun.push(changed.subarray(0, 3000));
      const resumed = signed.checkFile(PATH, { resume: begun.save(key), key });
      resumed.push(changed.subarray(3000));
      expect(resumed.finish().status).toBe("changed");
    }
  });

  test("a damaged state is refused, whichever byte it is", () => {
    const begun = signed.checkFile(PATH);
    begun.push(bytes.subarray(0, 2500));
    const state = begun.save(key);
    const usage = expect.objectContaining({ code: "usage-invalid", stage: "usage" });
    for (let at = 0; at < state.length; at++) {
      const damaged = state.slice();
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      expect(() => signed.checkFile(PATH, { resume: damaged, key })).toThrow(usage);
    }
    for (const length of [0, 1, state.length - 1]) {
      expect(() => signed.checkFile(PATH, { resume: state.subarray(0, length), key })).toThrow(usage);
    }
  });

  test("a state of another file or bundle is refused", async () => {
    const state = signed.checkFile(PATH).save(key);
    const usage = expect.objectContaining({ code: "usage-invalid" });
    const neighbour = PATH.replace("00001", "00002");
    expect(() => signed.checkFile(neighbour, { resume: state, key })).toThrow(usage);
    const others = ["model.sig", "blake3/model.sig", "shards/model.sig", "shards-blake3/model.sig"];
    for (const other of await Promise.all(others.filter((other) => other !== name).map(openFixture))) {
      if (other.has(PATH)) expect(() => other.checkFile(PATH, { resume: state, key })).toThrow(usage);
    }
    expect(() => signed.checkFile("nowhere", { resume: state, key })).toThrow(
      expect.objectContaining({ code: "file-unsigned" }),
    );
  });
});

describe("a saved state", () => {
  let signed: SignedModel;
  let state: Uint8Array;

  beforeAll(async () => {
    signed = await openFixture("shards/model.sig");
    const begun = signed.checkFile(WEIGHTS);
    begun.push(bytes.subarray(0, 3000));
    state = begun.save(key);
  });

  /** The place of what is wrong in a call. */
  const place = (call: () => unknown) => {
    try {
      call();
      return "nothing";
    } catch (error) {
      const { code, stage, at } = error as VerifyError;
      return [code, stage, at];
    }
  };

  test("is restored with the key that it was saved with, and no other", () => {
    const resume = (given: unknown) =>
      place(() => signed.checkFile(WEIGHTS, { resume: state, key: given as Uint8Array }));
    expect(resume(key)).toBe("nothing");
    expect(resume(key.slice().fill(8))).toEqual(["usage-invalid", "usage", "resume"]);
    for (const none of [undefined, "x".repeat(32), new Uint8Array(31), new Uint8Array()]) {
      expect(resume(none)).toEqual(["usage-invalid", "usage", "key"]);
    }
  });

  test("is not made without a key", () => {
    const check = signed.checkFile(WEIGHTS);
    for (const none of [undefined, "x".repeat(32), new Uint8Array(31), new Uint8Array()]) {
      expect(place(() => check.save(none as Uint8Array))).toEqual(["usage-invalid", "usage", "key"]);
    }
  });

  test("that claims all shards is not believed", () => {
    const forged = state.slice();
    const view = new DataView(forged.buffer);
    view.setBigUint64(16, BigInt(bytes.length), true);
    view.setBigUint64(24, BigInt(Math.ceil(bytes.length / 1024)), true);
    expect(place(() => signed.checkFile(WEIGHTS, { resume: forged, key }))).toEqual([
      "usage-invalid",
      "usage",
      "resume",
    ]);
  });

  test("that is not bytes is misuse", () => {
    const resume = "text" as unknown as Uint8Array;
    expect(place(() => signed.checkFile(WEIGHTS, { resume, key }))).toEqual([
      "usage-invalid",
      "usage",
      "resume",
    ]);
  });
});

test("a file that was not resumed is not marked", async () => {
  const signed = await openFixture("model.sig");
  const check = signed.checkFile("config.json");
  check.push(fixture("example-model/config.json"));
  expect(check.finish()).toEqual({ path: "config.json", status: "ok", resumed: false });
});
