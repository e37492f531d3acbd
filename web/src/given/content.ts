/** What a file is, by its content: names say little, and people drop what they have. */
export type Kind =
  | "archive"
  | "bundle"
  | "certificate"
  | "empty"
  | "html"
  | "json"
  | "key"
  | "lfs-pointer"
  | "other"
  | "private-key"
  | "trust-root";

/** Enough to tell every kind but JSON, which is read whole. */
const HEAD_BYTES = 4096;

/** Bundles have at most 64 MiB; no kind of interest has more. */
export const MOST_BYTES = 64 * 1024 * 1024;

/** How signers name their bundles: `model.sig` (model_signing), `skill.oms.sig` (NVIDIA), `x.sigstore.json`. */
const BUNDLE_NAME = /\.(sig|sigstore|sigstore\.json)$/i;

/** Whether a file's name says that it is a signature. */
export function isSignatureName(name: string): boolean {
  return BUNDLE_NAME.test(name);
}

/** Tells what a file is. It reads the head of the file, and the rest only of what begins as JSON. */
export async function kindOf(file: Blob): Promise<Kind> {
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  if (head.length === 0) return "empty";
  if (isArchive(head)) return "archive";
  const text = textOf(head).trimStart();
  if (text.startsWith("version https://git-lfs.github.com/spec/")) return "lfs-pointer";
  if (/^<(!doctype|html|\?xml)/i.test(text)) return "html";
  const [, label] = /^-----BEGIN ([A-Z0-9 ]+)-----/m.exec(text) ?? [];
  if (label !== undefined) return pemKind(label);
  if (/^(ssh-|ecdsa-sha2-)\S+ /.test(text)) return "key";
  if (!text.startsWith("{") || file.size > MOST_BYTES) return "other";
  return jsonKind(await file.text());
}

function pemKind(label: string): Kind {
  if (label.includes("PRIVATE KEY")) return "private-key";
  if (label.includes("CERTIFICATE")) return "certificate";
  return label.includes("PUBLIC KEY") ? "key" : "other";
}

/** By the members that only these forms have. Whether they are good the core says. */
function jsonKind(text: string): Kind {
  const type = /"mediaType"\s*:\s*"([^"]{0,200})"/.exec(text)?.[1] ?? "";
  if (/trustedroot|clienttrustconfig/i.test(type) || /"certificateAuthorities"\s*:/.test(text))
    return "trust-root";
  if (/sigstore\.bundle/.test(type) || /"verificationMaterial"\s*:/.test(text)) return "bundle";
  return "json";
}

/** ZIP, gzip, bzip2, xz, zstd, 7z, RAR, and tar by its mark at byte 257. */
function isArchive(head: Uint8Array): boolean {
  const hex = Array.from(head.subarray(0, 6), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const marks = ["504b0304", "1f8b", "425a68", "fd377a585a00", "28b52ffd", "377abcaf271c", "526172211a07"];
  if (marks.some((mark) => hex.startsWith(mark))) return true;
  return new TextDecoder("latin1").decode(head.subarray(257, 262)) === "ustar";
}

function textOf(head: Uint8Array): string {
  return new TextDecoder().decode(head);
}
