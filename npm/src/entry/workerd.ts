// workerd compiles no Wasm from bytes at run time: the module has to be imported.
import module from "../../wasm/modelseal_bg.wasm";
import { provideWasm } from "../wasm.js";

provideWasm(() => module);

export * from "../index.js";
