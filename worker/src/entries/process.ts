// What Node, Deno and Bun have in common: a folder as the store, and the configuration in a file.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createApp } from "../app.js";
import { type Configuration, readConfiguration } from "../configuration/configuration.js";
import { ProcessPulls } from "../files/pulls.js";
import { Gateway } from "../gateway.js";
import type { Host } from "../host.js";
import { FolderStore } from "../store/folder.js";

/** A process goes on after an answer: it need only say what went wrong. */
const context = {
  waitUntil: (promise: Promise<unknown>) => void promise.catch((error: unknown) => console.error(error)),
  passThroughOnException() {},
  props: {},
};

/** Trust roots are refreshed at the start, and so often. */
const REFRESH_MILLISECONDS = 6 * 3600 * 1000;

/** What a runtime's entry says of itself. */
interface Runtime {
  readonly name: "bun" | "deno" | "node";
  /** Whether it declares the length of a stream's body. */
  readonly keepsLengths: boolean;
}

/** Reads `GATEWAY_FILE` (default `gateway.json`); `STORE_DIR` is the folder of the store. */
export function start({ name, keepsLengths }: Runtime): {
  readonly handle: (request: Request) => Response | Promise<Response>;
  readonly port: number;
  readonly hostname: string;
} {
  const { env } = process;
  const folder = env["STORE_DIR"];
  const configuration = readOrExit(env["GATEWAY_FILE"] ?? "gateway.json", folder !== undefined, keepsLengths);
  const pulls = new ProcessPulls();
  const host: Host = {
    runtime: name,
    store: folder === undefined ? undefined : new FolderStore(folder),
    pull: (job, wait) => pulls.pull(gateway, job, wait),
    sha256() {
      const hash = createHash("sha256");
      return { push: (bytes) => void hash.update(bytes), finish: async () => hash.digest("hex") };
    },
    fixLength: (body) => body,
    log: (line) => console.log(JSON.stringify({ time: new Date().toISOString(), ...line })),
  };
  const gateway: Gateway = new Gateway(configuration, host);
  if (configuration.refreshTrustRoots) {
    const refresh = () => context.waitUntil(gateway.trustRoots.refresh());
    refresh();
    setInterval(refresh, REFRESH_MILLISECONDS).unref();
  }
  const app = createApp(gateway);
  return {
    handle: (request) => app.fetch(request, {}, context),
    port: Number(env["PORT"] ?? 8787),
    hostname: env["HOST"] ?? "127.0.0.1",
  };
}

function readOrExit(path: string, hasStore: boolean, keepsLengths: boolean): Configuration {
  try {
    return readConfiguration(readFileSync(path, "utf8"), {
      allowLoopback: process.env["ALLOW_LOOPBACK"] === "1",
      hasStore,
      keepsLengths,
      secret: (name) => process.env[name],
    });
  } catch (error) {
    console.error(`${path}: ${error instanceof Error ? error.message : error}`);
    process.exit(1);
  }
}
