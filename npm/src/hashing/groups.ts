import type * as glue from "#wasm";
import { BlobReader } from "./blob-reader.js";
import type { Piece, PieceResult } from "./protocol.js";

/** Memory for groups, which is used again. */
export class Buffers {
  #spare: ArrayBuffer[] = [];

  take(length: number): ArrayBuffer {
    const found = this.#spare.findIndex((buffer) => buffer.byteLength >= length);
    if (found >= 0) return this.#spare.splice(found, 1)[0] as ArrayBuffer;
    // None is large enough: one that is too small would only stay for nothing.
    this.#spare.pop();
    return new ArrayBuffer(length);
  }

  giveBack(buffer: ArrayBuffer): void {
    this.#spare.push(buffer);
  }
}

/**
 * Hashes pieces that are read into memory together: to read many small files as one Blob takes half the time of
 * reading each.
 */
export async function hashGroup(
  wasm: typeof glue,
  pieces: readonly Piece[],
  buffers: Buffers,
  onBytes: (count: number) => void,
): Promise<PieceResult[]> {
  const length = pieces.reduce((sum, { blob }) => sum + blob.size, 0);
  let buffer = buffers.take(length);
  try {
    const [first] = pieces;
    const blob =
      pieces.length === 1 && first !== undefined ? first.blob : new Blob(pieces.map(({ blob }) => blob));
    const reader = new BlobReader(blob);
    const bytes = await reader.fill(buffer, length);
    reader.close();
    buffer = bytes.buffer;
    if (bytes.byteLength !== length) throw new DOMException("a file became shorter", "NotReadableError");
    const results: PieceResult[] = [];
    let start = 0;
    for (const { blob, algorithm, subtreeAt } of pieces) {
      const end = start + blob.size;
      results.push({ digest: await digestOf(wasm, bytes.subarray(start, end), algorithm, subtreeAt) });
      onBytes(blob.size);
      start = end;
    }
    buffers.giveBack(buffer);
    return results;
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw error;
    if (pieces.length === 1) return [{ error }];
  }
  // One of them cannot be read. Each by itself, it is seen which.
  const results: PieceResult[] = [];
  for (const piece of pieces) results.push(...(await hashGroup(wasm, [piece], buffers, onBytes)));
  return results;
}

/** The browser's own SHA-256 is the fastest, but it takes bytes only as a whole. */
async function digestOf(
  { Hasher, blake3Subtree }: typeof glue,
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
    hasher.push(bytes);
    return hasher.finish();
  } finally {
    hasher.free();
  }
}
