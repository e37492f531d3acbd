import { fileURLToPath } from "node:url";
import { Worker as Thread } from "node:worker_threads";

const SCRIPT = fileURLToPath(import.meta.resolve("modelseal/worker.js"));

/** What a worker's script finds in a browser. */
const BOOTSTRAP = `
  const { parentPort, workerData } = require("node:worker_threads");
  globalThis.postMessage = (message, transfer) => parentPort.postMessage(message, transfer);
  globalThis.addEventListener = (_, listener) => parentPort.on("message", (data) => listener({ data }));
  import(workerData);
`;

/** A worker as browsers have them, on a thread of Node. */
export function threadWorker(): Worker {
  const thread = new Thread(BOOTSTRAP, { eval: true, workerData: SCRIPT });
  const worker = {
    postMessage: (message: unknown, transfer: readonly never[] = []) => thread.postMessage(message, transfer),
    terminate: () => void thread.terminate(),
    addEventListener(type: string, listener: (event: unknown) => void) {
      if (type === "message") thread.on("message", (data) => listener({ data }));
      if (type === "error") thread.on("error", (error) => listener({ error, message: error.message }));
    },
  };
  return worker as unknown as Worker;
}
