// Makes npm/wasm/instance.js of wasm-bindgen's module: the same bindings, within a function. The module itself
// can run but one instance of the Wasm, whose memory never shrinks; a function can be called again.
import { readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const wasm = new URL("../wasm/", import.meta.url);

const { outputFiles } = await build({
  // Not the default export, which looks for the Wasm by itself.
  stdin: { contents: 'export * from "./modelseal.js";', resolveDir: wasm.pathname },
  bundle: true,
  write: false,
  format: "esm",
  target: "es2022",
  // Half of it are comments, which stand in the types as well.
  minifyWhitespace: true,
});
// A module of another realm is one as well, as in edge runtimes: what is not one, WebAssembly.Instance refuses.
const test = "if(!(module instanceof WebAssembly.Module)){module=new WebAssembly.Module(module)}";
const parts = outputFiles[0].text.split(test);
if (parts.length !== 2) throw new Error("wasm-bindgen's initSync does not test the module as it did");
const text = parts.join("");
const end = text.lastIndexOf("export{");
const names = text.slice(end).match(/\w+/g).slice(1);
if (!names.includes("initSync")) throw new Error("wasm-bindgen's module does not export what it should");

await writeFile(
  new URL("instance.js", wasm),
  `export function createInstance() {\n${text.slice(0, end)}\nreturn { ${names.join(", ")} };\n}\n`,
);
await writeFile(
  new URL("instance.d.ts", wasm),
  'import * as bindings from "./modelseal.js";\n' +
    'export type * from "./modelseal.js";\n' +
    "/** The bindings of one instance of the Wasm: a new one for each call, to be initialised by its `initSync`. */\n" +
    'export declare function createInstance(): Omit<typeof bindings, "default">;\n',
);

// Two names of the browser's types that Node's do not have: everyone who imports the package compiles these files.
for (const name of ["modelseal.d.ts", "modelseal_tuf.d.ts"]) {
  const file = new URL(name, wasm);
  const types = await readFile(file, "utf8");
  await writeFile(
    file,
    types.replace(/\bRequestInfo\b/g, "string").replace(/\bBufferSource\b/g, "ArrayBuffer | ArrayBufferView"),
  );
}
