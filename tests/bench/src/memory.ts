import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Bench } from "./bench.js";
import type { Browser } from "./browser.js";
import { verifyChosen } from "./chromium.js";
import { sparseFile } from "./data.js";

const MIB = 1024 * 1024;
const BUDGET = 256;
const DIFFERENCE = 64;

/** How much the renderer grows while a large file is hashed. It may depend on the budget, not on the file. */
export async function benchMemory(bench: Bench, browser: Browser): Promise<void> {
  const names = ["memory-1g-chromium", "memory-8g-chromium", "memory-difference-chromium"];
  if (!names.some((name) => bench.wants(name))) return;
  const small = await grown(browser, (bench.quick ? 0.25 : 1) * 1024 * MIB);
  const large = await grown(browser, (bench.quick ? 1 : 8) * 1024 * MIB);
  for (const [name, mib] of [
    ["memory-1g-chromium", small],
    ["memory-8g-chromium", large],
  ] as const) {
    bench.add({
      name,
      what: `the renderer's memory above idle, within the budget of ${BUDGET} MiB`,
      ours: mib,
      peer: BUDGET,
      // As everywhere, more is better.
      ratio: BUDGET / mib,
      unit: "MiB",
      runs: 1,
      interval: [BUDGET / mib, BUDGET / mib],
      bar: 1,
    });
  }
  const difference = Math.abs(large - small);
  const ratio = DIFFERENCE / Math.max(1, difference);
  bench.add({
    name: "memory-difference-chromium",
    what: `how far the two are apart, at most ${DIFFERENCE} MiB`,
    ours: difference,
    peer: DIFFERENCE,
    ratio,
    unit: "MiB",
    runs: 1,
    interval: [ratio, ratio],
    bar: 1,
  });
}

/** The most MiB above idle while a sparse file of so many bytes is hashed, in a page of its own. */
async function grown(browser: Browser, size: number): Promise<number> {
  const model = await sparseFile(size);
  const page = await browser.open();
  await page.setInputFiles(
    "#files",
    model.files.map((name) => `${model.folder}/${name}`),
  );
  await sleep(2000);
  const pids = await browser.renderers(page);
  const idle = resident(pids);
  let most = idle;
  let done = false;
  const hashing = verifyChosen(page, "files", model, { expected: "failed" }).finally(() => {
    done = true;
  });
  while (!done) {
    most = Math.max(most, resident(pids));
    await Promise.race([sleep(50), hashing]);
  }
  await hashing;
  await page.close();
  return (most - idle) / MIB;
}

/** Bytes of memory that processes have. */
function resident(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const [, kib = "0"] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return sum + Number(kib) * 1024;
  }, 0);
}
