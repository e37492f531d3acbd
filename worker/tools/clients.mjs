// Runs the matrix of clients and writes docs/clients.md. It needs all clients: `MODELSEAL_HUB_CLIENTS` names the folder
// of those in Python, which `cargo xtask setup` makes in target/hub-clients.
import { rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const worker = fileURLToPath(new URL("..", import.meta.url));
// Beside the tests, which find other files by their own address.
const outfile = `${worker}test/matrix.bundled.mjs`;
await build({
  entryPoints: [`${worker}test/clients/matrix.ts`],
  outfile,
  bundle: true,
  format: "esm",
  platform: "node",
  packages: "external",
  external: ["../tools/*"],
});
try {
  const { runMatrix, toMarkdown, MISSING } = await import(outfile);
  if (MISSING.length > 0) throw new Error(`not installed: ${MISSING.join(", ")}`);
  const cells = await runMatrix();
  await writeFile(fileURLToPath(new URL("../../docs/clients.md", import.meta.url)), toMarkdown(cells));
} finally {
  await rm(outfile, { force: true });
}
