import type { FromWorker, ToWorker } from "../model/protocol.js";
import { refusalOf, run } from "../model/run.js";
import { closeNetwork } from "./no-network.js";

closeNetwork();

addEventListener("message", async ({ data: { module, request } }: MessageEvent<ToWorker>) => {
  try {
    const outcome = await run(module, request, (progress) => post({ type: "progress", progress }));
    post({ type: "done", outcome });
  } catch (error) {
    post({ type: "refused", refusal: refusalOf(error) });
  }
});

post({ type: "ready" });

function post(message: FromWorker): void {
  postMessage(message);
}
