// What is deployed: as wrangler bundles it, without a network.
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const worker = fileURLToPath(new URL("..", import.meta.url));
const wrangler = fileURLToPath(new URL("../../node_modules/.bin/wrangler", import.meta.url));

test("wrangler deploys it, with its Wasm at most 500 KB compressed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "modelseal-deploy-"));
  try {
    const env = { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "1" };
    const { stdout } = await promisify(execFile)(wrangler, ["deploy", "--dry-run", "--outdir", folder], {
      cwd: worker,
      env,
    });
    for (const binding of ["env.PULLS", "env.STORE"]) expect(stdout).toContain(binding);
    const names = (await readdir(folder)).filter((name) => /\.(js|wasm)$/.test(name));
    // The script, and the Wasm that verifies, and the one that refreshes trust roots.
    expect(names).toHaveLength(3);
    const files = await Promise.all(names.map((name) => readFile(join(folder, name))));
    const bytes = files.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0);
    console.log(`the worker has ${bytes} bytes compressed`);
    expect(bytes).toBeLessThanOrEqual(500_000);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
