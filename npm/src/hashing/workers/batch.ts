import { ByteReader } from "../../core/byte-reader.js";
import { abortable } from "../../core/bytes.js";
import { turn, turnIsDue } from "../../core/turn.js";
import type { Wasm } from "../../core/wasm.js";
import { pushTo } from "../push.js";
import type { Piece, PieceResult } from "./protocol.js";

/** Memory for batches, which is used again. */
export class Buffers {
  #spare: ArrayBuffer[] = [];

  take(length: number): ArrayBuffer {
    const found = this.#spare.findIndex((buffer) => buffer.byteLength >= length);
    if (found >= 0) return this.#spare.splice(found, 1)[0] as ArrayBuffer;
    // None is large enough: one that is too small would never be used again.
    this.#spare.pop();
    return new ArrayBuffer(length);
  }

  giveBack(buffer: ArrayBuffer): void {
    this.#spare.push(buffer);
  }
}

/** What a batch is hashed with. */
export interface BatchTools {
  readonly wasm: Wasm;
  readonly buffers: Buffers;
  readonly signal: AbortSignal;
  onBytes(count: number): void;
}

/**
 * Hashes pieces that are read into memory together: to read many small files as one Blob takes half the time of
 * reading each.
 */
export async function hashBatch(pieces: readonly Piece[], tools: BatchTools): Promise<PieceResult[]> {
  const { wasm, buffers, signal, onBytes } = tools;
  const length = pieces.reduce((sum, { blob }) => sum + blob.size, 0);
  let buffer = buffers.take(length);
  try {
    const [first] = pieces;
    const blob =
      pieces.length === 1 && first !== undefined ? first.blob : new Blob(pieces.map(({ blob }) => blob));
    const bytes = await readWhole(blob, buffer, length, signal);
    buffer = bytes.buffer;
    const results: PieceResult[] = [];
    let start = 0;
    for (const { blob, algorithm, subtreeAt } of pieces) {
      if (turnIsDue()) await turn();
      signal.throwIfAborted();
      const end = start + blob.size;
      results.push({ digest: await digestOf(wasm, bytes.subarray(start, end), algorithm, subtreeAt) });
      onBytes(blob.size);
      start = end;
    }
    buffers.giveBack(buffer);
    return results;
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw error;
    if (pieces.length === 1 || signal.aborted) return pieces.map(() => ({ error }));
  }
  // One of them cannot be read. Read one by one, it is seen which.
  const results: PieceResult[] = [];
  for (const piece of pieces) results.push(...(await hashBatch([piece], tools)));
  return results;
}

async function readWhole(
  blob: Blob,
  buffer: ArrayBuffer,
  length: number,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new ByteReader(blob.stream(), "blob", blob);
  try {
    const bytes = await abortable(reader.read(buffer, length, length), signal);
    if (bytes.byteLength !== length) throw new DOMException("a file became shorter", "NotReadableError");
    return bytes;
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** The browser's own SHA-256 is the fastest, but it takes bytes only as a whole. */
async function digestOf(
  { Hasher, blake3Subtree }: Wasm,
  bytes: Uint8Array<ArrayBuffer>,
  algorithm: Piece["algorithm"],
  subtreeAt: number | undefined,
): Promise<Uint8Array> {
  if (subtreeAt !== undefined) return blake3Subtree(subtreeAt, bytes);
  if (algorithm === "sha256" && crypto.subtle !== undefined) {
    return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  }
  const hasher = new Hasher(algorithm);
  try {
    pushTo(hasher, bytes);
    return hasher.finish();
  } finally {
    hasher.free();
  }
}
