// What the package promises beside verdicts: misuse, progress, cancellation, codes.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  assertVerified,
  type ErrorCode,
  errorCodes,
  type FileEntry,
  inspect,
  openBundle,
  type Progress,
  type Verdict,
  VerifyError,
  verify,
  version,
} from "modelseal";
import { fromEntries } from "modelseal/files";
import { describe, expect, test } from "vitest";
import { repository } from "./shared/repository.js";
import { schemaErrors } from "./shared/schema.js";
import { signFiles } from "./shared/sign.js";

const MODEL = new Map([
  ["a.txt", Buffer.from("one")],
  ["b/c.txt", Buffer.from("two")],
]);
const signed = signFiles(MODEL);

/** A bundle of a media type that there is not: it is judged, and fails. */
const REJECTED = '{"mediaType":"application/json"}';

/** The model's files, some of them replaced. */
function files(replaced: Readonly<Record<string, Partial<FileEntry>>> = {}) {
  const entries = Array.from(
    MODEL,
    ([path, bytes]): FileEntry => ({ path, kind: "file", open: () => bytes, ...replaced[path] }),
  );
  return fromEntries(entries, { complete: true });
}

/** What a promise is rejected with, as far as programs care. */
async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const error = await promise.then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  return error instanceof VerifyError ? { code: error.code, stage: error.stage } : error?.name;
}

/** Where in the call a mistake is, according to the error. */
async function place(promise: Promise<unknown>): Promise<unknown> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof VerifyError) || error.stage !== "usage") return error;
  expect(error.code).toBe("usage-invalid");
  expect(error.message).toContain(error.at);
  return error.at;
}

describe("verify", () => {
  test("an untouched model is verified", async () => {
    const verdict = await verify({ ...signed, files: files() });
    expect(verdict.outcome).toBe("verified");
    expect(schemaErrors(verdict)).toEqual([]);
    expect(() => assertVerified(verdict)).not.toThrow();
  });

  test("a bundle can be text, bytes, a Blob or a stream", async () => {
    const bytes = Buffer.from(signed.bundle);
    for (const bundle of [
      bytes,
      new Uint8Array(bytes).buffer,
      new Blob([bytes]),
      new Blob([bytes]).stream(),
    ]) {
      expect((await verify({ ...signed, bundle, files: files() })).outcome).toBe("verified");
    }
  });

  test("misuse is thrown, and names its place in the call", async () => {
    const request = { ...signed, files: files() };
    const bad = (wrong: object) => place(verify({ ...request, ...wrong }));
    expect(await place(verify(undefined as never))).toBe("verify()");
    expect(await place(verify([] as never))).toBe("verify()");
    expect(await bad({ files: undefined })).toBe("files");
    expect(await bad({ files: {} })).toBe("files");
    expect(await bad({ files: "model" })).toBe("files");
    expect(await bad({ policy: undefined })).toBe("policy");
    expect(await bad({ bundle: 7 })).toBe("bundle");
    expect(await bad({ bundle: undefined })).toBe("bundle");
    expect(await bad({ bundle: Promise.resolve(7) })).toBe("bundle");
    expect(await bad({ time: "yesterday" })).toBe("time");
    expect(await bad({ time: "2026-02-30T00:00:00Z" })).toBe("time");
    expect(await bad({ time: "2026-02-03" })).toBe("time");
    expect(await bad({ time: new Date(Number.NaN) })).toBe("time");
    expect(await bad({ time: null })).toBe("time");
    expect(await bad({ signal: {} })).toBe("signal");
    expect(await bad({ expectation: { setBy: "nobody" } })).toBe("expectation.setBy");
    expect(await bad({ expectation: { setBy: "caller", name: 7 } })).toBe("expectation.name");
    expect(await bad({ expectation: { setBy: "caller", by: "me" } })).toBe("expectation.by");
    expect(await bad({ ignorePaths: "a.txt" })).toBe("ignorePaths");
    expect(await bad({ ignorePaths: ["a.txt", 7] })).toBe("ignorePaths[1]");
    expect(await bad({ ignoreUnsignedFiles: "false" })).toBe("ignoreUnsignedFiles");
    expect(await bad({ allowSymlinks: 1 })).toBe("allowSymlinks");
    expect(await bad({ signaturePath: 7 })).toBe("signaturePath");
    expect(await bad({ onProgress: true })).toBe("onProgress");
    expect(await bad({ onFile: {} })).toBe("onFile");
    expect(await bad({ entryLimit: 0 })).toBe("entryLimit");
    expect(await bad({ maxBytes: Number.NaN })).toBe("maxBytes");
  });

  test("a policy that the core refuses is refused in the core’s words", async () => {
    const bad = (policy: unknown) =>
      rejection(verify({ ...signed, files: files(), policy: policy as never }));
    expect(await bad({ method: "key", publicKey: "" })).toEqual({ code: "key-invalid", stage: "policy" });
    for (const policy of [{}, [], null, 7, "key"]) {
      expect(await bad(policy)).toEqual({ code: "policy-invalid", stage: "policy" });
    }
  });

  test("entries that are none are thrown, and named by their place", async () => {
    const bad = (...entries: unknown[]) =>
      place(verify({ ...signed, files: Object.assign(entries, { complete: true }) as never }));
    expect(await bad(null)).toBe("files[0]");
    expect(await bad({ kind: "file" })).toBe("files[0].path");
    expect(await bad({ path: "x", kind: "directory" }, { path: "a.txt", kind: "folder" })).toBe(
      "files[1].kind",
    );
    expect(await bad({ path: "a.txt", kind: "file", size: -1 })).toBe("files[0].size");
    expect(await bad({ path: "a.txt", kind: "file", size: 0.5 })).toBe("files[0].size");
    expect(await bad({ path: "a.txt", digest: 7 })).toBe("files[0].digest");
    expect(await bad({ path: "a.txt", digest: "sha256:xyz" })).toBe("files[0].digest");
    expect(await bad({ path: "a.txt", kind: "file" })).toBe("files[0].open");
    expect(await bad({ path: "a.txt", kind: "file", open: "a.txt" })).toBe("files[0].open");
    expect(await bad({ path: "a.txt", kind: "file", open: () => 7 })).toBe("files[0].open");
    expect(await bad({ path: "a.txt", kind: "file", open: () => ["text"] })).toBe("files[0].open");
  });

  test("what is wrong with a path is said with the path", async () => {
    const bad = (...entries: unknown[]) =>
      verify({ ...signed, files: Object.assign(entries, { complete: true }) as never }).catch(
        ({ code, stage, at, path, message }: VerifyError) => [
          code,
          stage,
          at,
          path,
          message.includes(`"${path}"`),
        ],
      );
    const open = () => MODEL.get("a.txt");
    expect(await bad({ path: "../a.txt", kind: "file", open })).toEqual([
      "entry-path-invalid",
      "files",
      "files[0].path",
      "../a.txt",
      true,
    ]);
    const twice = { path: "a.txt", kind: "file", open };
    for (const entry of [twice, { path: "x", kind: "file" }]) {
      expect(await bad(entry, entry)).toEqual([
        "entry-duplicate",
        "files",
        "files[1].path",
        entry.path,
        true,
      ]);
    }
  });

  test("a file that cannot be read is not misuse", async () => {
    const broken = { open: () => Promise.reject(new Error("disk on fire")) };
    const results: unknown[] = [];
    const verdict = await verify({
      ...signed,
      files: files({ "a.txt": broken }),
      onFile: (result) => results.push(result),
    });
    expect([verdict.outcome, verdict.reasons, verdict.bytes.unreadable]).toEqual([
      "incomplete",
      ["file-unreadable"],
      ["a.txt"],
    ]);
    expect(results).toEqual([
      { path: "a.txt", status: "unreadable", error: new Error("disk on fire") },
      { path: "b/c.txt", status: "ok" },
    ]);
  });

  test("paths are an attacker's text", async () => {
    const names = ["__proto__", "constructor", "toString", "hasOwnProperty", "a\u202eb", "é"];
    const entries = names.map((path): FileEntry => ({ path, kind: "file", open: () => new Uint8Array() }));
    const model = fromEntries([...entries, ...(files() as Iterable<FileEntry>)], { complete: true });
    const verdict = await verify({ ...signed, files: model });
    expect(verdict.coverage.unsigned.map(({ path }) => path)).toEqual([...names].sort());
    expect(verdict.reasons).toEqual(["file-unsigned"]);
  });

  test("no one who does not say so has seen the whole model", async () => {
    const entries = [...(files() as Iterable<FileEntry>)];
    const verdict = await verify({ ...signed, files: entries as never });
    expect([verdict.outcome, verdict.reasons]).toEqual(["incomplete", ["coverage-unobserved"]]);
  });

  test("a single file of a folder is as signed, and the rest was not looked at", async () => {
    const [entry] = [...(files() as Iterable<FileEntry>)];
    const model = fromEntries(entry ? [entry] : [], { complete: false, singleFile: "a.txt" });
    const verdict = await verify({ ...signed, files: model });
    expect(verdict.reasons).toEqual(["coverage-unobserved", "file-not-checked"]);
    expect([verdict.bytes.hashed, verdict.bytes.notChecked]).toEqual([1, ["b/c.txt"]]);
  });

  test("a single file is the whole of a signature for one", async () => {
    const single = signFiles(new Map([[".", Buffer.from("one")]]));
    const entry: FileEntry = { path: "renamed.bin", kind: "file", open: () => Buffer.from("one") };
    const model = fromEntries([entry], { complete: false, singleFile: "renamed.bin" });
    expect((await verify({ ...single, files: model })).outcome).toBe("verified");
  });

  test("a listing is not hashing", async () => {
    const { files: list } = await openBundle(signed);
    const listing = list.map(({ path, digest = "" }) => ({ path, digest }));
    const verdict = await verify({ ...signed, files: fromEntries(listing, { complete: true }) });
    expect([verdict.outcome, verdict.reasons, verdict.bytes.status]).toEqual([
      "incomplete",
      ["listing-only"],
      "listing",
    ]);
    const wrong = listing.map((entry) => ({ ...entry, digest: `sha256:${"0".repeat(64)}` }));
    const changed = await verify({ ...signed, files: fromEntries(wrong, { complete: true }) });
    expect(changed.reasons).toEqual(["file-changed"]);
  });

  test("an ignored folder is not walked", async () => {
    const answers: unknown[] = [];
    function* walk(): Generator<FileEntry, void, unknown> {
      answers.push(yield { path: ".git", kind: "directory" });
      answers.push(yield { path: "b", kind: "directory" });
      yield* files() as Iterable<FileEntry>;
    }
    const verdict = await verify({
      ...signed,
      files: fromEntries({ [Symbol.iterator]: walk }, { complete: true }),
    });
    expect(answers).toEqual(["skip", "descend"]);
    expect(verdict.coverage.ignoredBySignature).toEqual([{ path: ".git", basis: "git-default" }]);
  });

  test("who set the expectation is in the verdict, even of a rejected bundle", async () => {
    const expectation = { setBy: "stored-policy", name: "ours" } as const;
    for (const bundle of [signed.bundle, REJECTED]) {
      expect((await verify({ ...signed, bundle, expectation, files: files() })).expectation).toEqual(
        expectation,
      );
    }
  });

  test("a bundle without end is not read to its end", async () => {
    const block = new Uint8Array(1024 * 1024).fill(0x5b);
    const endless = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(block) });
    expect(await rejection(verify({ ...signed, bundle: endless, files: files() }))).toEqual({
      code: "bundle-too-large",
      stage: "bundle",
    });
  });
});

describe("cancellation", () => {
  const endless = () => {
    const state = { closed: false };
    async function* zeros() {
      try {
        for (;;) yield new Uint8Array(1024 * 1024);
      } finally {
        state.closed = true;
      }
    }
    return { state, open: zeros };
  };

  test("an aborted signal is refused at once", async () => {
    expect(await rejection(verify({ ...signed, files: files(), signal: AbortSignal.abort() }))).toBe(
      "AbortError",
    );
    expect(await rejection(openBundle({ ...signed, signal: AbortSignal.abort() }))).toBe("AbortError");
  });

  test("hashing ends soon after the signal, and the source is closed", async () => {
    const { state, open } = endless();
    const controller = new AbortController();
    const running = verify({ ...signed, files: files({ "a.txt": { open } }), signal: controller.signal });
    setTimeout(() => controller.abort(), 100);
    const began = performance.now();
    expect(await rejection(running)).toBe("AbortError");
    expect(performance.now() - began).toBeLessThan(5_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(state.closed).toBe(true);
  });

  test("sources that hang do not hold it up", async () => {
    const hanging = { open: () => new Promise<never>(() => {}) };
    const running = verify({
      ...signed,
      files: files({ "a.txt": hanging }),
      signal: AbortSignal.timeout(50),
    });
    expect(await rejection(running)).toBe("TimeoutError");
    const never = {
      complete: true,
      [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }),
    };
    expect(await rejection(verify({ ...signed, files: never, signal: AbortSignal.timeout(50) }))).toBe(
      "TimeoutError",
    );
  });
});

describe("progress", () => {
  test("is told seldom, and whole at the end", async () => {
    const told: { at: number; progress: Progress }[] = [];
    async function* slow() {
      for (let i = 0; i < 40; i++) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        yield new Uint8Array(1000);
      }
    }
    const entries = [...(files({ "a.txt": { open: slow } }) as Iterable<FileEntry>)];
    const model = fromEntries(entries, { complete: true, totalBytes: 40_003 });
    await verify({
      ...signed,
      files: model,
      onProgress: (progress) => told.push({ at: performance.now(), progress }),
    });
    const last = told.pop();
    expect(last?.progress).toEqual({
      bytes: 40_003,
      totalBytes: 40_003,
      path: "b/c.txt",
      files: 2,
      totalFiles: 2,
      bytesPerSecond: expect.any(Number),
      secondsLeft: 0,
    });
    const { bytesPerSecond = 0, secondsLeft, bytes = 0 } = told.at(-1)?.progress ?? {};
    expect(secondsLeft).toBeCloseTo((40_003 - bytes) / bytesPerSecond, 6);
    expect(told.length).toBeGreaterThan(1);
    for (const [index, { at }] of told.entries()) {
      if (index > 0) expect(at - (told[index - 1]?.at ?? 0)).toBeGreaterThanOrEqual(99);
    }
  });
});

describe("errors", () => {
  test("every code and stage that JavaScript throws is one of Rust's", async () => {
    const known = new Map((await errorCodes()).map(({ code, stage }) => [code, stage]));
    const found = sources(repository("npm/src")).flatMap((text) => [
      ...text.matchAll(/new VerifyError\(\s*"([^"]+)",\s*"([^"]+)"/g),
    ]);
    expect(found.length).toBeGreaterThan(4);
    for (const [, code = "", stage] of found) {
      expect([code, known.get(code as ErrorCode)]).toEqual([code, stage]);
    }
  });

  test("every code and stage that Rust has fits the schema", async () => {
    for (const { code, stage } of await errorCodes()) {
      const verdict = await verify({ ...signed, bundle: REJECTED, files: files() });
      expect(
        schemaErrors({
          ...verdict,
          reasons: [code],
          signature: { status: "invalid", error: { code, stage, message: "x" } },
        }),
      ).toEqual([]);
    }
  });

  test("assertVerified says why", async () => {
    const changed = await verify({
      ...signed,
      files: files({ "a.txt": { open: () => Buffer.from("two") } }),
    });
    expect(() => assertVerified(changed)).toThrow(
      expect.objectContaining({ code: "file-changed", stage: "files" }),
    );
    const rejected = await verify({ ...signed, bundle: REJECTED, files: files() });
    expect(() => assertVerified(rejected)).toThrow(
      expect.objectContaining({ code: "media-type-unsupported", stage: "bundle" }),
    );
  });

  test("assertVerified gives each reason the stage that Rust gives it", async () => {
    const stages = new Map((await errorCodes()).map(({ code, stage }) => [code, stage]));
    const verdict = await verify({ ...signed, files: files() });
    const ofFiles = [...stages].filter(([, stage]) => stage === "files").map(([code]) => code);
    const others: ErrorCode[] = [
      "artifact-denied",
      "attestation-missing",
      "identity-unexpected",
      "model-name-unexpected",
      "predicate-type-unexpected",
      "predicate-unchecked",
      "root-digest-denied",
      "root-digest-unexpected",
      "single-file-invalid",
      "verification-not-passed",
    ];
    const codes = [...ofFiles, ...others];
    expect(codes.length).toBeGreaterThan(20);
    for (const code of codes) {
      const incomplete: Verdict = { ...verdict, outcome: "incomplete", reasons: [code] };
      expect(() => assertVerified(incomplete)).toThrow(
        expect.objectContaining({ code, stage: stages.get(code) }),
      );
    }
  });

  test("openBundle throws for a bundle that is rejected", async () => {
    expect(await rejection(openBundle({ ...signed, bundle: "" }))).toEqual({
      code: "bundle-unreadable",
      stage: "bundle",
    });
    expect(await rejection(openBundle({ ...signed, bundle: REJECTED }))).toEqual({
      code: "media-type-unsupported",
      stage: "bundle",
    });
    expect(await rejection(inspect("{"))).toEqual({ code: "json-syntax", stage: "bundle" });
    expect(await rejection(inspect("["))).toEqual({ code: "bundle-unreadable", stage: "bundle" });
  });
});

test("inspect labels everything as claimed", async () => {
  const claimed = await inspect(signed.bundle);
  expect(Object.keys(claimed).sort()).toEqual(["bundleSha256", "claimed", "verified"]);
  expect(claimed.verified).toBe(false);
});

test("the package, the core and the verdict have one version", async () => {
  const { version: packaged } = JSON.parse(readFileSync(repository("npm/package.json"), "utf8"));
  const verdict = await verify({ ...signed, files: files() });
  expect([await version(), verdict.modelseal]).toEqual([packaged, packaged]);
});

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(folder, name), "utf8"));
}

test("the public interface is the one that npm/api.txt says", () => {
  const tool = repository("npm/tools/api.mjs");
  expect(() => execFileSync(process.execPath, [tool, "--check"], { stdio: "pipe" })).not.toThrow();
});
