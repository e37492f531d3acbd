import { trustRoots, version } from "modelseal";
import { defineConfig, type Plugin } from "vite";
import { offline } from "./build/offline.js";

/**
 * What a server that serves the page should send. The documents' own `<meta>` policies say the same, but they cannot
 * forbid framing, and do not bind workers: for those there is the header. Only the document for a model at an address
 * may fetch files, and only over HTTPS.
 */
function policyOf(path: string): string {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    path === "link.html" ? "connect-src 'self' https:" : "connect-src 'self'",
    "worker-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types modelseal",
  ].join("; ");
}

const headers = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

/** Sends each document with its own policy. */
const policies: Plugin = {
  name: "modelseal-policies",
  configurePreviewServer({ middlewares }) {
    middlewares.use((request, response, next) => {
      const path = new URL(request.url ?? "/", "http://localhost").pathname.slice(1);
      response.setHeader("Content-Security-Policy", policyOf(path));
      next();
    });
  },
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
  plugins: [policies, offline(policyOf)],
  worker: { format: "es" },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: ["index.html", "link.html"] },
    sourcemap: false,
  },
  preview: { host: "127.0.0.1", headers },
});
