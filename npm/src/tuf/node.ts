import { readFileSync } from "node:fs";
import "../entry/node.js";
import { provideTufWasm } from "./client.js";

// `fetch` does not read file: addresses here.
provideTufWasm(() => readFileSync(new URL("../../wasm/modelseal_tuf_bg.wasm", import.meta.url)));

// For the command alone: it is not among the types of this entry.
export { answerAll, call, createClient } from "./client.js";
export { findInstance, INSTANCE_NAMES } from "./instances.js";
export { fromMirror, readMirror } from "./mirror.js";
export * from "./public.js";
