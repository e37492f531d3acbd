// A scripted origin: a hub, and a folder, that serve files well or badly. A mock: no real hub can be had here.
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import type { Files } from "./model.js";

/** What is done to a file. */
export type Fault =
  | "chunked"
  | "cut"
  | "down"
  | "first-byte"
  | "gzip"
  | "last-byte"
  | "longer"
  | "middle-byte"
  | "redirect"
  | "redirect-away"
  | "shorter"
  | "slow"
  | "trickle"
  | "wrong-length";

interface Repository {
  readonly files: Files;
  bundle: Buffer | undefined;
  readonly commit: string;
}

export class Origin {
  readonly #server: Server;
  readonly #repositories = new Map<string, Repository>();
  readonly #faults = new Map<string, Fault>();
  /** What was asked for, oldest first. */
  readonly requests: {
    method: string;
    path: string;
    authorization: string | undefined;
    range: string | undefined;
  }[] = [];
  /** How long a slow answer takes, in milliseconds. */
  slowness = 1500;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<Origin> {
    const server = createServer();
    const origin = new Origin(server);
    server.on("request", (request, response) => {
      const url = new URL(request.url ?? "", "http://origin");
      const { authorization, range } = request.headers;
      origin.requests.push({ method: request.method ?? "", path: url.pathname, authorization, range });
      void origin.#answer(url.pathname, range, request.method === "HEAD", response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return origin;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  add(name: string, repository: Repository): void {
    this.#repositories.set(name, repository);
  }

  setBundle(name: string, bundle: Buffer | undefined): void {
    const repository = this.#repositories.get(name);
    if (repository !== undefined) repository.bundle = bundle;
  }

  /** What is wrong with a file from now on. */
  set(name: string, path: string, fault: Fault | undefined): void {
    if (fault === undefined) this.#faults.delete(`${name} ${path}`);
    else this.#faults.set(`${name} ${path}`, fault);
  }

  /** How often the bytes of a file were asked for. */
  transfers(name: string, path: string): number {
    return this.requests.filter(
      (request) =>
        request.method === "GET" && request.path.startsWith(`/${name}/`) && request.path.endsWith(`/${path}`),
    ).length;
  }

  async #answer(
    path: string,
    range: string | undefined,
    isHead: boolean,
    response: ServerResponse,
  ): Promise<void> {
    const segments = path.split("/").slice(1).map(decodeURIComponent);
    if (segments[0] === "moved")
      return this.#file(segments[1] ?? "", segments.slice(2).join("/"), undefined, range, isHead, response);
    if (segments[0] === "api") {
      const repository = this.#repositories.get(`${segments[2]}/${segments[3]}`);
      if (repository === undefined) return void response.writeHead(404).end();
      response.setHeader("content-type", "application/json");
      if (segments[4] === "revision") return void response.end(JSON.stringify({ sha: repository.commit }));
      const list = [...repository.files].map(([path, bytes]) => ({
        type: "file",
        path,
        size: bytes.length,
        oid: "0".repeat(40),
      }));
      return void response.end(JSON.stringify(list));
    }
    const isHub = segments[2] === "resolve";
    const name = isHub ? segments.slice(0, 2).join("/") : (segments[0] ?? "");
    const file = segments.slice(isHub ? 4 : 1).join("/");
    return this.#file(name, file, this.#faults.get(`${name} ${file}`), range, isHead, response);
  }

  async #file(
    name: string,
    path: string,
    fault: Fault | undefined,
    range: string | undefined,
    isHead: boolean,
    response: ServerResponse,
  ): Promise<void> {
    const repository = this.#repositories.get(name);
    const right = path === "model.sig" ? repository?.bundle : repository?.files.get(path);
    if (right === undefined) return void response.writeHead(404).end("Not found");
    if (fault === "down") return void response.writeHead(503).end();
    if (fault === "redirect-away")
      return void response.writeHead(302, { location: "http://169.254.169.254/" }).end();
    if (fault === "redirect")
      return void response.writeHead(302, { location: `/moved/${encodeURIComponent(name)}/${path}` }).end();
    const bytes = tampered(right, fault);
    const version =
      fault === undefined || ["chunked", "cut", "gzip", "slow", "trickle"].includes(fault) ? "good" : fault;
    response.setHeader("etag", `"${version}"`);
    response.setHeader("set-cookie", "session=secret");
    response.setHeader("x-xet-hash", "abc");
    if (fault === "slow") await new Promise((resolve) => setTimeout(resolve, this.slowness));
    const part = /^bytes=(\d+)-(\d*)$/.exec(range ?? "");
    if (part !== null && fault !== "gzip") {
      const start = Number(part[1]);
      const end = part[2] === "" ? bytes.length - 1 : Number(part[2]);
      response.writeHead(206, {
        "content-range": `bytes ${start}-${end}/${bytes.length}`,
        "content-length": end - start + 1,
      });
      return void response.end(isHead ? undefined : bytes.subarray(start, end + 1));
    }
    if (fault === "gzip") {
      const encoded = gzipSync(bytes, { level: 1 });
      response.writeHead(200, { "content-encoding": "gzip", "content-length": encoded.length });
      return void response.end(isHead ? undefined : encoded);
    }
    if (fault !== "chunked") response.setHeader("content-length", bytes.length);
    if (isHead) return void response.end();
    if (fault === "cut") {
      response.write(bytes.subarray(0, Math.floor(bytes.length * 0.9)), () => response.destroy());
      return;
    }
    if (fault === "trickle") return trickle(bytes, this.slowness, response);
    response.end(bytes);
  }
}

/** Sends the headers at once, and the body over so many milliseconds. */
async function trickle(bytes: Buffer, milliseconds: number, response: ServerResponse): Promise<void> {
  const step = Math.ceil(bytes.length / 20);
  for (let at = 0; at < bytes.length && !response.destroyed; at += step) {
    response.write(bytes.subarray(at, at + step));
    await new Promise((resolve) => setTimeout(resolve, milliseconds / 20));
  }
  response.end();
}

function tampered(right: Buffer, fault: Fault | undefined): Buffer {
  const flipped = (at: number) => {
    const bytes = Buffer.from(right);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return bytes;
  };
  switch (fault) {
    case "first-byte":
      return flipped(0);
    case "middle-byte":
      return flipped(right.length >> 1);
    case "last-byte":
      return flipped(right.length - 1);
    case "longer":
    case "wrong-length":
      return Buffer.concat([right, Buffer.from("more")]);
    case "shorter":
      return right.subarray(0, right.length - 1);
    default:
      return right;
  }
}
