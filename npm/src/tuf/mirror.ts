import { type FetchFile, RefreshError } from "./client.js";

/** What fetches. */
export type Fetch = (address: string, init: { redirect: "error"; signal: AbortSignal }) => Promise<Response>;

/** How long one file and all files may take, in milliseconds. */
const FILE_MS = 60_000;
const TOTAL_MS = 300_000;

/** Fetches from a mirror: metadata below one address, target files below another or in `targets` below the first. */
export function fromMirror(get: Fetch, metadata: string, targets = `${metadata}/targets`): FetchFile {
  const total = AbortSignal.timeout(TOTAL_MS);
  return ({ place, path, limit }) => {
    const signal = AbortSignal.any([total, AbortSignal.timeout(FILE_MS)]);
    return fetchFile(get, `${place === "targets" ? targets : metadata}/${path}`, limit, signal);
  };
}

/** Fetches a file, and no more of it than one byte over its limit. */
async function fetchFile(
  get: Fetch,
  address: string,
  limit: number,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const unreachable = (why: string, cause?: unknown) =>
    new RefreshError("mirror-unreachable", `cannot fetch \`${address}\`: ${why}`, { cause });
  try {
    const response = await get(address, { redirect: "error", signal });
    // Stores of objects say 403 for what they do not have.
    if (response.status === 403 || response.status === 404) {
      await response.body?.cancel();
      return undefined;
    }
    if (response.status !== 200 || response.body === null) {
      await response.body?.cancel();
      throw unreachable(`the mirror answers with status ${response.status}`);
    }
    return await readAtMost(response.body, limit + 1);
  } catch (error) {
    throw error instanceof RefreshError ? error : unreachable(reason(error), error);
  }
}

/** The first bytes of a body, which is not read further. */
async function readAtMost(body: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = body.getReader();
  try {
    while (length < most) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      length += value.length;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
  const bytes = new Uint8Array(Math.min(length, most));
  let at = 0;
  for (const part of parts) {
    const rest = part.subarray(0, bytes.length - at);
    bytes.set(rest, at);
    at += rest.length;
  }
  return bytes;
}

/** Where `fetch` says only that it failed, its cause says why. */
function reason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}

/** An https address, or an http one on this machine, without a slash at its end. */
export function readMirror(address: string): string {
  const message = `\`${address}\` is neither an https address nor an http one on loopback`;
  const invalid = () => new RefreshError("usage-invalid", message);
  if (!URL.canParse(address)) throw invalid();
  const url = new URL(address);
  const loopback = ["localhost", "[::1]"].includes(url.hostname) || /^127(\.\d+){3}$/.test(url.hostname);
  const secure = url.protocol === "https:" || (url.protocol === "http:" && loopback);
  if (!secure || url.search !== "" || url.hash !== "" || url.username !== "") throw invalid();
  return url.href.replace(/\/+$/, "");
}
