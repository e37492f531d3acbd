import { readFileSync } from "node:fs";
import { provideTufWasm } from "./refresh.js";

// `fetch` does not read file: addresses here.
provideTufWasm(() => readFileSync(new URL("../../wasm/modelseal_tuf_bg.wasm", import.meta.url)));

export * from "./public.js";
