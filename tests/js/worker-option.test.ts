// `init({ worker })`: what becomes of workers that start, that do not, and that are not wanted.
import { assertVerified, init, type VerifyError, verify, WorkerError } from "modelseal";
import { fromEntries } from "modelseal/files";
import { expect, test } from "vitest";
import { signFiles } from "./shared/sign.js";
import { threadWorker } from "./shared/thread-worker.js";

const bytes = new Uint8Array(9_000_000).fill(7);
const signed = signFiles(new Map([["a.bin", bytes]]));

function verifyHere(options: { concurrency?: number; memoryBudget?: number } = {}) {
  const entry = { path: "a.bin", kind: "file" as const, open: () => new Blob([bytes]) };
  return verify({ ...signed, ...options, files: fromEntries([entry], { complete: true }) });
}

test("without one, Node hashes by its own digests", async () => {
  const verdict = await verifyHere();
  assertVerified(verdict);
  expect(verdict.diagnostics).toEqual({ engines: ["node:crypto"], workers: 0 });
});

test("a worker that starts hashes", async () => {
  await init({ worker: threadWorker });
  const verdict = await verifyHere();
  assertVerified(verdict);
  expect(verdict.diagnostics).toEqual({ engines: ["subtle"], workers: 1 });
});

test("one that does not start is an error that says what to look at", async () => {
  const refused = () => {
    throw new DOMException("refused to create a worker", "SecurityError");
  };
  await init({ worker: refused });
  const error = await verifyHere().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(WorkerError);
  expect((error as WorkerError).message).toContain("refused to create a worker");
  expect((error as WorkerError).message).toContain("worker-src");
});

test("none is wanted", async () => {
  await init({ worker: false });
  const verdict = await verifyHere();
  expect(verdict.diagnostics).toEqual({ engines: ["node:crypto"], workers: 0 });
});

test("limits that cannot be kept are misuse", async () => {
  const place = (limits: object) => verifyHere(limits).catch(({ code, at }: VerifyError) => [code, at]);
  for (const concurrency of [0, 1.5])
    expect(await place({ concurrency })).toEqual(["usage-invalid", "concurrency"]);
  for (const memoryBudget of [1000, Number.NaN, "many"]) {
    expect(await place({ memoryBudget })).toEqual(["usage-invalid", "memoryBudget"]);
  }
});

test("what is not worth a worker is hashed without one", async () => {
  let started = 0;
  await init({
    worker: () => {
      started += 1;
      return threadWorker();
    },
  });
  const small = new Uint8Array(20_000).fill(7);
  const model = signFiles(new Map([["a.bin", small]]));
  const open = () => new Blob([small]);
  const verdicts = await Promise.all(
    Array.from({ length: 100 }, () =>
      verify({ ...model, files: fromEntries([{ path: "a.bin", kind: "file", open }], { complete: true }) }),
    ),
  );
  expect(new Set(verdicts.map(({ outcome }) => outcome))).toEqual(new Set(["verified"]));
  expect(started).toBe(0);
  await Promise.all([verifyHere(), verifyHere(), verifyHere({ concurrency: 1 })]);
  expect(started).toBeGreaterThan(0);
  expect(started).toBeLessThanOrEqual(typeof navigator === "undefined" ? 4 : navigator.hardwareConcurrency);
});
