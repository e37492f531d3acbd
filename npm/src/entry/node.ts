import { readFile } from "node:fs/promises";
import { provideWasm } from "../wasm.js";

// `fetch` does not read file: addresses here.
provideWasm(() => readFile(new URL("../../wasm/modelseal_bg.wasm", import.meta.url)));

export * from "../index.js";
