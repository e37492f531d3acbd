import "../entry/browser.js";
import { provideTufWasm } from "./client.js";

// Written so that bundlers see the file and copy it.
provideTufWasm(async () => {
  const response = await fetch(new URL("../../wasm/modelseal_tuf_bg.wasm", import.meta.url));
  return response.arrayBuffer();
});

export * from "./public.js";
