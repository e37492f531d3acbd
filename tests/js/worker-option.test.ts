// `init({ worker })`: what becomes of workers that start, that do not, and that are not wanted.
import { assertVerified, init, verify, WorkerError } from "modelseal";
import { fromEntries } from "modelseal/files";
import { expect, test } from "vitest";
import { signFiles } from "./sign.js";
import { threadWorker } from "./thread-worker.js";

const bytes = new Uint8Array(3_000_000).fill(7);
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

test("limits that nobody could keep are misuse", async () => {
  for (const limits of [
    { concurrency: 0 },
    { concurrency: 1.5 },
    { memoryBudget: 1000 },
    { memoryBudget: Number.NaN },
  ]) {
    await expect(verifyHere(limits)).rejects.toThrow(TypeError);
  }
});
