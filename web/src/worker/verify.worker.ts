import type { FromWorker, Progress, ToWorker } from "../model/protocol.js";
import { refusalOf, run } from "../model/run.js";
import { scriptUrl } from "../model/trusted-url.js";
import hashWorkerUrl from "./hash.worker.js?worker&url";
import { closeNetwork } from "./no-network.js";

closeNetwork();

addEventListener("message", async ({ data: { module, request } }: MessageEvent<ToWorker>) => {
  try {
    const onProgress = (progress: Progress) => post({ type: "progress", progress });
    const outcome = await run({ module, worker: startHashWorker }, request, onProgress);
    post({ type: "done", outcome });
  } catch (error) {
    post({ type: "refused", refusal: refusalOf(error) });
  }
});

post({ type: "ready" });

function startHashWorker(): Worker {
  return new Worker(scriptUrl(hashWorkerUrl), { type: "module" });
}

function post(message: FromWorker): void {
  postMessage(message);
}
