import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { pathToFileURL } from "node:url";
import type { Miniflare } from "miniflare";
import { signDigests } from "../../js/shared/sign.js";
import { startWorker } from "../../js/shared/workerd.js";
import type { Bench } from "./bench.js";
import { repository } from "./repository.js";

const MIB = 1024 * 1024;
const NAME = "model.safetensors";

/** A body from an origin on this machine, hashed in workerd. */
export async function benchWorkerd(bench: Bench): Promise<void> {
  if (!bench.wants("body-workerd")) return;
  const bytes = (bench.quick ? 64 : 256) * MIB;
  const block = Buffer.alloc(MIB, 0xa5);
  const hash = createHash("sha256");
  for (let done = 0; done < bytes; done += MIB) hash.update(block);
  const signed = signDigests([{ name: NAME, digest: hash.digest("hex") }]);
  const origin = await serve(block, bytes);
  const before = new Set(children());
  const worker = await startWorker(pathToFileURL(repository("tests/bench/hosts/workerd.ts")).href);
  try {
    const [pid] = children().filter((child) => !before.has(child) && nameOf(child) === "workerd");
    if (pid === undefined) throw new Error("no process of workerd");
    const url = `http://127.0.0.1:${(origin.address() as AddressInfo).port}/`;
    const measure = async (how: "ours" | "bare") => {
      const began = cpuSeconds(pid);
      const status = await post(worker, { how, url, path: NAME, ...signed });
      if (status !== "ok") throw new Error(`${how}: ${status}`);
      return bytes / 1e6 / (cpuSeconds(pid) - began);
    };
    await bench.compare({
      name: "body-workerd",
      what: `a body of ${bytes / MIB} MiB, CPU seconds, against a bare loop of readAtLeast and DigestStream`,
      unit: "MB/CPU s",
      bar: 0.9,
      ours: () => measure("ours"),
      peer: () => measure("bare"),
    });
  } finally {
    await worker.dispose();
    origin.close();
  }
}

function serve(block: Buffer, bytes: number): Promise<Server> {
  const server = createServer(async (_, response) => {
    response.writeHead(200, { "content-length": bytes });
    for (let sent = 0; sent < bytes; sent += block.length) {
      if (!response.write(block)) await new Promise((resolve) => response.once("drain", resolve));
    }
    response.end();
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

async function post(worker: Miniflare, input: unknown): Promise<unknown> {
  const response = await worker.dispatchFetch("http://worker/", {
    method: "POST",
    body: JSON.stringify(input),
  });
  if (response.status !== 200) throw new Error(await response.text());
  return response.json();
}

/** The children of this process. */
function children(): number[] {
  const threads = readdirSync("/proc/self/task");
  return threads.flatMap((thread) =>
    readFileSync(`/proc/self/task/${thread}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number),
  );
}

function nameOf(pid: number): string {
  return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
}

/** What a process has used so far, by its own threads. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  // The 14th and 15th of proc_pid_stat(5), in ticks of which a second has 100.
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
