// Bundles the gateway for workerd: one module, and the Wasm module beside it.
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const outputDirectory = join(root, "dist");

/** Builds `dist/workerd.js` and the `.wasm` file that it imports. */
export async function buildGateway() {
  await rm(outputDirectory, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: ["src/entries/workerd.ts"],
    outdir: outputDirectory,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker"],
    // The import stays an import: workerd compiles the module when the worker is deployed.
    loader: { ".wasm": "copy" },
    assetNames: "[name]",
    logLevel: "warning",
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildGateway();
