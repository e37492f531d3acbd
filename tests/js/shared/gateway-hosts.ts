// Starts the gateway in each runtime, as a process of its own that listens on a port.
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { repository } from "./repository.js";
import { startWorker } from "./workerd.js";

/** A gateway that runs. */
export interface Gateway {
  readonly port: number;
  stop(): Promise<void> | void;
}

/** Each runtime, by its name and version. */
export const GATEWAYS: Readonly<Record<string, () => Promise<Gateway>>> = {
  "workerd 1.20260426.1": () => startWorkerd("node_modules/workerd/bin/workerd"),
  "workerd 1.20260426.1 in miniflare": startMiniflare,
  "workerd 1.20261117.1": () => startWorkerd("node_modules/workerd-newest/bin/workerd"),
  Deno: () => startScript("deno", [repository("node_modules/.bin/deno"), "run", "--allow-all"]),
  Bun: () => startScript("bun", [repository("node_modules/.bin/bun"), "run"]),
  Node: () => startScript("node", [process.execPath]),
};

/** Runs one of hosts/gateway, which prints its port; the package itself is taken as it is installed. */
async function startScript(name: string, [command = "", ...args]: readonly string[]): Promise<Gateway> {
  const folder = mkdtempSync(join(tmpdir(), `modelseal-gateway-${name}-`));
  const script = join(folder, "gateway.mjs");
  await build({
    entryPoints: [entry(name)],
    bundle: true,
    format: "esm",
    platform: "node",
    outfile: script,
    alias: { modelseal: fileURLToPath(import.meta.resolve("modelseal")) },
    external: [fileURLToPath(import.meta.resolve("modelseal"))],
  });
  const child = spawn(command, [...args, script], { stdio: ["ignore", "pipe", "ignore"] });
  const line = await firstLine(child, child.stdout);
  return stoppable(child, Number(line), folder);
}

async function startWorkerd(binary: string): Promise<Gateway> {
  const folder = mkdtempSync(join(tmpdir(), "modelseal-gateway-workerd-"));
  await build({
    entryPoints: [entry("workerd")],
    bundle: true,
    format: "esm",
    target: "es2022",
    outfile: join(folder, "worker.js"),
    conditions: ["workerd", "worker"],
    plugins: [
      {
        name: "wasm modules",
        setup: ({ onResolve }) =>
          onResolve({ filter: /\.wasm$/ }, () => ({ path: "./modelseal.wasm", external: true })),
      },
    ],
  });
  cpSync(repository("npm/wasm/modelseal_bg.wasm"), join(folder, "modelseal.wasm"));
  writeFileSync(join(folder, "gateway.capnp"), CONFIGURATION);
  const child = spawn(repository(binary), ["serve", "gateway.capnp", "--control-fd=3"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const line = await firstLine(child, child.stdio[3] as Readable);
  return stoppable(child, (JSON.parse(line) as { readonly port: number }).port, folder);
}

const CONFIGURATION = `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "gateway", worker = .gateway),
    (name = "internet", network = (allow = ["local", "private", "public"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "gateway")],
);

const gateway :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "modelseal.wasm", wasm = embed "modelseal.wasm"),
  ],
  compatibilityDate = "2026-04-01",
);
`;

async function startMiniflare(): Promise<Gateway> {
  const worker = await startWorker("hosts/gateway/workerd.ts");
  return { port: Number((await worker.ready).port), stop: () => worker.dispose() };
}

function entry(name: string): string {
  return fileURLToPath(new URL(`../hosts/gateway/${name}.ts`, import.meta.url));
}

function firstLine(child: ChildProcess, output: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the gateway ended with ${code} before it listened`)));
    createInterface(output).once("line", resolve);
  });
}

function stoppable(child: ChildProcess, port: number, folder: string): Gateway {
  return {
    port,
    async stop() {
      const over = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await over;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
