// What runs in the page: each call gives MB/s.
import { init, type Verdict, verify } from "modelseal";
import { fromFileList } from "modelseal/files";
import wasmUrl from "modelseal/modelseal.wasm?url";
import type { Signed } from "../../../js/shared/sign.js";
import { rate } from "../../src/measure.js";
import type { KernelCall } from "./kernel.worker.js";

const module = WebAssembly.compileStreaming(fetch(wasmUrl));

/** Ready-made workers, as a bench of kernels needs them. */
const kernelWorkers = Promise.all([startKernelWorker(), startKernelWorker()]);
const digestWorkers = [0, 1].map(
  () => new Worker(new URL("./digest.worker.ts", import.meta.url), { type: "module" }),
);

async function startKernelWorker(): Promise<Worker> {
  const worker = new Worker(new URL("./kernel.worker.ts", import.meta.url), { type: "module" });
  await ask(worker, { module: await module });
  return worker;
}

function ask<T>(worker: Worker, message: unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => ("error" in data ? reject(new Error(data.error)) : resolve(data.value));
    worker.postMessage(message);
  });
}

/** A kernel in one worker. */
async function kernel(call: KernelCall): Promise<number> {
  return ask<number>((await kernelWorkers)[0] as Worker, call);
}

/** A kernel on half the bytes in each of two workers. */
async function kernelInTwo(call: KernelCall): Promise<number> {
  const began = performance.now();
  const half = { ...call, bytes: call.bytes / 2 };
  await Promise.all((await kernelWorkers).map((worker) => ask<number>(worker, half)));
  return rate(call.bytes, performance.now() - began);
}

function chosen(id: string): File[] {
  return Array.from((document.getElementById(id) as HTMLInputElement).files ?? []);
}

/** `verify` from the choice of files to the verdict. */
async function verifyChosen(
  id: string,
  signed: Signed,
  options: { concurrency?: number; expected?: Verdict["outcome"] },
): Promise<number> {
  await init();
  const files = chosen(id);
  const model = Object.assign(fromFileList(files), { complete: true });
  const began = performance.now();
  const verdict = await verify({ ...signed, files: model, concurrency: options.concurrency });
  const milliseconds = performance.now() - began;
  if (verdict.outcome !== (options.expected ?? "verified")) throw new Error(verdict.reasons.join());
  return rate(
    files.reduce((sum, { size }) => sum + size, 0),
    milliseconds,
  );
}

/** The peer: two plain workers, each with eight files at a time. */
async function plainDigests(id: string): Promise<number> {
  const files = chosen(id);
  const began = performance.now();
  const digests = await Promise.all(
    digestWorkers.map((worker, index) =>
      ask<string[]>(
        worker,
        files.filter((_, i) => i % 2 === index),
      ),
    ),
  );
  const milliseconds = performance.now() - began;
  if (digests.flat().length !== files.length) throw new Error("a digest is missing");
  return rate(
    files.reduce((sum, { size }) => sum + size, 0),
    milliseconds,
  );
}

Object.assign(globalThis, { kernel, kernelInTwo, plainDigests, verifyChosen });
