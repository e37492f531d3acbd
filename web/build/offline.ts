import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { type Plugin, transformWithOxc } from "vite";

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  wasm: "application/wasm",
};

/** The policy of each document of the page. */
export type PolicyOf = (path: string) => string;

/** Writes `sw.js` after all other files of the build: it lists them with their digests. */
export function offline(policyOf: PolicyOf): Plugin {
  let root = "";
  let outDir = "";
  return {
    name: "modelseal-offline",
    apply: "build",
    configResolved(config) {
      root = config.root;
      outDir = join(config.root, config.build.outDir);
      if (config.build.outDir.startsWith("/")) outDir = config.build.outDir;
    },
    async closeBundle() {
      const files: Record<string, { sha256: string; type: string; policy: string }> = {};
      for (const path of await filesIn(outDir)) {
        if (path === "sw.js") continue;
        const bytes = await readFile(join(outDir, path));
        files[path] = {
          sha256: createHash("sha256").update(bytes).digest("base64"),
          policy: policyOf(path),
          type: TYPES[path.slice(path.lastIndexOf(".") + 1)] ?? "application/octet-stream",
        };
      }
      const id = createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 16);
      const source = join(root, "src/offline/service-worker.ts");
      const { code } = await transformWithOxc(await readFile(source, "utf8"), source);
      const build = JSON.stringify({ id, files });
      await writeFile(join(outDir, "sw.js"), `const BUILD = ${build};\n${code}`);
    },
  };
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}
