import { readdir } from "node:fs/promises";

/** The names in a folder: those that are UTF-8 in order, and the others with their bytes as `\xff`. */
export interface Names {
  readonly names: readonly string[];
  readonly notUtf8: readonly string[];
}

/** What a decoder writes for a byte that is not UTF-8. It is also a character that a name may have. */
const REPLACEMENT = "\ufffd";

/** Lists a folder. */
export async function namesIn(folder: string): Promise<Names> {
  const names = await readdir(folder);
  if (!names.some((name) => name.includes(REPLACEMENT))) return { names: names.sort(), notUtf8: [] };
  const raw = await readdir(folder, { encoding: "buffer" });
  const decoded = raw.map((bytes) => ({ bytes, name: decode(bytes) }));
  return {
    names: decoded.flatMap(({ name }) => name ?? []).sort(),
    notUtf8: decoded.flatMap(({ bytes, name }) => (name === undefined ? escapeBytes(bytes) : [])).sort(),
  };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** A name that is not UTF-8, with the bytes in question as `\xff`. */
export function escapeBytes(bytes: Uint8Array): string {
  let escaped = "";
  for (let at = 0; at < bytes.length; ) {
    const length = [1, 2, 3, 4].find((length) => decode(bytes.subarray(at, at + length)) !== undefined);
    const byte = bytes[at] ?? 0;
    escaped +=
      length === undefined || at + length > bytes.length
        ? `\\x${byte.toString(16).padStart(2, "0")}`
        : decode(bytes.subarray(at, at + length));
    at += length ?? 1;
  }
  return escaped;
}
