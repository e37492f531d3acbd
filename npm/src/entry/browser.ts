import { provideWasm } from "../wasm.js";

// Written so that bundlers see the file and copy it.
provideWasm(() => new URL("../../wasm/modelseal_bg.wasm", import.meta.url));

export * from "../index.js";
