// What the scheduler promises, on whatever host this is bundled for.

import { init } from "../../../npm/dist/core/wasm.js";
import type { FileOutcome, FileTask, Hashing } from "../../../npm/dist/hashing/hashing.js";
import { InThreadHashing } from "../../../npm/dist/hashing/in-thread.js";
import type { Plan } from "../../../npm/dist/hashing/plan.js";
import { Budget } from "../../../npm/dist/hashing/workers/budget.js";
import { WorkerPool } from "../../../npm/dist/hashing/workers/pool.js";
import { WorkerHashing } from "../../../npm/dist/hashing/workers/with-workers.js";
import type { Source } from "../../../npm/dist/types/index.js";

const MIB = 1024 * 1024;

/** A worker that counts. */
export type StartWorker = () => Worker;

interface Limits {
  readonly concurrency?: number;
  readonly memoryBudget?: number;
  readonly signal?: AbortSignal;
}

/** Workers that are alive, and everything that was hashed. */
class Run {
  alive = 0;
  started = 0;
  bytes = 0;
  readonly outcomes = new Map<string, FileOutcome>();
  readonly source = { start: () => this.#worker(), given: true, key: this };
  readonly pool = new WorkerPool(this.source);
  readonly #start: StartWorker;

  constructor(start: StartWorker) {
    this.#start = start;
  }

  begin({ concurrency = 2, memoryBudget = 256 * MIB, signal }: Limits = {}): WorkerHashing {
    const options = {
      concurrency,
      memoryBudget,
      signal,
      onBytes: (count: number) => {
        this.bytes += count;
      },
      onFile: ({ path }: FileTask, outcome: FileOutcome) => {
        if (this.outcomes.has(path)) throw new Error(`${path} came twice`);
        this.outcomes.set(path, outcome);
      },
    };
    return new WorkerHashing(options, this.source, this.pool);
  }

  #worker(): Worker {
    const worker = this.#start();
    this.alive += 1;
    this.started += 1;
    const terminate = worker.terminate.bind(worker);
    worker.terminate = () => {
      this.alive -= 1;
      terminate();
    };
    return worker;
  }
}

/** What every file here may have, and where it would stand in a call. */
const ANY = {
  at: "here",
  bound: { bytes: Number.POSITIVE_INFINITY, exceeded: () => new Error("too long") },
};

interface Given {
  readonly path: string;
  readonly plan: Plan;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const noise = Uint8Array.from({ length: 32 * MIB }, (_, i) => (i * 2654435761) >>> 13);

/** Bytes that differ from file to file. */
function bytesOf(length: number, at: number): Uint8Array<ArrayBuffer> {
  return noise.subarray(at, at + length);
}

const PLANS: readonly Plan[] = [
  { algorithm: "sha256" },
  { algorithm: "blake2b" },
  { algorithm: "blake3" },
  { algorithm: "sha256", shardSize: MIB },
  { algorithm: "blake3", shardSize: 5 * MIB + 1 },
  { algorithm: "sha256", shardSize: 1000 },
];

const LENGTHS = [0, 1, 1000, MIB - 1, MIB, MIB + 1, 4 * MIB, 4 * MIB + 1, 9 * MIB + 7];

let made: readonly Given[] | undefined;

/** Files of all kinds; the same ones each time, so that a browser keeps each Blob but once. */
function mixed(): readonly Given[] {
  made ??= make();
  return made;
}

function make(): Given[] {
  const files = PLANS.flatMap((plan, i) =>
    LENGTHS.filter((length) => (plan.shardSize ?? MIB) >= MIB || length <= MIB).map((length, j) => ({
      path: `${i}-${j}`,
      plan,
      bytes: bytesOf(length, i * 1000 + j),
    })),
  );
  const large = [0, 1, 2, 3, 4].map((k) => ({
    path: `large-${k}`,
    plan: PLANS[0] as Plan,
    bytes: bytesOf(17 * MIB + k * 999_999, k),
  }));
  return [...files, ...large];
}

const blobs = new WeakMap<Uint8Array, Blob>();

function blobOf(bytes: Uint8Array<ArrayBuffer>): Blob {
  const blob = blobs.get(bytes) ?? new Blob([bytes]);
  blobs.set(bytes, blob);
  return blob;
}

/** The forms in which a file's bytes may come. */
const FORMS: readonly ((bytes: Uint8Array<ArrayBuffer>) => Source | Promise<Source>)[] = [
  blobOf,
  (bytes) => bytes,
  async (bytes) => blobOf(bytes).stream(),
  (bytes) => [bytes.subarray(0, 10), bytes.subarray(10)],
];

function shuffled<T>(list: readonly T[], seed: number): T[] {
  let state = seed;
  const keyed = list.map((item) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return { item, key: state };
  });
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

function hex(outcome: FileOutcome | undefined): string {
  if (outcome === undefined) return "nothing";
  if ("error" in outcome) return `error ${(outcome.error as Error)?.message}`;
  const digests = outcome.digests.map((digest) =>
    Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join(""),
  );
  return `${outcome.length}:${digests.join(",")}`;
}

/** The digests by the other way: one after the other, in this thread. */
async function expectedOf(files: readonly Given[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const hashing = new InThreadHashing({
    concurrency: 1,
    memoryBudget: 16 * MIB,
    onBytes() {},
    onFile: ({ path }, outcome) => void found.set(path, hex(outcome)),
  });
  for (const { path, plan, bytes } of files) await hashing.add({ ...ANY, path, plan, open: () => bytes });
  await hashing.finish();
  hashing.stop();
  return found;
}

async function addAll(hashing: Hashing, files: readonly Given[], form = FORMS[0]): Promise<void> {
  for (const { path, plan, bytes } of files) {
    await hashing.add({ ...ANY, path, plan, open: () => (form ?? FORMS[0])?.(bytes) as Source });
  }
  await hashing.finish();
}

/** Which files came out wrong; none, if all is well. */
function wrong(run: Pick<Run, "outcomes">, expected: ReadonlyMap<string, string>): string[] {
  return Array.from(expected, ([path, want]) => [path, want, hex(run.outcomes.get(path))])
    .filter(([, want, got]) => want !== got)
    .map((triple) => triple.join(" "));
}

type Scenario = (start: StartWorker) => Promise<unknown>;

export const HASHING: Readonly<Record<string, { readonly run: Scenario; readonly expected: unknown }>> = {
  "files in any order and any form come to the same digests": {
    async run(start) {
      const files = mixed();
      const expected = await expectedOf(files);
      const found: unknown[] = [];
      for (const [seed, form] of FORMS.entries()) {
        const run = new Run(start);
        const hashing = run.begin();
        await addAll(hashing, shuffled(files, seed + 1), form);
        hashing.stop();
        const all = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
        found.push([wrong(run, expected), run.bytes === all, run.alive, run.started]);
        run.pool.end();
        found.push(run.alive);
      }
      return found;
    },
    expected: Array(4)
      .fill([[[], true, 2, 2], 0])
      .flat(),
  },
  "the budget is kept, and given back": {
    async run(start) {
      const files = mixed();
      const expected = await expectedOf(files);
      const found: unknown[] = [];
      for (const mib of [16, 33, 64]) {
        const run = new Run(start);
        const hashing = run.begin({ concurrency: 8, memoryBudget: mib * MIB });
        const forms = FORMS.flatMap((form, index) =>
          files.filter((_, i) => i % FORMS.length === index).map((file) => ({ file, form })),
        );
        for (const { file, form } of shuffled(forms, mib)) {
          await hashing.add({ ...ANY, path: file.path, plan: file.plan, open: () => form(file.bytes) });
        }
        await hashing.finish();
        const own = hashing.budget;
        const { peak, limit, used } = run.pool.budget;
        hashing.stop();
        found.push([wrong(run, expected), peak <= limit, peak > limit / 2]);
        found.push([limit === mib * MIB, own.peak <= own.limit, own.used, used === run.started * 8 * MIB]);
        run.pool.end();
        found.push(run.pool.budget.used);
      }
      return found;
    },
    expected: Array(3)
      .fill([[[], true, true], [true, true, 0, true], 0])
      .flat(),
  },
  "thousands of small files": {
    async run(start) {
      const files = Array.from({ length: 5000 }, (_, i) => ({
        path: `${i}`,
        plan: PLANS[i % 3] as Plan,
        bytes: bytesOf((i * 7919) % 3000, i),
      }));
      const expected = await expectedOf(files);
      const run = new Run(start);
      const hashing = run.begin();
      await addAll(hashing, files);
      hashing.stop();
      run.pool.end();
      return [run.outcomes.size, wrong(run, expected), run.alive];
    },
    expected: [5000, [], 0],
  },
  "a signal stops everything within 100 ms, whenever it comes": {
    async run(start) {
      const files = mixed();
      const found: unknown[] = [];
      for (const delay of [0, 1, 2, 5, 10, 20, 40, 80]) {
        const controller = new AbortController();
        const run = new Run(start);
        let abortedAt = Number.NaN;
        setTimeout(() => {
          abortedAt = performance.now();
          controller.abort(new Error("enough"));
        }, delay);
        // Round after round, so that it is never done before.
        const hashAll = async () => {
          const hashing = run.begin({ signal: controller.signal });
          for (let round = 0; ; round++) {
            for (const { path, plan, bytes } of shuffled(files, round + 1)) {
              const form = FORMS[round % FORMS.length] as (typeof FORMS)[number];
              await hashing.add({ ...ANY, path: `${round}/${path}`, plan, open: () => form(bytes) });
            }
          }
        };
        const ended = await hashAll().catch((error: Error) => error.message);
        const late = performance.now() - abortedAt;
        const { bytes, outcomes } = run;
        await new Promise((resolve) => setTimeout(resolve, 30));
        const silent = run.bytes === bytes && run.outcomes.size === outcomes.size;
        found.push([ended, late < 100 || `${late} ms`, silent]);
        // What the workers still had is thrown away, and its memory given back.
        await until(() => run.pool.budget.used === run.alive * 8 * MIB);
        run.pool.end();
        found.push(run.alive);
      }
      return found;
    },
    expected: Array(8)
      .fill([["enough", true, true], 0])
      .flat(),
  },
  "a signal that came before": {
    async run(start) {
      const run = new Run(start);
      const signal = AbortSignal.abort(new Error("enough"));
      const [file] = mixed();
      const ended = await addAll(run.begin({ signal }), file ? [file] : []).catch(
        (error: Error) => error.message,
      );
      return [ended, run.alive];
    },
    expected: ["enough", 0],
  },
  "sources that fail are told, and the others are hashed": {
    async run(start) {
      const good = mixed().slice(0, 12);
      const expected = await expectedOf(good);
      const run = new Run(start);
      const hashing = run.begin();
      const plan = PLANS[0] as Plan;
      const broken = () => Promise.reject(new Error("no such file"));
      async function* breaking() {
        yield new Uint8Array(10);
        throw new Error("the disk broke");
      }
      await hashing.add({ ...ANY, path: "rejects", plan, open: broken });
      await hashing.add({ ...ANY, path: "breaks", plan, open: breaking });
      await hashing.add({ ...ANY, path: "unreadable", plan, open: () => unreadable(1000) });
      await hashing.add({ ...ANY, path: "unreadable-large", plan, open: () => unreadable(20 * MIB) });
      await addAll(hashing, good);
      hashing.stop();
      run.pool.end();
      const failed = ["rejects", "breaks", "unreadable", "unreadable-large"];
      return [failed.map((path) => hex(run.outcomes.get(path)).split(" ")[0]), wrong(run, expected)];
    },
    expected: [Array(4).fill("error"), []],
  },
  "a source that is none ends everything": {
    async run(start) {
      const run = new Run(start);
      const hashing = run.begin();
      const plan = PLANS[0] as Plan;
      await hashing.add({ ...ANY, path: "a", plan, open: () => 7 as unknown as Source });
      const ended = await hashing.finish().catch((error: { code: string }) => error.code);
      return [ended, run.alive];
    },
    expected: ["usage-invalid", 0],
  },
  "a worker that does not start is told": {
    async run(start) {
      const run = new Run(() => {
        start().terminate();
        throw new Error("no worker");
      });
      const plan = PLANS[0] as Plan;
      const hashing = run.begin();
      await hashing.add({ ...ANY, path: "a", plan, open: () => blobOf(bytesOf(9 * MIB, 0)) });
      return hashing.finish().catch((error: Error) => [error.name, `${(error.cause as Error).message}`]);
    },
    expected: ["WorkerError", "no worker"],
  },
  "small models start no worker": {
    async run(start) {
      const run = new Run(start);
      const plan = PLANS[0] as Plan;
      const models = Array.from({ length: 100 }, async (_, i) => {
        const hashing = run.begin();
        for (const [j, form] of FORMS.entries()) {
          const bytes = bytesOf(20_000, i);
          await hashing.add({ ...ANY, path: `${i}-${j}`, plan, open: () => form(bytes) });
        }
        await hashing.finish();
        hashing.stop();
      });
      await Promise.all(models);
      return [run.outcomes.size, run.started, run.pool.budget.used];
    },
    expected: [400, 0, 0],
  },
  "models that are hashed at a time share the workers and the budget": {
    async run(start) {
      const files = mixed();
      const expected = await expectedOf(files);
      const run = new Run(start);
      const models = [0, 1, 2, 3].map(async (i) => {
        const outcomes = new Map<string, FileOutcome>();
        const hashing = new WorkerHashing(
          {
            concurrency: 2,
            memoryBudget: 32 * MIB,
            onBytes: (count) => {
              run.bytes += count;
            },
            onFile: ({ path }, outcome) => void outcomes.set(path, outcome),
          },
          run.source,
          run.pool,
        );
        await addAll(hashing, shuffled(files, i + 1), FORMS[i]);
        hashing.stop();
        return wrong({ outcomes }, expected);
      });
      const found = await Promise.all(models);
      const { peak, limit } = run.pool.budget;
      const all = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
      const result = [found, run.started, limit === 32 * MIB, peak <= limit, run.bytes === 4 * all];
      run.pool.end();
      return result;
    },
    expected: [[[], [], [], []], 2, true, true, true],
  },
  "a call that ends in the middle leaves the others alone": {
    async run(start) {
      const files = mixed();
      const expected = await expectedOf(files);
      const run = new Run(start);
      const staying = run.begin();
      const controller = new AbortController();
      const going = new WorkerHashing(
        { concurrency: 2, memoryBudget: 256 * MIB, signal: controller.signal, onBytes() {}, onFile() {} },
        run.source,
        run.pool,
      );
      const gone = addAll(going, files).catch((error: Error) => error.message);
      const stayed = addAll(staying, files);
      setTimeout(() => controller.abort(new Error("enough")), 20);
      const ended = await gone;
      await stayed;
      staying.stop();
      await until(() => run.pool.budget.used === run.alive * 8 * MIB);
      run.pool.end();
      return [ended, wrong(run, expected), run.started];
    },
    expected: ["enough", [], 2],
  },
  "a source that hangs holds up no other call": {
    async run(start) {
      const run = new Run(start);
      const controller = new AbortController();
      const plan = PLANS[0] as Plan;
      const hanging = new WorkerHashing(
        { concurrency: 1, memoryBudget: 64 * MIB, signal: controller.signal, onBytes() {}, onFile() {} },
        run.source,
        run.pool,
      );
      const endless = () => new ReadableStream<Uint8Array>({ pull: () => new Promise(() => {}) });
      await hanging.add({ ...ANY, path: "hangs", plan, size: 20 * MIB, open: endless });
      const gone = hanging.finish().catch((error: Error) => error.message);
      const hashing = run.begin({ concurrency: 1, memoryBudget: 64 * MIB });
      await addAll(hashing, mixed().slice(-5));
      hashing.stop();
      controller.abort(new Error("enough"));
      const result = [await gone, run.outcomes.size, run.started];
      run.pool.end();
      return result;
    },
    expected: ["enough", 5, 1],
  },
  "a worker that breaks ends what it had to do, and no other call": {
    async run(start) {
      const made: Worker[] = [];
      const run = new Run(() => {
        const worker = start();
        made.push(worker);
        return worker;
      });
      const plan = PLANS[0] as Plan;
      const hashing = run.begin({ concurrency: 1 });
      const blob = () => blobOf(bytesOf(30 * MIB, 0));
      for (let i = 0; i < 4; i++) await hashing.add({ ...ANY, path: `${i}`, plan, open: blob });
      const ended = hashing.finish().catch((error: Error) => error.message);
      await until(() => run.bytes > 0);
      // A message that no worker understands.
      made[0]?.postMessage({ type: "start", module: "none" });
      const message = await ended;
      const { used } = run.pool.budget;
      const again = run.begin({ concurrency: 1 });
      await again.add({ ...ANY, path: "again", plan, open: blob });
      await again.finish();
      again.stop();
      const { started } = run;
      run.pool.end();
      return [typeof message, used, "digests" in (run.outcomes.get("again") ?? {}), started, run.alive];
    },
    expected: ["string", 0, true, 2, 0],
  },
  "who waits for memory comes first": {
    async run() {
      const budget = new Budget(10);
      const order: string[] = [];
      budget.take(8);
      const waiting = budget.wait(5).then(() => order.push("waited"));
      order.push(`${budget.take(1)}`);
      budget.give(8);
      await waiting;
      order.push(`${budget.take(5)}`, `${budget.take(1)}`, `${budget.peak}`);
      return order;
    },
    expected: ["false", "waited", "true", "false", "10"],
  },
};

/** Waits until something holds, or fails the test. */
async function until(holds: () => boolean): Promise<void> {
  const began = performance.now();
  while (!holds()) {
    if (performance.now() - began > 5000) throw new Error("it never came to hold");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A Blob of which nothing can be read. */
let unreadable: (size: number) => Blob = () => {
  throw new Error("not on this host");
};

export async function runHashing(
  name: string,
  start: StartWorker,
  makeUnreadable: (size: number) => Blob,
): Promise<unknown> {
  await init();
  unreadable = makeUnreadable;
  return HASHING[name]?.run(start);
}
