import { type Hashed, joined, type Plan } from "../plan.js";
import type { Piece } from "./protocol.js";

/** The longest piece of one large BLAKE3 file. Longer ones are no faster. */
const SUBTREE = 4 * 1024 * 1024;

/** Puts a BLAKE3 file together: its length, that of a piece, and the chaining values one after the other. */
export type Merge = (length: number, piece: number, subtrees: Uint8Array) => Uint8Array;

/** The pieces of a file, taken as there is room for them, and the file put together again from their digests. */
export class FilePieces {
  readonly #blob: Blob;
  readonly #plan: Plan;
  /** The longest piece that may be read into memory as a whole. */
  readonly #inMemory: number;
  /** Whether the pieces are subtrees of one digest, rather than shards with a digest each. */
  readonly #tree: boolean;
  readonly #pieceSize: number;
  readonly #digests: Uint8Array[];
  #taken = 0;
  #missing: number;

  constructor(blob: Blob, plan: Plan, inMemory: number) {
    const { algorithm, shardSize } = plan;
    this.#blob = blob;
    this.#plan = plan;
    this.#inMemory = inMemory;
    // Subtrees are of 2^n bytes (BLAKE3 paper, section 2.1).
    const subtree = Math.min(SUBTREE, 2 ** Math.floor(Math.log2(inMemory)));
    this.#tree = algorithm === "blake3" && shardSize === undefined && blob.size > subtree;
    this.#pieceSize = shardSize ?? (this.#tree ? subtree : Number.POSITIVE_INFINITY);
    // A file of no bytes has one digest, but no shards.
    this.#missing = Number.isFinite(this.#pieceSize) ? Math.ceil(blob.size / this.#pieceSize) : 1;
    this.#digests = new Array(this.#missing);
  }

  /** Whether all pieces were taken. */
  get allTaken(): boolean {
    return this.#taken === this.#digests.length;
  }

  /** Whether all digests are there. */
  get isDone(): boolean {
    return this.#missing === 0;
  }

  /** How many bytes were not taken yet. */
  get left(): number {
    return this.allTaken ? 0 : this.#blob.size - this.#start;
  }

  /** How long the next piece is. */
  get nextSize(): number {
    return Math.min(this.#pieceSize, this.left);
  }

  /**
   * Whether the next piece is read into memory as a whole. The browser's own SHA-256 takes nothing else, and
   * is faster than Wasm.
   */
  get nextInMemory(): boolean {
    const limit = this.#plan.algorithm === "sha256" ? this.#inMemory : Math.min(this.#inMemory, SUBTREE);
    return this.nextSize <= limit;
  }

  /** Takes the next piece. */
  take(): { readonly index: number; readonly piece: Piece } {
    const index = this.#taken;
    const start = this.#start;
    const blob = this.#digests.length === 1 ? this.#blob : this.#blob.slice(start, start + this.nextSize);
    const { algorithm } = this.#plan;
    this.#taken += 1;
    return { index, piece: this.#tree ? { blob, algorithm, subtreeAt: start } : { blob, algorithm } };
  }

  /** Takes the digest of a piece. */
  put(index: number, digest: Uint8Array): void {
    this.#digests[index] = digest;
    this.#missing -= 1;
  }

  /** The result of hashing the file, when all digests are there. */
  finish(merge: Merge): Hashed {
    const length = this.#blob.size;
    if (!this.#tree) return { digests: this.#digests, length };
    return { digests: [merge(length, this.#pieceSize, joined(this.#digests))], length };
  }

  get #start(): number {
    return this.#taken === 0 ? 0 : this.#taken * this.#pieceSize;
  }
}
