// A wrong file never arrives as a complete answer: seen on the wire, behind a real server in every runtime.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GatewaySetup } from "./hosts/gateway/handler.js";
import { GATEWAYS, type Gateway } from "./shared/gateway-hosts.js";
import { get, type RawAnswer } from "./shared/raw-http.js";
import { signFiles, signShards } from "./shared/sign.js";
import { fileBytes } from "./shared/streams.js";

/** All 1,000 of each; otherwise as many as tell something. */
const FULL = process.env["MODELSEAL_FULL"] === "1";

const MIB = 1024 * 1024;
const SIZES = [1, 10, 4096, 70_000, MIB - 1, MIB, MIB + 1, 2_500_000];
const FILES = new Map(SIZES.map((size) => [`file-${size}`, fileBytes(size)]));
const SHARDED = "file-2500000";

/** How the origin sends a file. */
const KINDS = ["length", "chunked", "gzip", "gzip-chunked"];
const HOW = ["check", "spooled", "response", "verified"];

/** What may happen to a file on its way. */
const TAMPERS: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  "first-byte": (bytes) => flipped(bytes, 0),
  "last-byte": (bytes) => flipped(bytes, bytes.length - 1),
  "middle-byte": (bytes) => flipped(bytes, bytes.length >> 1),
  shorter: (bytes) => bytes.subarray(0, bytes.length - 1),
  longer: (bytes) => Buffer.concat([bytes, Buffer.from([0])]),
  "much-longer": (bytes) => Buffer.concat([bytes, bytes, bytes]),
  empty: () => new Uint8Array(),
};

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

interface Ask {
  readonly model: "whole" | "sharded";
  readonly how: string;
  readonly kind: string;
  readonly tamper: string;
  readonly file: string;
}

/** Every way to ask; `tampers` is none for the right file. */
function asks(tampers: readonly string[]): Ask[] {
  return KINDS.flatMap((kind) =>
    HOW.flatMap((how) =>
      tampers.flatMap((tamper): Ask[] => [
        ...[...FILES.keys()].map((file): Ask => ({ model: "whole", how, kind, tamper, file })),
        { model: "sharded", how, kind, tamper, file: SHARDED },
      ]),
    ),
  );
}

/** So many of a list, spread over it; all of it and again from its beginning, where it is shorter. */
function some<T>(list: readonly T[], count: number): T[] {
  const step = list.length > count ? list.length / count : 1;
  return Array.from({ length: count }, (_, i) => list[Math.floor(i * step) % list.length] as T);
}

let origin: Server;
let originPort: number;

beforeAll(async () => {
  const whole = signFiles(FILES);
  const bytes = FILES.get(SHARDED) ?? new Uint8Array();
  const setup: GatewaySetup = {
    bundles: { whole: whole.bundle, sharded: signShards(SHARDED, bytes, 300_007).bundle },
    policy: whole.policy,
  };
  origin = createServer((request, response) => {
    const [kind = "", tamper = "", file = ""] = (request.url ?? "").split("/").slice(1);
    if (kind === "setup") return response.end(JSON.stringify(setup));
    const right = FILES.get(file) ?? new Uint8Array();
    const sent = TAMPERS[tamper]?.(right) ?? right;
    const body = kind.startsWith("gzip") ? gzipSync(sent, { level: 1 }) : sent;
    response.setHeader("content-type", "application/octet-stream");
    if (kind.startsWith("gzip")) response.setHeader("content-encoding", "gzip");
    if (!kind.includes("chunked")) response.setHeader("content-length", body.length);
    response.end(body);
  });
  await new Promise<void>((resolve) => origin.listen(0, "127.0.0.1", resolve));
  originPort = (origin.address() as AddressInfo).port;
});

afterAll(() => origin?.close());

describe.each(Object.entries(GATEWAYS))("%s", (_, start) => {
  let gateway: Gateway;

  beforeAll(async () => {
    gateway = await start();
  });

  afterAll(() => gateway?.stop());

  const ask = async ({ model, how, kind, tamper, file }: Ask): Promise<RawAnswer> =>
    get(gateway.port, `/${originPort}/${model}/${how}/${kind}/${tamper}/${file}`);

  /** Asks a few at a time, and names those whose answer is not as wanted. */
  async function judge(
    list: readonly Ask[],
    isRight: (answer: RawAnswer, ask: Ask) => boolean,
  ): Promise<string[]> {
    const wrong: string[] = [];
    const left = [...list];
    const work = async () => {
      for (let one = left.shift(); one !== undefined; one = left.shift()) {
        const answer = await ask(one);
        if (isRight(answer, one)) continue;
        wrong.push(
          `${Object.values(one).join(" ")}: ${answer.status}, ${answer.body.length} bytes, complete: ${answer.complete}`,
        );
      }
    };
    await Promise.all([work(), work(), work(), work()]);
    return wrong;
  }

  test("of tampered files none arrives as a complete answer", { timeout: 600_000 }, async () => {
    const list = some(asks(Object.keys(TAMPERS)), FULL ? 1_000 : 150);
    const wrong = await judge(list, ({ status, complete }) => status !== 200 || !complete);
    expect(wrong).toEqual([]);
  });

  test("of right files all arrive as they are", { timeout: 600_000 }, async () => {
    const list = some(asks(["none"]), FULL ? 1_000 : 72);
    const wrong = await judge(
      list,
      ({ status, body, complete }, { file }) =>
        status === 200 && complete && body.equals(FILES.get(file) ?? new Uint8Array()),
    );
    expect(wrong).toEqual([]);
  });
});
