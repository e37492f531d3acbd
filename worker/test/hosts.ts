// The gateway on each runtime, as an operator runs it.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent, get as httpGet, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { buildGateway, outputDirectory } from "../tools/build.mjs";
import { startGateway } from "../tools/gateway.mjs";

/** A request that the gateway logged. */
interface LoggedRequest {
  readonly event: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

export interface Running {
  readonly url: string;
  /** The requests so far: of a process alone. */
  requests(): readonly LoggedRequest[];
  stop(): Promise<void>;
}

export type StartHost = (
  configuration: object,
  secrets?: Readonly<Record<string, string>>,
) => Promise<Running>;

async function startWorkerd(
  configuration: object,
  secrets: Readonly<Record<string, string>> = {},
): Promise<Running> {
  const gateway = await startGateway({
    configuration: JSON.parse(JSON.stringify(configuration)),
    bindings: { ALLOW_LOOPBACK: "1", ...secrets },
    store: true,
  });
  const url = (await gateway.ready).href.replace(/\/$/, "");
  return { url, requests: () => [], stop: () => gateway.dispose() };
}

function processOf(command: string, args: readonly string[], entry: string): StartHost {
  return async (configuration, secrets = {}) => {
    await buildGateway();
    const folder = await mkdtemp(join(tmpdir(), "modelseal-gateway-"));
    const file = join(folder, "gateway.json");
    await writeFile(file, JSON.stringify({ publicOrigin: "http://localhost:8787", ...configuration }));
    const child = spawn(command, [...args, join(outputDirectory, entry)], {
      env: {
        ...process.env,
        GATEWAY_FILE: file,
        STORE_DIR: join(folder, "store"),
        ALLOW_LOOPBACK: "1",
        PORT: "0",
        ...secrets,
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const requests: LoggedRequest[] = [];
    const url = await address(child, requests);
    return {
      url,
      requests: () => requests,
      async stop() {
        child.kill();
        await rm(folder, { recursive: true, force: true });
      },
    };
  };
}

/** Reads what the gateway logs: its address first, then a line a request. */
function address(child: ChildProcess, requests: LoggedRequest[]): Promise<string> {
  return new Promise((resolve, reject) => {
    if (child.stdout === null) return reject(new Error("the gateway has no output"));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const url = /^Gateway: (http:\S+)\/$/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
      else if (line.startsWith("{")) {
        const logged = JSON.parse(line) as LoggedRequest;
        if (logged.event === "request") requests.push(logged);
      }
    });
    child.on("exit", (code) => reject(new Error(`the gateway ended with ${code}`)));
  });
}

/** A runtime that npm installed. */
function tool(name: string): string {
  return fileURLToPath(new URL(`../../node_modules/.bin/${name}`, import.meta.url));
}

export const HOSTS: Readonly<Record<string, StartHost>> = {
  workerd: startWorkerd,
  node: processOf(process.execPath, [], "node.js"),
  deno: processOf(tool("deno"), ["run", "--allow-all"], "deno.js"),
  bun: processOf(tool("bun"), ["run"], "bun.js"),
};

/** An answer, as it arrived. */
export interface Arrived {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Whether it came to its end, as its length said. */
  readonly complete: boolean;
}

/** How {@link ask} asks. */
interface AskOptions {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly keepAlive?: boolean;
}

const keepingAlive = new Agent({ keepAlive: true, maxSockets: 8 });

/** Asks over a connection of its own, or one that is used again, and tells what arrived. */
export function ask(
  url: string,
  { method = "GET", headers = {}, body, keepAlive = false }: AskOptions = {},
): Promise<Arrived> {
  return new Promise((resolve, reject) => {
    const make = method === "GET" ? httpGet : httpRequest;
    const request = make(url, { method, headers, agent: keepAlive ? keepingAlive : false }, (response) => {
      const parts: Buffer[] = [];
      const settle = () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(parts),
          complete: response.complete,
        });
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", settle);
      response.on("error", settle);
      response.on("close", settle);
    });
    request.on("error", reject);
    request.setTimeout(60_000, () => request.destroy(new Error("no answer")));
    request.end(body);
  });
}
