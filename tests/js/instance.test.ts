// An instance of the Wasm whose memory grew too large is not used for the next call; live objects keep theirs.
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { compiledModule, instance, ready, releaseGrown } from "../../npm/dist/core/wasm.js";
// The modules that these tests look into, not the files that Node's users get.
import { inspect, openBundle, verify } from "../../npm/dist/entry/node.js";
import { fromEntries } from "../../npm/dist/files/web.js";
import { signFiles } from "./shared/sign.js";

const MIB = 1024 * 1024;
const MODEL = new Map([["a.txt", Buffer.from("one")]]);
const signed = signFiles(MODEL);
const files = () =>
  fromEntries([{ path: "a.txt", kind: "file", open: () => Buffer.from("one") }], { complete: true });

/** Makes the current instance take more memory than is kept. */
async function grow(): Promise<void> {
  // It is copied into the instance before anything looks at it.
  const tooLarge = new Uint8Array(300 * MIB);
  const wasm = await ready();
  expect(() => wasm.inspect(tooLarge)).toThrow();
}

beforeAll(async () => {
  await ready();
});

describe("an instance", () => {
  test("is used again while its memory is small", async () => {
    const first = await ready();
    await verify({ ...signed, files: files() });
    expect(await ready()).toBe(first);
  });

  test("that grew over 256 MiB is not used for the next call", async () => {
    const grown = await ready();
    await grow();
    expect(await ready()).not.toBe(grown);
    expect((await verify({ ...signed, files: files() })).outcome).toBe("verified");
  });

  test("is let go at the end of the call that made it grow, not at the next one", async () => {
    const grown = instance();
    await grow();
    releaseGrown();
    expect(instance()).not.toBe(grown);
  });

  test("is kept by the objects that were made of it", async () => {
    const model = await openBundle(signed);
    const check = model.checkFile("a.txt");
    check.push(Buffer.from("o"));
    const stream = model.checkStream("a.txt", new Blob(["one"]).stream());
    const before = instance();
    await grow();
    const other = await openBundle(signed);
    expect(instance()).not.toBe(before);
    check.push(Buffer.from("ne"));
    expect(check.finish().status).toBe("ok");
    expect(await new Response(stream).text()).toBe("one");
    for (const signedModel of [model, other]) {
      expect((await signedModel.verifyFile("a.txt", Buffer.from("one"))).status).toBe("ok");
      expect((await signedModel.verifyFile("a.txt", Buffer.from("two"))).status).toBe("changed");
      signedModel[Symbol.dispose]();
    }
  });

  test("that grows in the middle of a walk is that walk’s to its end", async () => {
    async function* list() {
      yield { path: "a.txt", kind: "file" as const, open: () => Buffer.from("one") };
      await grow();
      expect((await verify({ ...signed, files: files() })).outcome).toBe("verified");
    }
    expect((await verify({ ...signed, files: fromEntries(list(), { complete: true }) })).outcome).toBe(
      "verified",
    );
  });

  test("never stays above 256 MiB after a call, whatever a bundle cost", async () => {
    // What it may cost is the core's to bound.
    const numbers = `{"mediaType": [${"1,".repeat(15 * MIB)}1]}`;
    const text = JSON.stringify({ mediaType: "\u00e9".repeat(30 * MIB) });
    for (const bundle of [numbers, text]) {
      await inspect(bundle).catch(() => {});
      await verify({ ...signed, bundle, files: files() }).catch(() => {});
      const { memory } = instance().initSync({ module: compiledModule() });
      expect(memory.buffer.byteLength).toBeLessThanOrEqual(256 * MIB);
    }
    expect((await verify({ ...signed, files: files() })).outcome).toBe("verified");
  });
});

test("the worker and the page run the same bindings", () => {
  const bindings = readFileSync(new URL("../../npm/wasm/instance.js", import.meta.url), "utf8");
  expect(bindings.match(/^export /gm)).toEqual(["export "]);
  expect(bindings).not.toContain("import.meta");
});
