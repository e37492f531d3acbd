import "../entry/workerd.js";
// workerd compiles no Wasm from bytes at run time: the module must be imported.
import module from "../../wasm/modelseal_tuf_bg.wasm";
import { provideTufWasm } from "./client.js";

provideTufWasm(() => module);

export * from "./public.js";
