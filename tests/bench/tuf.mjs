// How long a whole refresh takes on the processor in Wasm: Sigstore's production, from root v12, nothing stored.
//
//     node tests/bench/tuf.mjs VECTORS/tuf/production
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Client, initSync } from "../../npm/wasm/modelseal_tuf.js";

const RUNS = 21;
const NOW = Date.UTC(2026, 7, 24) / 1000;

const folder = process.argv[2];
const wasm = readFileSync(new URL("../../npm/wasm/modelseal_tuf_bg.wasm", import.meta.url));
initSync({ module: wasm });

const files = new Map();
const metadata = join(folder, "metadata");
for (const name of readdirSync(join(metadata, "root_history"))) {
  files.set(`metadata ${name}`, readFileSync(join(metadata, "root_history", name)));
}
for (const [file, name] of [
  ["timestamp.json", "timestamp.json"],
  ["snapshot.json", "165.snapshot.json"],
  ["targets.json", "14.targets.json"],
]) {
  files.set(`metadata ${name}`, readFileSync(join(metadata, file)));
}
for (const name of readdirSync(join(folder, "targets"))) {
  const bytes = readFileSync(join(folder, "targets", name));
  const hash = createHash("sha256").update(bytes).digest("hex");
  files.set(`targets ${hash}.${name}`, bytes);
}

const times = [];
for (let run = 0; run < RUNS; run += 1) {
  const before = process.cpuUsage();
  const client = new Client(files.get("metadata 12.root.json"), NOW);
  const answerAll = () => {
    for (let wanted = client.wanted(); wanted !== undefined; wanted = client.wanted()) {
      const [place, path] = wanted.split(" ");
      client.answer(files.get(`${place} ${path}`));
    }
  };
  client.begin();
  answerAll();
  client.search("trusted_root.json");
  answerAll();
  if (client.target() === undefined) throw new Error("the refresh did not end");
  client.free();
  const { user, system } = process.cpuUsage(before);
  times.push((user + system) / 1000);
}
times.sort((a, b) => a - b);
const median = times[(RUNS - 1) / 2];
console.log(
  JSON.stringify({
    name: "refresh from root v12 (Wasm)",
    medianMs: median,
    mostMs: times.at(-1),
    runs: RUNS,
  }),
);
