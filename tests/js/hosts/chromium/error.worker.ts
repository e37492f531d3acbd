import type { VerifyError } from "modelseal";
import type { StreamInput } from "../../shared/streams.js";
import { tamperedError } from "./tampered.js";

addEventListener(
  "message",
  async ({ data }: MessageEvent<{ readonly form: "json" | "error"; readonly input: StreamInput }>) => {
    const error = (await tamperedError(data.input)) as VerifyError;
    postMessage(data.form === "json" ? error.toJSON() : error);
  },
);
