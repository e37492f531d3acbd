import type { Page } from "playwright-core";
import type { KernelCall } from "../hosts/chromium/kernel.worker.js";
import type { Bench } from "./bench.js";
import { Browser } from "./browser.js";
import { largeFiles, type Model, smallFiles } from "./data.js";
import { benchMemory } from "./memory.js";

const MIB = 1024 * 1024;

/** What hosts/chromium/main.ts puts on the page. */
export interface Host {
  kernel(call: KernelCall): Promise<number>;
  kernelInTwo(call: KernelCall): Promise<number>;
  plainDigests(id: string): Promise<number>;
  verifyChosen(
    id: string,
    signed: Pick<Model, "bundle" | "policy">,
    options: { concurrency?: number; expected?: string },
  ): Promise<number>;
}

export async function benchChromium(bench: Bench): Promise<void> {
  const browser = await Browser.start();
  try {
    const page = await browser.open();
    await benchKernels(bench, page);
    await benchLargeFile(bench, page);
    await benchSmallFiles(bench, page);
    await page.close();
    await benchMemory(bench, browser);
  } finally {
    await browser.close();
  }
}

function call(page: Page, given: KernelCall, two = false): Promise<number> {
  return page.evaluate(
    ([given, two]) => {
      const host = globalThis as unknown as Host;
      return two ? host.kernelInTwo(given) : host.kernel(given);
    },
    [given, two] as const,
  );
}

async function benchKernels(bench: Bench, page: Page): Promise<void> {
  const bytes = (bench.quick ? 32 : 128) * MIB;
  const kernel = (kernel: KernelCall["kernel"], algorithm: KernelCall["algorithm"], size = bytes) =>
    call(page, { kernel, algorithm, bytes: size });
  const bars = { sha256: 1.3, blake3: 2.2, blake2b: 0.95 } as const;
  for (const algorithm of ["sha256", "blake3", "blake2b"] as const) {
    await bench.compare({
      name: `${algorithm}-1-chromium`,
      what: `${algorithm}, one stream, Wasm, against hash-wasm`,
      bar: bars[algorithm],
      ours: () => kernel("ours", algorithm),
      peer: () => kernel("hash-wasm", algorithm),
    });
  }
  await bench.compare({
    name: "sha256-4-chromium",
    what: "SHA-256, four files, one worker, Wasm, against hash-wasm",
    bar: 2.9,
    ours: () => kernel("lanes", "sha256", 2 * bytes),
    peer: () => kernel("hash-wasm", "sha256"),
  });
  await bench.compare({
    name: "sha256-1-noble-chromium",
    what: "SHA-256, one stream, Wasm, against @noble/hashes",
    ours: () => kernel("ours", "sha256"),
    peer: () => kernel("noble", "sha256", bytes / 4),
  });
  await bench.compare({
    name: "sha256-4-webcrypto-chromium",
    what: "SHA-256, four files, one worker, Wasm, against WebCrypto by 1 MiB",
    ours: () => kernel("lanes", "sha256", 2 * bytes),
    peer: () => kernel("webcrypto", "sha256", 2 * bytes),
  });
  await bench.compare({
    name: "workers-2-chromium",
    what: "two workers against one, four large files of SHA-256 in memory",
    bar: 1.8,
    ours: () => call(page, { kernel: "ours", algorithm: "sha256", bytes: 4 * bytes }, true),
    peer: () => call(page, { kernel: "ours", algorithm: "sha256", bytes: 4 * bytes }),
  });
}

async function benchLargeFile(bench: Bench, page: Page): Promise<void> {
  if (!["file-2g-chromium", "files-4-chromium"].some((name) => bench.wants(name))) return;
  const gib = bench.quick ? 0.25 : 2;
  const whole = await largeFiles(1, gib * 1024 * MIB);
  await page.setInputFiles(
    "#files",
    whole.files.map((name) => `${whole.folder}/${name}`),
  );
  await bench.compare({
    name: "file-2g-chromium",
    what: `a file of ${gib} GiB from disk, SHA-256, end to end, against the kernel's rate in memory`,
    bar: 0.85,
    ours: () => verifyChosen(page, "files", whole),
    peer: () => call(page, { kernel: "ours", algorithm: "sha256", bytes: (bench.quick ? 64 : 512) * MIB }),
  });
  const four = await largeFiles(4, (bench.quick ? 32 : 256) * MIB);
  await page.setInputFiles(
    "#files",
    four.files.map((name) => `${four.folder}/${name}`),
  );
  await bench.compare({
    name: "files-4-chromium",
    what: "four large files from disk, SHA-256, end to end: two workers against one",
    ours: () => verifyChosen(page, "files", four, { concurrency: 2 }),
    peer: () => verifyChosen(page, "files", four, { concurrency: 1 }),
  });
}

async function benchSmallFiles(bench: Bench, page: Page): Promise<void> {
  if (!bench.wants("small-files-chromium")) return;
  const count = bench.quick ? 1000 : 2000;
  const small = await smallFiles(count, MIB / 16);
  await page.setInputFiles("#folder", small.folder);
  await bench.compare({
    name: "small-files-chromium",
    what: `${count} files of 64 KiB of a folder, end to end, against two plain workers with 8 subtle.digest each`,
    bar: 1.1,
    ours: () => verifyChosen(page, "folder", small),
    peer: () => page.evaluate(() => (globalThis as unknown as Host).plainDigests("folder")),
  });
}

export function verifyChosen(
  page: Page,
  id: string,
  { bundle, policy }: Model,
  options: { concurrency?: number; expected?: string } = {},
): Promise<number> {
  return page.evaluate(
    ([id, signed, options]) => (globalThis as unknown as Host).verifyChosen(id, signed, options),
    [id, { bundle, policy }, options] as const,
  );
}
