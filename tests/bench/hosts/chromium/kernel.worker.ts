import {
  type Algorithm,
  agree,
  fourLanes,
  hashWasm,
  load,
  noble,
  ours,
  webCrypto,
} from "../../src/kernels.js";

/** A kernel, and how many bytes it is to hash. */
export interface KernelCall {
  readonly kernel: "ours" | "lanes" | "hash-wasm" | "noble" | "webcrypto";
  readonly algorithm: Algorithm;
  readonly bytes: number;
}

const KERNELS = {
  ours: ({ algorithm, bytes }: KernelCall) => ours(algorithm, bytes),
  lanes: ({ bytes }: KernelCall) => fourLanes(bytes),
  "hash-wasm": ({ algorithm, bytes }: KernelCall) => hashWasm(algorithm, bytes),
  noble: ({ bytes }: KernelCall) => noble(bytes),
  webcrypto: ({ bytes }: KernelCall) => webCrypto(bytes),
};

addEventListener("message", async ({ data }: MessageEvent<KernelCall | { module: WebAssembly.Module }>) => {
  try {
    if ("module" in data) {
      load(data.module);
      await agree();
      postMessage({ value: 0 });
    } else postMessage({ value: await KERNELS[data.kernel](data) });
  } catch (error) {
    postMessage({ error: String(error) });
  }
});
