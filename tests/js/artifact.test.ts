// An artifact is its bytes, unless a digest is all that was given.
import { createHash } from "node:crypto";
import { type ArtifactRequest, type VerifyError, verifyArtifact } from "modelseal";
import { describe, expect, test } from "vitest";
import { signFiles } from "./shared/sign.js";

const { policy, bundle } = signFiles(new Map([["a.txt", Buffer.from("one")]]));
const BYTES = Buffer.from("the artifact");
const digestOf = (algorithm: string) => createHash(algorithm).update(BYTES).digest("hex");
const sha256 = digestOf("sha256");
const OTHER = "0".repeat(64);

/** The digest by which an artifact was checked, whatever came of it. */
async function judgedBy(artifact: unknown): Promise<unknown> {
  try {
    const request = { bundle, policy, artifact } as ArtifactRequest;
    return (await verifyArtifact(request)).artifact.sha256;
  } catch (error) {
    const { code, stage, at } = error as VerifyError;
    return [code, stage, at];
  }
}

describe("bytes are hashed, whatever digest hangs on them", () => {
  const forms: [string, () => object][] = [
    ["a Uint8Array", () => new Uint8Array(BYTES)],
    ["a Buffer", () => Buffer.from(BYTES)],
    ["an ArrayBuffer", () => new Uint8Array(BYTES).buffer],
    ["a DataView", () => new DataView(new Uint8Array(BYTES).buffer)],
    ["a Blob", () => new Blob([BYTES])],
    ["a File", () => new File([BYTES], "artifact.bin")],
    ["a stream", () => new Blob([BYTES]).stream()],
    ["an array of chunks", () => [BYTES.subarray(0, 3), BYTES.subarray(3)]],
    ["a generator", () => [BYTES].values()],
    ["an iterable object", () => ({ [Symbol.iterator]: () => [BYTES].values() })],
    [
      "an async iterable object",
      () => ({
        async *[Symbol.asyncIterator]() {
          yield BYTES;
        },
      }),
    ],
  ];
  test.each(forms)("%s", async (_, make) => {
    expect(await judgedBy(make())).toBe(sha256);
    for (const name of ["sha256", "sha384", "sha512"]) {
      expect(await judgedBy(Object.assign(make(), { [name]: OTHER }))).toBe(sha256);
    }
  });
});

describe("a digest", () => {
  test("is a plain object with that one member, with its algorithm before it or not", async () => {
    expect(await judgedBy({ sha256: OTHER })).toBe(OTHER);
    expect(await judgedBy({ sha256: `sha256:${OTHER}` })).toBe(OTHER);
    expect(await judgedBy(Object.assign(Object.create(null), { sha256: OTHER }))).toBe(OTHER);
  });

  test("beside another member is none", async () => {
    const nothing = ["usage-invalid", "usage", "artifact"];
    expect(await judgedBy({ sha256: OTHER, size: 3 })).toEqual(nothing);
    expect(await judgedBy({ sha256: OTHER, sha512: "0".repeat(128) })).toEqual(nothing);
    expect(await judgedBy({ sha1: "0".repeat(40) })).toEqual(nothing);
    expect(await judgedBy({})).toEqual(nothing);
    expect(await judgedBy(Object.create({ sha256: OTHER }))).toEqual(nothing);
    expect(await judgedBy(new Map([["sha256", OTHER]]))).not.toBe(OTHER);
  });

  test.each([
    ["sha256", 64],
    ["sha384", 96],
    ["sha512", 128],
  ])("of %s has so many lower-case hex digits: %i", async (name, length) => {
    const wrong = ["usage-invalid", "usage", `artifact.${name}`];
    for (const value of [
      "",
      "0".repeat(length - 1),
      "0".repeat(length + 1),
      "F".repeat(length),
      `sha1:${"0".repeat(length)}`,
      undefined,
      null,
      7,
    ]) {
      expect(await judgedBy({ [name]: value })).toEqual(wrong);
    }
  });
});

test("what is nothing of this is named as such", async () => {
  for (const artifact of [undefined, null, "text", 7, () => BYTES, Promise.resolve(BYTES)]) {
    expect(await judgedBy(artifact)).toEqual(["usage-invalid", "usage", "artifact"]);
  }
});

test("an artifact without end is read up to its limit", async () => {
  const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65_536)) });
  const request = { bundle, policy, artifact: endless, maxBytes: 1_000_000 };
  await expect(verifyArtifact(request)).rejects.toMatchObject({ code: "file-unreadable", stage: "files" });
});
