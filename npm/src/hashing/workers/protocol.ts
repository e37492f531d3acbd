import type { Algorithm } from "../plan.js";

/** A part of a file that is hashed on its own: a whole file, a shard, or a subtree of BLAKE3. */
export interface Piece {
  readonly blob: Blob;
  readonly algorithm: Algorithm;
  /** Where the subtree begins in its file. Without it, the piece is hashed as a whole. */
  readonly subtreeAt?: number;
}

/** A piece's digest, or why there is none. */
export type PieceResult = { readonly digest: Uint8Array } | { readonly error: unknown };

/** Each job has a number, and ends with `done`. */
export type ToWorker =
  | { readonly type: "start"; readonly module: WebAssembly.Module }
  /** Pieces that are read into memory together. */
  | { readonly type: "batch"; readonly id: number; readonly pieces: readonly Piece[] }
  /** A piece that is read bit by bit. */
  | { readonly type: "stream"; readonly id: number; readonly piece: Piece }
  /** A piece whose bytes are sent, each block after the one before it was answered. */
  | { readonly type: "feed"; readonly id: number; readonly algorithm: Algorithm }
  | { readonly type: "block"; readonly id: number; readonly block: Uint8Array | null }
  /** The job's result is not wanted any more. */
  | { readonly type: "cancel"; readonly id: number };

export type FromWorker =
  | { readonly type: "ready" }
  | { readonly type: "done"; readonly id: number; readonly results: readonly PieceResult[] }
  /** A block was hashed; it goes back to be filled again. */
  | { readonly type: "block"; readonly id: number; readonly block: Uint8Array }
  /** So many bytes of each job were hashed since the last time. */
  | { readonly type: "bytes"; readonly counts: readonly (readonly [id: number, count: number])[] }
  /** The worker itself failed: this is not a file's fault. */
  | { readonly type: "broken"; readonly error: unknown };
