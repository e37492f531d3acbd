/** A digest algorithm that an OMS manifest may name. */
export type Algorithm = "blake2b" | "blake3" | "sha256";

/** How the signature wants a file to be hashed. */
export interface Plan {
  readonly algorithm: Algorithm;
  /** The length of each shard but the last in bytes, where the file was signed in shards. */
  readonly shardSize?: number | undefined;
}

/** The result of hashing a file. */
export interface Hashed {
  /** One digest; of a file that was signed in shards, one for each shard. */
  readonly digests: readonly Uint8Array[];
  /** The file's length in bytes. */
  readonly length: number;
}

/** Digests, one after the other. */
export function joined(digests: readonly Uint8Array[]): Uint8Array {
  const size = digests[0]?.byteLength ?? 0;
  const bytes = new Uint8Array(size * digests.length);
  for (const [index, digest] of digests.entries()) bytes.set(digest, size * index);
  return bytes;
}
