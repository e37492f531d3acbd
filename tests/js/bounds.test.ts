// Nothing that a caller hands over holds the thread, or goes on for ever.
import { type FileEntry, type FileResult, type ModelFiles, openBundle, VerifyError, verify } from "modelseal";
import { fromUrls } from "modelseal/files";
import { describe, expect, test } from "vitest";
import { signDigests, signFiles, signShards } from "./shared/sign.js";
import { fileBytes } from "./shared/streams.js";

const signed = signFiles(new Map([["a.txt", Buffer.from("one")]]));

/** Lists entries without end, and counts how many were asked for. */
function endless(kind: "sync" | "async", entry: (i: number) => unknown) {
  const state = { count: 0 };
  const next = () => {
    state.count += 1;
    return { done: false, value: entry(state.count) } as const;
  };
  const iterate = () => ({ next: kind === "sync" ? next : async () => next() });
  const files = {
    complete: true,
    [kind === "sync" ? Symbol.iterator : Symbol.asyncIterator]: iterate,
  } as unknown as ModelFiles;
  return { files, state };
}

describe("walking a list of files", () => {
  const bytes = Buffer.from("one");
  const many = signDigests(
    Array.from({ length: 50_000 }, (_, i) => ({ name: `file-${i + 1}`, digest: "ab".repeat(32) })),
  );
  const kinds: [string, (i: number) => unknown, typeof signed][] = [
    ["unsigned files", (i) => ({ path: `x-${i}`, kind: "file" }), signed],
    ["folders", (i) => ({ path: `x-${i}`, kind: "directory" }), signed],
    ["files of a listing", (i) => ({ path: `file-${i}`, digest: `sha256:${"ab".repeat(32)}` }), many],
    ["signed files with bytes", (i) => ({ path: `file-${i}`, kind: "file", open: () => bytes }), many],
  ];
  for (const kind of ["sync", "async"] as const) {
    test.each(kinds)(
      `lets a timer of 0 ms fire, and an abort in it ends the walk: %s (${kind})`,
      async (_, entry, by) => {
        const { files, state } = endless(kind, entry);
        const controller = new AbortController();
        const order: string[] = [];
        const walk = verify({ ...by, files, signal: controller.signal }).catch((error: Error) => {
          order.push("walk ended");
          return error;
        });
        // The timer counts from when the walk has begun: reading a bundle is one piece of work before it.
        while (state.count === 0) await Promise.resolve();
        setTimeout(() => {
          order.push("timer");
          controller.abort(new Error("enough"));
        }, 0);
        expect(await walk).toMatchObject({ message: "enough" });
        expect(order).toEqual(["timer", "walk ended"]);
        expect(state.count).toBeLessThan(5_000);
      },
    );
  }

  test("a timer that was set before the call fires before entry 5,000", async () => {
    const { files, state } = endless("sync", (i) => ({ path: `x-${i}`, kind: "file" }));
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("enough")), 0);
    const ended = verify({ ...signed, files, signal: controller.signal });
    await expect(ended).rejects.toThrow("enough");
    expect(state.count).toBeLessThan(5_000);
  });

  test("ends at the limit of entries, which is a parameter", async () => {
    const { files, state } = endless("sync", (i) => ({ path: `x-${i}`, kind: "file" }));
    const error = await verify({ ...signed, files, entryLimit: 3_000 }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "usage-invalid", stage: "usage", at: "files" });
    expect((error as Error).message).toContain("entryLimit");
    expect(state.count).toBe(3_001);
  });

  test("takes as many entries as the limit says", async () => {
    const entries: FileEntry[] = Array.from({ length: 99 }, (_, i) => ({ path: `x-${i}`, kind: "file" }));
    entries.push({ path: "a.txt", kind: "file", open: () => bytes });
    const files = Object.assign(entries, { complete: true });
    const verdict = await verify({ ...signed, files, entryLimit: 100, ignoreUnsignedFiles: true });
    expect(verdict.reasons).toEqual(["coverage-partial"]);
  });
});

describe("the bytes of a file", () => {
  const zeros = new Uint8Array(65_536);

  /** Verifies a model of one file whose bytes never end. */
  async function verifyEndless(by: typeof signed, entry: Partial<FileEntry>, limits: object = {}) {
    const state = { bytes: 0, closed: false };
    async function* open() {
      try {
        for (;;) {
          state.bytes += zeros.length;
          yield zeros;
        }
      } finally {
        state.closed = true;
      }
    }
    const results: FileResult[] = [];
    const files = Object.assign([{ path: "a.txt", kind: "file" as const, open, ...entry }], {
      complete: true,
    });
    const verdict = await verify({ ...by, files, ...limits, onFile: (result) => results.push(result) });
    await new Promise((resolve) => setTimeout(resolve, 10));
    return { verdict, state, results };
  }

  test("end at the length that was signed: the file is another one", async () => {
    const sharded = signShards("a.txt", fileBytes(500_000), 100_000);
    const { verdict, state, results } = await verifyEndless(sharded, {});
    expect([verdict.outcome, verdict.bytes.changed]).toEqual([
      "failed",
      [{ path: "a.txt", expected: null, actual: null, reason: "length" }],
    ]);
    expect(state.bytes).toBeLessThan(700_000);
    expect(state.closed).toBe(true);
    expect(results).toEqual([{ path: "a.txt", status: "changed" }]);
  });

  test("end at the length that the entry declares: the file cannot be read", async () => {
    const { verdict, state, results } = await verifyEndless(signed, { size: 300_000 });
    expect([verdict.outcome, verdict.bytes.unreadable]).toEqual(["incomplete", ["a.txt"]]);
    expect(state.bytes).toBeLessThan(500_000);
    expect(results[0]?.error).toMatchObject({ code: "file-unreadable", path: "a.txt" });
  });

  test("end at a limit that is a parameter, where nothing else says how many there are", async () => {
    const { verdict, state, results } = await verifyEndless(signed, {}, { maxBytes: 1_000_000 });
    expect([verdict.outcome, verdict.bytes.unreadable]).toEqual(["incomplete", ["a.txt"]]);
    expect(state.bytes).toBeLessThan(1_200_000);
    expect(results[0]?.error).toMatchObject({ message: expect.stringContaining("maxBytes") });
  });

  test("that a server declared end there, unless they were encoded", async () => {
    const judge = async (headers: Record<string, string>) => {
      const get = (async () => new Response("one and more", { headers })) as unknown as typeof fetch;
      const files = fromUrls([{ path: "a.txt", url: "https://x.example/a" }], { fetch: get });
      const { bytes } = await verify({ ...signed, files });
      return [bytes.changed.length, bytes.unreadable.length];
    };
    expect(await judge({ "content-length": "3" })).toEqual([0, 1]);
    expect(await judge({ "content-length": "3", "content-encoding": "gzip" })).toEqual([1, 0]);
    expect(await judge({ "content-length": "3, 3" })).toEqual([1, 0]);
    expect(await judge({})).toEqual([1, 0]);
  });

  test("that come in chunks of nothing let others have their turn", async () => {
    const nothing = {
      *[Symbol.iterator]() {
        for (;;) yield new Uint8Array();
      },
    };
    const files = Object.assign([{ path: "a.txt", kind: "file" as const, open: () => nothing }], {
      complete: true,
    });
    const signal = AbortSignal.timeout(20);
    await expect(verify({ ...signed, files, signal })).rejects.toMatchObject({ name: "TimeoutError" });
  });
});

describe("the length that a response declares", () => {
  /** What comes of the right file, whose response declares that it is shorter. */
  const judge = async (headers: Record<string, string>, type = "basic") => {
    const model = await openBundle(signed);
    const response = Object.defineProperty(new Response("one", { headers }), "type", { value: type });
    const checked = model.checkResponse("a.txt", response);
    const declared = checked.headers.get("content-length");
    return [declared, await checked.text().catch(({ code }: VerifyError) => code)];
  };

  test("bounds its body, where it counts these bytes", async () => {
    expect(await judge({ "content-length": "3" })).toEqual(["3", "one"]);
    expect(await judge({ "content-length": "2" })).toEqual(["2", "file-unreadable"]);
  });

  test("is that of the encoded body, where there is an encoding", async () => {
    expect(await judge({ "content-length": "2", "content-encoding": "br" })).toEqual([null, "one"]);
  });

  test("of another origin counts only where the encoding would be seen", async () => {
    const length = { "content-length": "2" };
    const exposing = (names: string) => ({ ...length, "access-control-expose-headers": names });
    expect(await judge(length, "cors")).toEqual([null, "one"]);
    expect(await judge(exposing("Content-Length, ETag"), "cors")).toEqual([null, "one"]);
    expect(await judge(exposing("ETag, Content-Encoding"), "cors")).toEqual(["2", "file-unreadable"]);
    expect(await judge(exposing("*"), "cors")).toEqual(["2", "file-unreadable"]);
  });
});

test("a generator lists a model once, and says so the second time", async () => {
  function* list() {
    yield { path: "a.txt", kind: "file" as const, open: () => Buffer.from("one") };
  }
  const files = Object.assign(list(), { complete: true });
  expect((await verify({ ...signed, files })).outcome).toBe("verified");
  const error = await verify({ ...signed, files }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(VerifyError);
  expect(error).toMatchObject({ code: "usage-invalid", at: "files" });
});
