import { Bench } from "./bench.js";
import { benchChromium } from "./chromium.js";
import { benchCli } from "./cli.js";
import type { SuiteOptions } from "./main.js";
import type { Entry } from "./measure.js";
import { benchNode } from "./node.js";
import { benchWorkerd } from "./workerd.js";

/** How fast files are hashed. One host after the other: none of them shares the machine with another. */
export async function hashSuite(options: SuiteOptions): Promise<readonly Entry[]> {
  const bench = new Bench(options);
  for (const host of [benchNode, benchChromium, benchWorkerd, benchCli]) await host(bench);
  return bench.entries;
}
