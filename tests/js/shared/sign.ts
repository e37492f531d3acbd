// Signs models with a key of the test's own, in the form of OMS 1.0.
import { createHash, generateKeyPairSync, sign } from "node:crypto";

export interface Signed {
  readonly bundle: string;
  readonly policy: { readonly method: "key"; readonly publicKey: string };
}

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const pem = publicKey.export({ type: "spki", format: "pem" }).toString();

/** Signs files by their bytes. */
export function signFiles(
  files: ReadonlyMap<string, Uint8Array>,
  options: { allowSymlinks?: boolean } = {},
): Signed {
  return signDigests(
    Array.from(files, ([name, bytes]) => ({ name, digest: sha256(bytes) })),
    options,
  );
}

/** Signs files by their digests in hex. */
export function signDigests(
  files: readonly { readonly name: string; readonly digest: string }[],
  { allowSymlinks = false, algorithm = "sha256" } = {},
): Signed {
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
  return signResources(sorted, { method: "files", hash_type: algorithm, allow_symlinks: allowSymlinks });
}

/** Signs one file in shards of so many bytes. */
export function signShards(name: string, bytes: Uint8Array, shardSize: number): Signed {
  const shards = Array.from({ length: Math.ceil(bytes.length / shardSize) }, (_, i) => {
    const [start, end] = [i * shardSize, Math.min((i + 1) * shardSize, bytes.length)];
    return { name: `${name}:${start}:${end}`, digest: sha256(bytes.subarray(start, end)) };
  });
  return signResources(shards, {
    method: "shards",
    shard_size: shardSize,
    hash_type: "sha256",
    allow_symlinks: false,
  });
}

function signResources(
  resources: readonly { readonly name: string; readonly digest: string }[],
  serialization: { readonly hash_type: string; readonly [member: string]: unknown },
): Signed {
  const root = createHash("sha256");
  for (const { digest } of resources) root.update(digest, "hex");
  const algorithm = serialization.hash_type;
  const payload = Buffer.from(
    JSON.stringify({
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name: "model", digest: { sha256: root.digest("hex") } }],
      predicateType: "https://model_signing/signature/v1.0",
      predicate: {
        serialization,
        resources: resources.map(({ name, digest }) => ({ name, algorithm, digest })),
      },
    }),
  );
  const type = "application/vnd.in-toto+json";
  const pae = Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload]);
  const bundle = JSON.stringify({
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: { publicKey: { hint: sha256(Buffer.from(pem)) }, tlogEntries: [] },
    dsseEnvelope: {
      payload: payload.toString("base64"),
      payloadType: type,
      signatures: [{ sig: sign("sha256", pae, privateKey).toString("base64"), keyid: "" }],
    },
  });
  return { bundle, policy: { method: "key", publicKey: pem } };
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
