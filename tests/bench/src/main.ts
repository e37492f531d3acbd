// Measures what the README states, and writes target/bench/<suite>.json.
import { mkdir, writeFile } from "node:fs/promises";
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { hashSuite } from "./hash.js";
import { type Entry, holds } from "./measure.js";
import { table } from "./table.js";
import { verifySuite } from "./verify.js";

export interface SuiteOptions {
  /** Two minutes in all: less data, and as few pairs as give an interval. */
  readonly quick: boolean;
  /** Only entries whose name has this in it. */
  readonly only: string | undefined;
}

/** Each writes a file of its own. */
const SUITES: Readonly<Record<string, (options: SuiteOptions) => Promise<readonly Entry[]>>> = {
  hash: hashSuite,
  verify: verifySuite,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: "boolean", default: false }, only: { type: "string" }, out: { type: "string" } },
});
// Two workers need two free cores: what else runs is not noise to them.
const [load = 0] = loadavg();
if (load > 0.7) console.log(`this machine is busy (load ${load.toFixed(1)}): measure again when it is not`);
const { quick, only, out = "target/bench" } = values;
await mkdir(out, { recursive: true });
for (const name of positionals.length > 0 ? positionals : Object.keys(SUITES)) {
  const suite = SUITES[name];
  if (suite === undefined) throw new Error(`no bench ${name}: there are ${Object.keys(SUITES).join(", ")}`);
  const entries = await suite({ quick, only });
  console.log(`\n${table(entries)}\n`);
  const missed = entries.filter((entry) => holds(entry) === false).map((entry) => entry.name);
  console.log(
    missed.length === 0 ? `${name}: every bar measured holds` : `${name}: missed ${missed.join(", ")}`,
  );
  // A part of the suite is not a result of the suite.
  const file = `${out}/${name}${only === undefined ? "" : ".part"}.json`;
  await writeFile(file, `${JSON.stringify(entries, undefined, 2)}\n`);
  console.log(`written to ${file}`);
}
