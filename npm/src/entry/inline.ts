// The Wasm is within the file: for bundlers that copy no files.
import bytes from "../../wasm/modelseal_bg.wasm";
import { provideWasm } from "../core/wasm.js";

// The bundler puts the bytes here.
provideWasm(() => bytes as unknown as Uint8Array);

export * from "../index.js";
