// An error keeps its reason on its way to another thread, another realm or a log.
import { runInNewContext } from "node:vm";
import { MessageChannel, Worker } from "node:worker_threads";
import { openBundle, VerifyError } from "modelseal";
import { describe, expect, test } from "vitest";
import { signFiles } from "./shared/sign.js";

const signed = signFiles(new Map([["a.txt", Buffer.from("one")]]));

async function changed(): Promise<VerifyError> {
  const model = await openBundle(signed);
  const { result, response } = model.response("a.txt", new Response("two"));
  await response.text().catch(() => {});
  return (await result).error as VerifyError;
}

const REASON = { code: "file-changed", stage: "files", message: "a file is not the one that was signed" };

describe("VerifyError", () => {
  test("as JSON has all that it says", async () => {
    const error = await changed();
    expect(JSON.parse(JSON.stringify(error))).toEqual({ name: "VerifyError", ...REASON, path: "a.txt" });
    const misuse = await openBundle({ ...signed, more: 1 } as never).catch((thrown: unknown) => thrown);
    expect(JSON.parse(JSON.stringify(misuse))).toMatchObject({ code: "usage-invalid", at: "request.more" });
  });

  test("is recognised as what it is", async () => {
    const error = await changed();
    expect(VerifyError.from(error)).toBe(error);
    expect(VerifyError.from(error.toJSON())).toMatchObject({ ...REASON, path: "a.txt" });
    expect(VerifyError.from(error.toJSON())).toBeInstanceOf(VerifyError);
    expect(VerifyError.from(new TypeError("terminated", { cause: error }))).toBe(error);
  });

  test("is recognised from another realm", () => {
    const foreign = runInNewContext(
      `Object.assign(new Error("x"), { name: "VerifyError", code: "a-b", stage: "log" })`,
    );
    expect(foreign).not.toBeInstanceOf(Error);
    expect(VerifyError.from(foreign)).toMatchObject({ code: "a-b", stage: "log", message: "x" });
  });

  test("is recognised in a structured clone, by its stack", async () => {
    const error = await changed();
    const clone = structuredClone(error);
    expect(clone).not.toBeInstanceOf(VerifyError);
    expect(VerifyError.from(clone)).toMatchObject(REASON);
    expect(VerifyError.from(structuredClone(clone))).toMatchObject(REASON);
    expect(error.stack?.split("\n")[0]).toBe(`VerifyError [files/file-changed]: ${REASON.message}`);
  });

  test("crosses to another thread as JSON, and as an error", async () => {
    const error = await changed();
    const { port1, port2 } = new MessageChannel();
    const received = new Promise<unknown[]>((resolve) => {
      const got: unknown[] = [];
      port2.on("message", (data) => {
        got.push(data);
        if (got.length === 2) resolve(got);
      });
    });
    port1.postMessage(error.toJSON());
    port1.postMessage(error);
    for (const value of await received) expect(VerifyError.from(value)).toMatchObject(REASON);
    port1.close();
  });

  test("crosses from a worker’s rejected promise", async () => {
    const script = `
      const { parentPort, workerData } = require("node:worker_threads");
      import(workerData).then(async ({ openBundle }) => {
        const error = await openBundle({ bundle: "{}", policy: { method: "key", publicKey: "x" } }).catch((e) => e);
        parentPort.postMessage(error);
      });`;
    const workerData = import.meta.resolve("modelseal");
    const worker = new Worker(script, { eval: true, workerData });
    const error = await new Promise((resolve) => worker.once("message", resolve));
    await worker.terminate();
    expect(VerifyError.from(error)).toMatchObject({ code: "key-invalid", stage: "policy" });
  });

  test("is not seen in what is none", () => {
    const circular = new Error("x");
    circular.cause = circular;
    for (const value of [
      undefined,
      null,
      "VerifyError [files/file-changed]: x",
      7,
      {},
      { name: "VerifyError", code: "x", stage: "files" },
      { name: "VerifyError", message: "x" },
      new Error("VerifyError [files/file-changed]: x"),
      new TypeError("Failed to fetch"),
      circular,
    ]) {
      expect(VerifyError.from(value)).toBeUndefined();
    }
  });
});
