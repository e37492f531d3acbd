import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Bench } from "./bench.js";
import { largeFiles, type Model } from "./data.js";
import { repository } from "./repository.js";

const MIB = 1024 * 1024;

/** What a command took. */
interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

/** The command beside the Python implementation, OpenSSL and b3sum, on the same files. */
export async function benchCli(bench: Bench): Promise<void> {
  await benchBlake3(bench);
  if (!["cli-python", "cli-openssl"].some((name) => bench.wants(name))) return;
  const model = await largeFiles(4, ((bench.quick ? 256 : 1024) / 4) * MIB);
  const paths = model.files.map((name) => join(model.folder, name));
  const [signature, key] = await writeSignature(model);
  const gib = model.bytes / 1024 / MIB;
  const ours = () =>
    run(command(), ["verify", "key", model.folder, "--signature", signature, "--public-key", key]);
  const rates = (cost: Cost, kind: keyof Cost) => model.bytes / 1e6 / cost[kind];
  const python = process.env["MODELSEAL_PYTHON"] ?? repository("target/python/bin/python");
  if (existsSync(python)) {
    await bench.compare({
      name: "cli-python",
      what: `the command, ${gib} GiB in 4 files, SHA-256, wall, against Python's model_signing verify`,
      bar: 2,
      ours: async () => rates(ours(), "wall"),
      peer: async () =>
        rates(
          run(python, [
            "-m",
            "model_signing",
            "verify",
            "key",
            model.folder,
            "--signature",
            signature,
            "--public_key",
            key,
          ]),
          "wall",
        ),
    });
  } else console.log("cli-python: left out, there is no Python with model_signing");
  if (has("openssl")) {
    await bench.compare({
      name: "cli-openssl",
      what: "the same, CPU seconds, against openssl dgst -sha256 of the same files",
      unit: "MB/CPU s",
      bar: 0.85,
      ours: async () => rates(ours(), "cpu"),
      peer: async () => rates(run("openssl", ["dgst", "-sha256", ...paths]), "cpu"),
    });
  } else console.log("cli-openssl: left out, there is no openssl");
}

/** One large file, which both hash on all cores. */
async function benchBlake3(bench: Bench): Promise<void> {
  if (!bench.wants("cli-b3sum")) return;
  const b3sum = process.env["MODELSEAL_B3SUM"] ?? "b3sum";
  if (!has(b3sum)) {
    console.log("cli-b3sum: left out, there is no b3sum");
    return;
  }
  const model = await largeFiles(1, (bench.quick ? 256 : 1024) * MIB, "blake3");
  const [signature, key] = await writeSignature(model);
  const args = ["verify", "key", model.folder, "--signature", signature, "--public-key", key];
  const paths = model.files.map((name) => join(model.folder, name));
  await bench.compare({
    name: "cli-b3sum",
    what: "the command, one large file, BLAKE3, wall, against b3sum of the same file",
    ours: async () => model.bytes / 1e6 / run(command(), args).wall,
    peer: async () => model.bytes / 1e6 / run(b3sum, paths).wall,
  });
}

function command(): string {
  return process.env["MODELSEAL_CLI"] ?? repository("target/release/modelseal");
}

/** Puts the signature and the key beside the model. */
async function writeSignature({ folder, bundle, policy }: Model): Promise<[string, string]> {
  const paths: [string, string] = [`${folder}.sig`, `${folder}.pub`];
  await writeFile(paths[0], bundle);
  await writeFile(paths[1], policy.publicKey);
  return paths;
}

function has(program: string): boolean {
  return spawnSync(program, ["--help"], { stdio: "ignore" }).error === undefined;
}

/** Runs a command to its end, which must be a good one. The shell tells what time its children took. */
function run(program: string, args: readonly string[]): Cost {
  const script = '"$@" >/dev/null 2>&1; code=$?; times; exit $code';
  const began = performance.now();
  const { status, stdout } = spawnSync("sh", ["-c", script, "sh", program, ...args], { encoding: "utf8" });
  const wall = (performance.now() - began) / 1000;
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed with ${status}`);
  const [user = 0, system = 0] = (stdout.trim().split("\n")[1] ?? "").split(" ").map(seconds);
  return { wall, cpu: user + system };
}

/** `1m2.5s`, as the shell says it. */
function seconds(text: string): number {
  const [, minutes = "0", rest = "NaN"] = /^(\d+)m([\d.]+)s$/.exec(text) ?? [];
  return 60 * Number(minutes) + Number(rest);
}
