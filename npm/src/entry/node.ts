import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { provideDigests } from "../hashing/digests.js";
import { provideWasm } from "../wasm.js";

// `fetch` does not read file: addresses here.
provideWasm(() => readFile(new URL("../../wasm/modelseal_bg.wasm", import.meta.url)));

// BLAKE3 is not among Node's own, and its BLAKE2b is slower than the Wasm.
provideDigests({
  name: "node:crypto",
  create(algorithm) {
    if (algorithm !== "sha256") return undefined;
    const hash = createHash("sha256");
    return {
      push: (bytes) => void hash.update(bytes),
      finish: () => hash.digest(),
      free() {},
    };
  },
});

export * from "../index.js";
