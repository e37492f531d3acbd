import { integrity } from "../../wasm/integrity.js";
import { provideWasm, provideWorker } from "../core/wasm.js";

// Written so that bundlers see the files and copy them.
provideWasm(() => new URL("../../wasm/modelseal_bg.wasm", import.meta.url), integrity);
provideWorker(() => new Worker(new URL("./worker.js", import.meta.url), { type: "module" }));

export * from "../index.js";
