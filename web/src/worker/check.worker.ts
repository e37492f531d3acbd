// The thread in which a check is made. The page hands the compiled Wasm over: it needs no network.
import { init } from "modelseal";
import type { FromWorker, ToWorker } from "../check/protocol.js";
import { Session } from "../check/session.js";
import { scriptUrl } from "../check/trusted-url.js";
import hashWorkerUrl from "./hash.worker.js?worker&url";
import { closeNetwork } from "./no-network.js";

closeNetwork();

const session = new Session(post);
let starting: Promise<void> = Promise.resolve();

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  if (data.type === "start") {
    starting = init({ wasm: data.module, worker: startHashWorker });
    return;
  }
  // What was handed in is taken at once: the Wasm is needed for the check alone.
  if (data.type === "check" || data.type === "act") void starting.finally(() => session.take(data));
  else session.take(data);
});

post({ type: "ready" });

function startHashWorker(): Worker {
  return new Worker(scriptUrl(hashWorkerUrl), { type: "module" });
}

function post(message: FromWorker): void {
  postMessage(message);
}
