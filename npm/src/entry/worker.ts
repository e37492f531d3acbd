// A worker that hashes. The package starts it, tells it what to hash, and ends it.
import { createInstance, type Hasher } from "../../wasm/instance.js";
import type { Wasm } from "../core/wasm.js";
import { pushTo } from "../hashing/push.js";
import { Buffers, hashBatch } from "../hashing/workers/batch.js";
import { hashStream, LaneHasher, type StreamTools } from "../hashing/workers/lanes.js";
import type { FromWorker, Piece, PieceResult, ToWorker } from "../hashing/workers/protocol.js";

/** So often the other thread hears how far this one is. */
const TOLD_EVERY_MS = 50;

const buffers = new Buffers();
const jobs = new Map<number, AbortController>();
const feeds = new Map<number, Hasher>();
const counts = new Map<number, number>();
let wasm: Wasm;
let lanes: LaneHasher | undefined;
let toldAt = 0;

addEventListener("message", async ({ data }: MessageEvent<ToWorker>) => {
  try {
    await handle(data);
  } catch (error) {
    post({ type: "broken", error });
  }
});

async function handle(message: ToWorker): Promise<void> {
  switch (message.type) {
    case "start":
      wasm = createInstance();
      wasm.initSync({ module: message.module });
      post({ type: "ready" });
      break;
    case "batch":
      await job(message.id, (tools) => hashBatch(message.pieces, { wasm, buffers, ...tools }));
      break;
    case "stream":
      await job(message.id, async (tools) => [await result(hashPiece(message.piece, tools))]);
      break;
    case "feed":
      feeds.set(message.id, new wasm.Hasher(message.algorithm));
      break;
    case "block":
      feed(message.id, message.block);
      break;
    case "cancel":
      jobs.get(message.id)?.abort();
      feeds.get(message.id)?.free();
      if (feeds.delete(message.id)) done(message.id, []);
      break;
  }
}

async function job(id: number, run: (tools: StreamTools) => Promise<PieceResult[]>): Promise<void> {
  const controller = new AbortController();
  jobs.set(id, controller);
  try {
    const { signal } = controller;
    const results = await run({ signal, onBytes: (count) => onBytes(id, count) });
    // Of a job that was cancelled, nothing is read but that it is over.
    done(id, signal.aborted ? [] : results);
  } finally {
    jobs.delete(id);
  }
}

async function hashPiece({ blob, algorithm }: Piece, tools: StreamTools): Promise<Uint8Array> {
  if (algorithm === "sha256") {
    lanes ??= new LaneHasher(new wasm.Sha256x4());
    return lanes.hash(blob, tools);
  }
  const hasher = new wasm.Hasher(algorithm);
  try {
    return await hashStream(hasher, blob, tools);
  } finally {
    hasher.free();
  }
}

function feed(id: number, block: Uint8Array | null): void {
  const hasher = feeds.get(id);
  // It was cancelled.
  if (hasher === undefined) return;
  if (block === null) {
    feeds.delete(id);
    const digest = hasher.finish();
    hasher.free();
    done(id, [{ digest }]);
    return;
  }
  pushTo(hasher, block);
  onBytes(id, block.byteLength);
  post({ type: "block", id, block }, [block.buffer as ArrayBuffer]);
}

async function result(digest: Promise<Uint8Array>): Promise<PieceResult> {
  try {
    return { digest: await digest };
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw error;
    return { error };
  }
}

function done(id: number, results: readonly PieceResult[]): void {
  tell();
  post({ type: "done", id, results });
}

function onBytes(id: number, count: number): void {
  counts.set(id, (counts.get(id) ?? 0) + count);
  if (performance.now() - toldAt >= TOLD_EVERY_MS) tell();
}

function tell(): void {
  if (counts.size > 0) post({ type: "bytes", counts: [...counts] });
  counts.clear();
  toldAt = performance.now();
}

function post(message: FromWorker, transfer: Transferable[] = []): void {
  (postMessage as (message: FromWorker, transfer: Transferable[]) => void)(message, transfer);
}
