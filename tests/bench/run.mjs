// Bundles the bench and runs it: Node 20 reads no TypeScript.
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const outfile = path("../../target/bench/main.mjs");
await build({
  entryPoints: [path("src/main.ts")],
  outfile,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
  sourcemap: "inline",
});
await import(pathToFileURL(outfile).href);
