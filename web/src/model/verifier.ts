import { integrity } from "modelseal/integrity";
import wasmUrl from "modelseal/modelseal.wasm?url";
import workerUrl from "../worker/verify.worker.js?worker&url";
import type { FromWorker, Outcome, Progress, Refusal, Request, ToWorker } from "./protocol.js";
import { refusalOf, run } from "./run.js";
import { scriptUrl } from "./trusted-url.js";

/** A verification that could not be made, as opposed to one that failed. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/**
 * Runs verifications apart from the page, one at a time. Each has a worker of its own: to cancel is
 * to end it, whatever it is doing, and nothing of one verification reaches the next.
 */
export class Verifier {
  #module: Promise<WebAssembly.Module> | undefined;

  async verify(
    request: Request,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Outcome> {
    this.#module ??= compile();
    const module = await this.#module.catch((error: unknown) => {
      this.#module = undefined;
      throw error;
    });
    signal.throwIfAborted();
    const worker = await startWorker(signal);
    return worker === undefined
      ? runHere(module, request, onProgress, signal)
      : runThere(worker, { module, request }, onProgress, signal);
  }
}

/**
 * The page compiles, and hands the module over: the page's policy allows it no other origin, while
 * a worker's own requests are outside of that policy. So the worker needs no network at all.
 */
async function compile(): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compileStreaming(fetch(wasmUrl, { integrity }));
  } catch {
    throw new RefusedError({
      code: "wasm-unavailable",
      stage: "usage",
      message:
        "the verifier could not be loaded, or is not the one of this page; reload the page, and check that this browser allows WebAssembly",
    });
  }
}

/** A worker that has answered, or nothing where this browser or its settings give none. */
function startWorker(signal: AbortSignal): Promise<Worker | undefined> {
  return new Promise((resolve) => {
    let worker: Worker;
    try {
      worker = new Worker(scriptUrl(workerUrl), { type: "module" });
    } catch {
      resolve(undefined);
      return;
    }
    const giveUp = () => {
      worker.terminate();
      resolve(undefined);
    };
    worker.addEventListener("error", giveUp, { once: true });
    signal.addEventListener("abort", giveUp, { once: true });
    worker.addEventListener(
      "message",
      () => {
        worker.removeEventListener("error", giveUp);
        signal.removeEventListener("abort", giveUp);
        resolve(worker);
      },
      { once: true },
    );
  });
}

function runThere(
  worker: Worker,
  message: ToWorker,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Outcome> {
  return new Promise<Outcome>((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    worker.addEventListener("error", () => reject(new RefusedError(refusalOf(undefined))));
    worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => {
      if (data.type === "progress") onProgress(data.progress);
      else if (data.type === "done") resolve(data.outcome);
      else if (data.type === "refused") reject(new RefusedError(data.refusal));
    });
    worker.postMessage(message);
  }).finally(() => worker.terminate());
}

async function runHere(
  module: WebAssembly.Module,
  request: Request,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Outcome> {
  try {
    return await run({ module, worker: false }, request, onProgress, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw new RefusedError(refusalOf(error));
  }
}
