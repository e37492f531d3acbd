// The edge runtime compiles no Wasm from bytes either, and wants to be told that this is a module.
import module from "../../wasm/modelseal_bg.wasm?module";
import { provideWasm } from "../core/wasm.js";

provideWasm(() => module);

export * from "../index.js";
