// For tests of others: a small model, signed by a key that is thrown away. It needs no Wasm.
import type { FileEntry, KeyPolicy, ModelFiles } from "../types/index.js";

/** A signed model, as a request of `verify()`. */
export interface SignedTestModel {
  /** The bundle, in the form of OMS 1.0. */
  readonly bundle: string;
  readonly policy: KeyPolicy;
  readonly files: ModelFiles & readonly FileEntry[];
}

const PAYLOAD_TYPE = "application/vnd.in-toto+json";

/**
 * Signs files, by their paths, with a new P-256 key. What it returns verifies, until a test changes something of it.
 *
 * @example
 * import { verify } from "modelseal";
 * import { signModel } from "modelseal/testing";
 * const model = await signModel({ "config.json": "{}", "weights/a.bin": new Uint8Array(10) });
 * console.log((await verify(model)).outcome); // verified
 * const [, ...others] = model.files;
 * const files = Object.assign(others, { complete: true });
 * console.log((await verify({ ...model, files })).reasons); // file-missing
 */
export async function signModel(
  contents: Readonly<Record<string, string | Uint8Array>>,
  options: { readonly name?: string } = {},
): Promise<SignedTestModel> {
  const { name = "model" } = options;
  const contentOf = (path: string) => bytesOf(contents[path] ?? "");
  const paths = Object.keys(contents).sort((a, b) => (a < b ? -1 : 1));
  const digests = await Promise.all(paths.map((path) => sha256(contentOf(path))));
  const root = await sha256(joined(digests));
  const payload = bytesOf(
    JSON.stringify({
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name, digest: { sha256: hex(root) } }],
      predicateType: "https://model_signing/signature/v1.0",
      predicate: {
        serialization: { method: "files", hash_type: "sha256", allow_symlinks: false },
        resources: paths.map((path, index) => ({
          name: path,
          algorithm: "sha256",
          digest: hex(digests[index] ?? new Uint8Array()),
        })),
      },
    }),
  );
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const spki = base64(new Uint8Array(await crypto.subtle.exportKey("spki", publicKey)));
  const pem = `-----BEGIN PUBLIC KEY-----\n${spki.replace(/.{64}/g, "$&\n").trimEnd()}\n-----END PUBLIC KEY-----\n`;
  const encoded = joined([
    bytesOf(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} `),
    payload,
  ]);
  const signature = new Uint8Array(await crypto.subtle.sign(algorithm, privateKey, encoded));
  const bundle = JSON.stringify({
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: { publicKey: { hint: hex(await sha256(bytesOf(pem))) }, tlogEntries: [] },
    dsseEnvelope: {
      payload: base64(payload),
      payloadType: PAYLOAD_TYPE,
      signatures: [{ sig: base64(derOf(signature)), keyid: "" }],
    },
  });
  const entries = paths.map((path): FileEntry => {
    const bytes = contentOf(path);
    return { path, kind: "file", size: bytes.length, open: () => bytes };
  });
  return {
    bundle,
    policy: { method: "key", publicKey: pem },
    files: Object.assign(entries, { complete: true }),
  };
}

function bytesOf(content: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content);
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** WebCrypto writes r and s with 32 bytes each; a bundle has them in DER (RFC 3279 section 2.2.3). */
function derOf(signature: Uint8Array): Uint8Array {
  const number = (bytes: Uint8Array) => {
    const start = bytes.findIndex((byte) => byte !== 0);
    const digits = bytes.subarray(start < 0 ? bytes.length - 1 : start);
    const sign = (digits[0] ?? 0) >= 0x80 ? [0] : [];
    return [0x02, sign.length + digits.length, ...sign, ...digits];
  };
  const numbers = [...number(signature.subarray(0, 32)), ...number(signature.subarray(32))];
  return Uint8Array.from([0x30, numbers.length, ...numbers]);
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
