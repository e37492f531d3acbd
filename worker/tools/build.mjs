// Bundles the gateway: for workerd one module and the Wasm module beside it, for Node, Deno and Bun a module each.
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const outputDirectory = join(root, "dist");

/** Builds `dist/workerd.js` with the `.wasm` file that it imports, and `dist/{node,deno,bun}.js`. */
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
  await build({
    absWorkingDir: root,
    entryPoints: ["src/entries/node.ts", "src/entries/deno.ts", "src/entries/bun.ts"],
    outdir: outputDirectory,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "es2022",
    // What is installed beside it stays there: the package finds its Wasm by its own address.
    packages: "external",
    logLevel: "warning",
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildGateway();
