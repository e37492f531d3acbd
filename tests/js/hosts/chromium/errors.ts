// The reason of a tampered file, on its way from one thread to another.
import { VerifyError } from "modelseal";
import type { StreamInput } from "../../shared/streams.js";
import startErrorWorker from "./error.worker.js?worker";
import { tamperedError } from "./tampered.js";

/** What this thread makes of an error that a worker met. */
export function errorOfWorker(form: "json" | "error", input: StreamInput): Promise<unknown> {
  const worker = new startErrorWorker();
  return new Promise((resolve, reject) => {
    worker.addEventListener("error", reject);
    worker.addEventListener("message", ({ data }) => {
      worker.terminate();
      resolve(VerifyError.from(data)?.toJSON());
    });
    worker.postMessage({ form, input });
  });
}

/** What is known of an error after a structured clone. */
export async function clonedError(input: StreamInput): Promise<unknown> {
  return VerifyError.from(structuredClone(await tamperedError(input)))?.toJSON();
}
