import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { provideDigests } from "../hashing/digests.js";
import { provideWasm } from "../wasm.js";

// `fetch` does not read file: addresses here. Waiting for the file and for another thread to compile it
// takes longer than to do both at once.
provideWasm(
  () => new WebAssembly.Module(readFileSync(new URL("../../wasm/modelseal_bg.wasm", import.meta.url))),
);

// To load it takes as long as all of this package does, and not everybody hashes.
const crypto = () => createRequire(import.meta.url)("node:crypto") as typeof import("node:crypto");

// BLAKE3 is not among Node's own, and its BLAKE2b is slower than the Wasm.
provideDigests({
  name: "node:crypto",
  create(algorithm) {
    if (algorithm !== "sha256") return undefined;
    const hash = crypto().createHash("sha256");
    return {
      push: (bytes) => void hash.update(bytes),
      finish: () => hash.digest(),
      free() {},
    };
  },
});

export * from "../index.js";
