// Each client times each thing that may go wrong: what lies on the disk in the end, and how many requests it took.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HOSTS, type Running } from "../hosts.js";
import { POLICY, signModel, someBytes } from "../model.js";
import { type Fault, Origin } from "../origin.js";
import { CLIENTS, type Client } from "./clients.js";

const COMMIT = "c".repeat(40);
const LARGE = "weights/model.bin";
const OPTIONAL = "special_tokens_map.json";
/** More than the chunk of 10 MiB after which huggingface_hub counts its retries anew. */
const SIZE = 11 * 1024 * 1024 + 5;
/** No client may ask for a file more often, however long it tries. */
export const MOST_REQUESTS = 12;

/** What goes wrong, in the first run and in a second one that goes on with what the first left. */
interface Scenario {
  readonly name: string;
  readonly faults: readonly (Fault | undefined)[];
  readonly path?: string;
  readonly revoked?: boolean;
}

export const SCENARIOS: readonly Scenario[] = [
  { name: "good", faults: [undefined] },
  { name: "first byte changed", faults: ["first-byte"] },
  { name: "middle byte changed", faults: ["middle-byte"] },
  { name: "last byte changed", faults: ["last-byte"] },
  { name: "first byte changed, then good", faults: ["first-byte", undefined] },
  { name: "cut", faults: ["cut"] },
  { name: "cut, then good", faults: ["cut", undefined] },
  { name: "slow, so pending", faults: ["trickle"] },
  { name: "an optional file changed", faults: ["first-byte"], path: OPTIONAL },
  { name: "the origin is down", faults: ["down"] },
  { name: "revoked", faults: [undefined], revoked: true },
];

export const DELIVERIES = ["verified", "streamed"] as const;
export type Delivery = (typeof DELIVERIES)[number];

/** `good`: it has the right file. `refused`: it says that it has none. `bad`: it says that a wrong one is right. */
export type Outcome = "bad" | "good" | "refused";

export interface Cell {
  readonly client: string;
  readonly scenario: string;
  readonly delivery: Delivery;
  /** After each run. */
  readonly outcomes: readonly Outcome[];
  /** How often the client asked for the bytes of the file. */
  readonly requests: number;
}

/** A file that differs from the next model's in its first bytes. It is made when it is asked for. */
class Files extends Map<string, Buffer> {
  readonly #seed: number;

  constructor(seed: number) {
    super([
      [LARGE, BASE],
      ["config.json", Buffer.from(`{"seed":${seed}}`)],
      [OPTIONAL, Buffer.from(`{"tokens":${seed}}`)],
    ]);
    this.#seed = seed;
  }

  override get(path: string): Buffer | undefined {
    if (path !== LARGE) return super.get(path);
    const bytes = Buffer.from(BASE);
    bytes.writeUInt32BE(this.#seed, 1000);
    return bytes;
  }

  override *[Symbol.iterator](): MapIterator<[string, Buffer]> {
    for (const path of this.keys()) yield [path, this.get(path) ?? Buffer.alloc(0)];
  }
}

const BASE = someBytes(SIZE, 7);

/** The clients that are not installed here. */
export const MISSING: readonly string[] = CLIENTS.filter(({ missing }) => missing !== undefined).map(
  ({ name }) => name,
);

/** Runs all cells of the clients that are here, some at a time. */
export async function runMatrix(deliveries: readonly Delivery[] = DELIVERIES): Promise<Cell[]> {
  const clients = CLIENTS.filter(({ missing }) => missing === undefined);
  const plan = deliveries.flatMap((delivery) =>
    SCENARIOS.flatMap((scenario) => clients.map((client) => ({ client, scenario, delivery }))),
  );
  const origin = await Origin.start();
  // Longer than a GET is held, and shorter than a HEAD is put off.
  origin.slowness = 12_000;
  const models = plan.map(({ scenario, delivery }, index) => {
    const files = new Files(index);
    origin.add(`acme/cell-${index}`, { files, bundle: signModel(files), commit: COMMIT });
    const model = {
      origin: "hub",
      repository: `acme/cell-${index}`,
      policy: "acme",
      modelName: "model",
      delivery,
      ...(scenario.revoked === true && { revoked: [COMMIT] }),
    };
    return [`cell-${index}`, model] as const;
  });
  const start = HOSTS["node"];
  if (start === undefined) throw new Error("no gateway");
  const gateway = await start({
    policies: { acme: POLICY },
    origins: { hub: { kind: "hub", url: origin.url } },
    models: Object.fromEntries(models),
    limits: { smallFileBytes: 64 * 1024, recheckSeconds: 1 },
  });
  const root = await mkdtemp(join(tmpdir(), "modelseal-clients-"));
  try {
    const cells: Cell[] = [];
    const left = plan.map((cell, index) => ({ ...cell, index }));
    const work = async () => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        cells[next.index] = await runCell(next, { origin, gateway, root });
      }
    };
    await Promise.all(Array.from({ length: 6 }, work));
    return cells;
  } finally {
    await gateway.stop();
    origin.stop();
    await rm(root, { recursive: true, force: true });
  }
}

async function runCell(
  {
    client,
    scenario,
    delivery,
    index,
  }: { client: Client; scenario: Scenario; delivery: Delivery; index: number },
  { origin, gateway, root }: { origin: Origin; gateway: Running; root: string },
): Promise<Cell> {
  const repository = `acme/cell-${index}`;
  const path = scenario.path ?? LARGE;
  const folder = await mkdtemp(join(root, "cell-"));
  const outcomes: Outcome[] = [];
  for (const [run, fault] of scenario.faults.entries()) {
    // A program that fetches one file fetches the one that it is about.
    const isProgram = !client.name.includes("hub");
    const asked = isProgram ? path : LARGE;
    origin.set(repository, path, fault);
    if (run > 0) await new Promise((resolve) => setTimeout(resolve, 5500));
    const download = {
      gateway: gateway.url,
      repository,
      commit: COMMIT,
      path: asked,
      folder,
      again: run > 0,
    };
    const said = await client.run(download);
    const target = client.target({ ...download, path });
    const lies = await readFile(target).catch(() => undefined);
    const right = new Files(index).get(path);
    outcomes.push(judge(said, lies, right, isProgram));
  }
  await rm(folder, { recursive: true, force: true });
  const requests = gateway
    .requests()
    .filter(
      ({ method, path: at }) => method === "GET" && at.includes(`cell-${index}/`) && at.endsWith(`/${path}`),
    ).length;
  return { client: client.name, scenario: scenario.name, delivery, outcomes, requests };
}

/** A program leaves a part under the file's name, and says so; the others never do. */
function judge(
  said: boolean,
  lies: Buffer | undefined,
  right: Buffer | undefined,
  isProgram: boolean,
): Outcome {
  const isRight = lies !== undefined && right !== undefined && lies.equals(right);
  if (said) return isRight ? "good" : "bad";
  return lies === undefined || isRight || isProgram ? "refused" : "bad";
}

/** The results, as `docs/clients.md` has them. */
export function toMarkdown(cells: readonly Cell[]): string {
  const clients = [...new Set(cells.map(({ client }) => client))];
  const lines = [
    "# What clients get through the gateway",
    "",
    "Written by `npm run clients -w worker`, from a run of real clients, unchanged, against the gateway with an origin that",
    "misbehaves. *good*: the right file is on the disk. *refused*: the client says that it failed, and no file is taken for",
    "a right one. In a second run the client goes on with what the first one left (`-c`, `-C -`, its cache).",
    "",
    "*Pending*: a large file takes 12 s to come from its origin. A GET is held for 8 s and then refused with 503, while",
    "HEAD is put off until the file is there: clients that ask by HEAD first wait for it.",
    "",
    `No cell keeps a bad file, and none asks for a file more than ${MOST_REQUESTS} times.`,
    "",
    "- Start with a fresh `HF_HOME`: what a cache holds is trusted by its name.",
    "- transformers.js takes any status of an *optional* file for its absence, and asks no more for what it has cached.",
    "  It was not run here, nor were browsers. transformers has tests of its own: it loads nothing from a model of which a",
    "  file was tampered with, optional ones included.",
  ];
  for (const delivery of DELIVERIES) {
    lines.push(
      "",
      `## \`delivery: "${delivery}"\``,
      "",
      `| | ${clients.join(" | ")} |`,
      `| --- |${" --- |".repeat(clients.length)}`,
    );
    for (const { name } of SCENARIOS) {
      const outcomes = clients.map((client) => {
        const cell = cells.find(
          (one) => one.client === client && one.scenario === name && one.delivery === delivery,
        );
        return cell?.outcomes.join(", then ") ?? "-";
      });
      lines.push(`| ${name} | ${outcomes.join(" | ")} |`);
    }
  }
  return `${lines.join("\n")}\n`;
}
