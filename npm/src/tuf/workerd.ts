// workerd compiles no Wasm from bytes at run time: the module has to be imported.
import module from "../../wasm/modelseal_tuf_bg.wasm";
import { provideTufWasm } from "./refresh.js";

provideTufWasm(() => module);

export * from "./public.js";
