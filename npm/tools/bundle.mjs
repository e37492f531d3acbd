// What `tsc` wrote in modules, in one file for each entry, for Node and for pages without a bundler. Node reads each file by
// itself, and forty of them take as long as to verify a bundle; what esbuild's splitting makes takes longer, too.
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

/**
 * What the other entries take from the first, which exports it to all: an error must be of one class, whatever
 * throws it. A test sees to it that no class, and no state of a module, stands in two files.
 */
const fromIndex = {
  name: "from-index",
  setup({ onResolve }) {
    const entry =
      (path) =>
      ({ kind }) =>
        kind === "import-statement" ? { path, external: true } : undefined;
    onResolve({ filter: /\/(api\/[\w-]+|core\/errors|entry\/node)\.js$/ }, entry("./index.js"));
    onResolve({ filter: /\/files\/node\.js$/ }, entry("./files.js"));
    onResolve({ filter: /\/hub\/node\.js$/ }, entry("./hub.js"));
    onResolve({ filter: /\/tuf\/node\.js$/ }, entry("./tuf.js"));
  },
};

await rm(options.outdir, { recursive: true, force: true });
await build({ ...options, entryPoints: { index: `${dist}entry/node.js` } });
await build({
  ...options,
  entryPoints: {
    files: `${dist}files/node.js`,
    hub: `${dist}hub/node.js`,
    tuf: `${dist}tuf/node.js`,
    cli: `${dist}cli/main.js`,
  },
  plugins: [fromIndex],
});

// One file each, with addresses that a browser knows: it reads neither `imports` of a package nor `exports`.
const browser = {
  ...options,
  outdir: `${dist}browser`,
  platform: "browser",
  target: "es2022",
  minify: true,
  external: [],
  loader: { ".wasm": "binary" },
  plugins: [
    {
      name: "relative-roots",
      setup({ onResolve }) {
        onResolve({ filter: /^#roots\// }, ({ path }) => ({
          path: `../../roots/${path.slice("#roots/".length)}.js`,
          external: true,
        }));
      },
    },
  ],
};
await rm(browser.outdir, { recursive: true, force: true });
await build({
  ...browser,
  entryPoints: {
    modelseal: `${dist}entry/cdn.js`,
    worker: `${dist}entry/worker.js`,
    inline: `${dist}entry/inline.js`,
  },
});
