// For Node: what `tsc` wrote in modules, in one file for each entry. Node reads and resolves each file by
// itself, and forty of them take as long as to verify a bundle.
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const options = {
  outdir: `${dist}node`,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  // Large, and imported only where they are asked for.
  external: ["#roots/*"],
  logLevel: "warning",
};

/** What the other entries take from the first: an error has to be of one class, whoever throws it. */
const fromIndex = {
  name: "from-index",
  setup({ onResolve }) {
    const shared = /\/(artifact|entry\/node|errors|inspect|roots|verify)\.js$/;
    onResolve({ filter: shared }, ({ kind }) =>
      kind === "import-statement" ? { path: "./index.js", external: true } : undefined,
    );
    onResolve({ filter: /\/files\/node\.js$/ }, ({ kind }) =>
      kind === "import-statement" ? { path: "./files.js", external: true } : undefined,
    );
  },
};

await rm(options.outdir, { recursive: true, force: true });
await build({ ...options, entryPoints: { index: `${dist}entry/node.js` } });
await build({
  ...options,
  entryPoints: { files: `${dist}files/node.js`, cli: `${dist}cli/main.js` },
  plugins: [fromIndex],
});
