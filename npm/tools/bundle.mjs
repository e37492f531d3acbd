// For Node: what `tsc` wrote in modules, in a handful of files. Node reads each file that is imported by
// itself, and forty of them take longer than to verify a bundle.
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const outdir = `${dist}node`;

// The names of shared pieces follow their content.
await rm(outdir, { recursive: true, force: true });
await build({
  entryPoints: {
    index: `${dist}entry/node.js`,
    files: `${dist}files/node.js`,
    cli: `${dist}cli/main.js`,
  },
  outdir,
  bundle: true,
  splitting: true,
  chunkNames: "shared-[hash]",
  format: "esm",
  platform: "node",
  target: "node20",
  // Large, and imported only where they are asked for.
  external: ["#roots/*"],
  logLevel: "warning",
});
