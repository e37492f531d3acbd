import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { provideDigests } from "../hashing/digests.js";
import { provideWasm } from "../wasm.js";

// `fetch` does not read file: addresses here.
provideWasm(() => readFile(new URL("../../wasm/modelseal_bg.wasm", import.meta.url)));

// BLAKE3 is not among them.
const NAMES = { sha256: "sha256", blake2b: "blake2b512", blake3: undefined } as const;

provideDigests({
  name: "node:crypto",
  create(algorithm) {
    const name = NAMES[algorithm];
    if (name === undefined) return undefined;
    const hash = createHash(name);
    return {
      push: (bytes) => void hash.update(bytes),
      finish: () => hash.digest(),
      free() {},
    };
  },
});

export * from "../index.js";
