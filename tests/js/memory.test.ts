// The bars on memory. Each runs in a process of its own, which prints the most it had.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { signDigests } from "./shared/sign.js";

const MB = 1_000_000;

/** Runs a task of hosts/memory.mjs. */
function measure(name: string, input = ""): Record<string, number> {
  const script = fileURLToPath(new URL("hosts/memory.mjs", import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, ["--expose-gc", script, name], {
    input,
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  console.info(`${name}: ${stdout.trim()}`);
  return JSON.parse(stdout) as Record<string, number>;
}

describe("bar", () => {
  test("a 4 GiB file hashes in Node through Wasm with under 150 MB resident", { timeout: 600_000 }, () => {
    const { bytes, peakResident } = measure("large-file");
    expect(bytes).toBe(4 * 1024 ** 3);
    expect(peakResident).toBeLessThan(150 * MB);
  });

  test("a bundle of 100,000 resources is verified in under 150 MB more than Node itself has", {
    timeout: 600_000,
  }, () => {
    const count = 100_000;
    const digest = "ab".repeat(32);
    const names = Array.from({ length: count }, (_, i) => ({ name: `folder-${i % 100}/file-${i}`, digest }));
    const input = JSON.stringify({ ...signDigests(names), count, digest: `sha256:${digest}` });
    const { files, peakResident, before } = measure("many-resources", input);
    expect(files).toBe(100_000);
    expect((peakResident ?? Number.NaN) - (before ?? Number.NaN)).toBeLessThan(150 * MB);
  });

  test("100,000 abandoned streams leak nothing", { timeout: 600_000 }, () => {
    const { streams, grown } = measure("abandoned-streams");
    expect(streams).toBe(100_000);
    // Were each check's state kept, it would be more than 100 MB.
    expect(grown).toBeLessThan(25 * MB);
  });
});
