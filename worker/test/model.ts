// A small model, signed with a key of the test's own in the form of OMS 1.0.
import { createHash, generateKeyPairSync, sign } from "node:crypto";

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });

/** The policy that expects the test's key. */
export const POLICY = {
  method: "key",
  publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
} as const;

export type Files = ReadonlyMap<string, Buffer>;

export function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Signs files; in shards of so many bytes where that is given. */
export function signModel(
  files: Files,
  { name = "model", shardSize }: { name?: string; shardSize?: number } = {},
): Buffer {
  const resources = [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([path, bytes]) => {
      if (shardSize === undefined) return [{ name: path, algorithm: "sha256", digest: sha256(bytes) }];
      return Array.from({ length: Math.ceil(bytes.length / shardSize) }, (_, i) => {
        const [start, end] = [i * shardSize, Math.min((i + 1) * shardSize, bytes.length)];
        return {
          name: `${path}:${start}:${end}`,
          algorithm: "sha256",
          digest: sha256(bytes.subarray(start, end)),
        };
      });
    });
  const root = createHash("sha256");
  for (const { digest } of resources) root.update(digest, "hex");
  const payload = Buffer.from(
    JSON.stringify({
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name, digest: { sha256: root.digest("hex") } }],
      predicateType: "https://model_signing/signature/v1.0",
      predicate: {
        serialization: {
          method: shardSize === undefined ? "files" : "shards",
          ...(shardSize !== undefined && { shard_size: shardSize }),
          hash_type: "sha256",
          allow_symlinks: false,
        },
        resources,
      },
    }),
  );
  const type = "application/vnd.in-toto+json";
  const encoded = Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `);
  const signature = sign("sha256", Buffer.concat([encoded, payload]), privateKey);
  return Buffer.from(
    JSON.stringify({
      mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
      verificationMaterial: { publicKey: { hint: "" }, tlogEntries: [] },
      dsseEnvelope: {
        payload: payload.toString("base64"),
        payloadType: type,
        signatures: [{ sig: signature.toString("base64"), keyid: "" }],
      },
    }),
  );
}

/** The root digest of files that are signed whole. */
export function rootDigest(files: Files): string {
  const root = createHash("sha256");
  for (const [, bytes] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) root.update(sha256(bytes), "hex");
  return root.digest("hex");
}

/** Bytes that differ everywhere. */
export function someBytes(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    bytes[i] = state >>> 16;
  }
  return bytes;
}
