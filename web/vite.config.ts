import { trustRoots, version } from "modelseal";
import { defineConfig } from "vite";
import { offline } from "./build/offline.js";

/**
 * What a server that serves the page should send. The page's own `<meta>` policy says the same, but
 * it cannot forbid framing, and it does not bind workers: for those there is the header.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types modelseal",
].join("; ");

const headers = {
  "Content-Security-Policy": policy,
  "Cross-Origin-Opener-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

const production = (await trustRoots()).find(({ name }) => name === "production");

export default defineConfig({
  define: {
    // For the foot of the page.
    __VERSION__: JSON.stringify(await version()),
    __TRUST_ROOT__: JSON.stringify(production?.date ?? ""),
  },
  // Relative, so that the page works in a folder of a static host as well.
  base: "./",
  // The package's plain entry: the page itself fetches the Wasm and starts the workers.
  resolve: { conditions: ["module"] },
  plugins: [offline(policy)],
  worker: { format: "es" },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
  preview: { host: "127.0.0.1", headers },
});
