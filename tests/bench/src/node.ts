import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Bench } from "./bench.js";
import * as kernels from "./kernels.js";
import { rate } from "./measure.js";
import { repository } from "./repository.js";

const MIB = 1024 * 1024;

export async function benchNode(bench: Bench): Promise<void> {
  kernels.load(await WebAssembly.compile(await readFile(repository("npm/wasm/modelseal_bg.wasm"))));
  await kernels.agree();
  const bytes = (bench.quick ? 32 : 128) * MIB;
  const sha256 = async () => kernels.ours("sha256", bytes);
  await bench.compare({
    name: "sha256-1-node",
    what: "SHA-256, one stream, Wasm, against hash-wasm",
    bar: 1.3,
    ours: sha256,
    peer: () => kernels.hashWasm("sha256", bytes),
  });
  await bench.compare({
    name: "sha256-1-noble-node",
    what: "the same, against @noble/hashes",
    ours: sha256,
    peer: async () => kernels.noble(bytes / 4),
  });
  for (const algorithm of ["blake3", "blake2b"] as const) {
    await bench.compare({
      name: `${algorithm}-1-node`,
      what: `${algorithm}, one stream, Wasm, against hash-wasm`,
      ours: async () => kernels.ours(algorithm, bytes),
      peer: () => kernels.hashWasm(algorithm, bytes),
    });
  }
  for (const [algorithm, name] of [
    ["sha256", "sha256"],
    ["blake2b", "blake2b512"],
  ] as const) {
    await bench.compare({
      name: `${algorithm}-native-node`,
      what: `${algorithm}, Node's createHash, which is what runs there, against our Wasm`,
      ours: async () => native(name, 2 * bytes),
      peer: async () => kernels.ours(algorithm, bytes),
    });
  }
}

function native(name: string, bytes: number): number {
  const block = new Uint8Array(MIB);
  const began = performance.now();
  const hash = createHash(name);
  for (let done = 0; done < bytes; done += MIB) hash.update(block);
  hash.digest();
  return rate(bytes, performance.now() - began);
}
