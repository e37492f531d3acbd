import { readFileSync } from "node:fs";
import { provideWasm } from "../core/wasm.js";
import { provideDigests } from "../hashing/digests.js";

// `fetch` does not read file: addresses here. Waiting for the file and for another thread to compile it
// takes longer than to do both at once.
provideWasm(
  () => new WebAssembly.Module(readFileSync(new URL("../../wasm/modelseal_bg.wasm", import.meta.url))),
);

// BLAKE3 is not among Node's own, and its BLAKE2b is slower than the Wasm. The module is loaded by the first
// file: that takes longer than to load this package. A Node that has no such function hashes in Wasm.
provideDigests({
  name: "node:crypto",
  create(algorithm) {
    if (algorithm !== "sha256") return undefined;
    const hash = process.getBuiltinModule?.("node:crypto").createHash("sha256");
    if (hash === undefined) return undefined;
    return {
      push: (bytes) => void hash.update(bytes),
      finish: () => hash.digest(),
      free() {},
    };
  },
});

export * from "../index.js";
