import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { repository } from "./repository.js";

/** Bundles a worker as wrangler does: the Wasm stays a module beside it. Returns it running, with these bindings. */
export async function startWorker(entry: string, bindings: Record<string, string> = {}): Promise<Miniflare> {
  const { outputFiles } = await build({
    entryPoints: [resolve(fileURLToPath(new URL("..", import.meta.url)), entry)],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    plugins: [
      {
        name: "wasm modules",
        setup: ({ onResolve }) =>
          onResolve({ filter: /\.wasm$/ }, () => ({ path: "./modelseal.wasm", external: true })),
      },
    ],
  });
  const worker = new Miniflare({
    cf: false,
    // What it prints of bodies that break is what a test has asked for.
    handleRuntimeStdio(stdout: Readable, stderr: Readable) {
      stdout.resume();
      stderr.resume();
    },
    bindings,
    compatibilityDate: "2026-04-01",
    modules: [
      { type: "ESModule", path: "worker.js", contents: outputFiles[0]?.text ?? "" },
      {
        type: "CompiledWasm",
        path: "modelseal.wasm",
        contents: readFileSync(repository("npm/wasm/modelseal_bg.wasm")),
      },
    ],
  });
  await worker.ready;
  return worker;
}
