// One file for `<script type="module">`, from whatever origin it comes.
import { integrity } from "../../wasm/integrity.js";
import { provideWasm, provideWorker } from "../core/wasm.js";

provideWasm(() => new URL("../../wasm/modelseal_bg.wasm", import.meta.url), integrity);
provideWorker(() => {
  const { href, origin } = new URL("./worker.js", import.meta.url);
  if (origin === location.origin) return new Worker(href, { type: "module" });
  // No browser starts another origin's worker, but one of this page may import it.
  const text = `import ${JSON.stringify(href)};`;
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  return new Worker(address, { type: "module" });
});

export * from "../files/web.js";
export * from "../index.js";
