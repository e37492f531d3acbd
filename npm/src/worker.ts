// A worker that hashes. `verify` starts it, tells it what to hash, and ends it.
import * as glue from "#wasm";
import { Buffers, hashGroup } from "./hashing/groups.js";
import type { FromWorker, PieceResult, ToWorker } from "./hashing/protocol.js";
import { hashStream, LaneHasher } from "./hashing/streams.js";

/** So often the other thread hears how far this one is. */
const TOLD_EVERY_MS = 50;

const buffers = new Buffers();
const feeds = new Map<number, glue.Hasher>();
let lanes: LaneHasher | undefined;
let count = 0;
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
      glue.initSync({ module: message.module });
      post({ type: "ready" });
      break;
    case "group":
      done(message.id, await hashGroup(glue, message.pieces, buffers, onBytes));
      break;
    case "stream":
      done(message.id, [await result(hashPiece(message.piece))]);
      break;
    case "feed":
      feeds.set(message.id, new glue.Hasher(message.algorithm));
      break;
    case "block":
      feed(message.id, message.block);
      break;
  }
}

async function hashPiece({ blob, algorithm }: { blob: Blob; algorithm: string }): Promise<Uint8Array> {
  if (algorithm === "sha256") {
    lanes ??= new LaneHasher(new glue.Sha256x4(), onBytes);
    return lanes.hash(blob);
  }
  const hasher = new glue.Hasher(algorithm);
  try {
    return await hashStream(hasher, blob, onBytes);
  } finally {
    hasher.free();
  }
}

function feed(id: number, block: Uint8Array | null): void {
  const hasher = feeds.get(id);
  if (hasher === undefined) return;
  if (block === null) {
    feeds.delete(id);
    const digest = hasher.finish();
    hasher.free();
    done(id, [{ digest }]);
    return;
  }
  hasher.push(block);
  onBytes(block.byteLength);
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

function onBytes(more: number): void {
  count += more;
  if (performance.now() - toldAt >= TOLD_EVERY_MS) tell();
}

function tell(): void {
  if (count > 0) post({ type: "bytes", count });
  count = 0;
  toldAt = performance.now();
}

function post(message: FromWorker, transfer: Transferable[] = []): void {
  (postMessage as (message: FromWorker, transfer: Transferable[]) => void)(message, transfer);
}
