import { misconfigured, Problem } from "../answers/problem.js";
import { joined } from "../bytes.js";
import type { Origin } from "../configuration/configuration.js";
import type { Limits } from "../verify/limits.js";
import { isAllowed } from "./address.js";

const REDIRECTS = 5;

/** What is asked of an origin. */
export interface OriginRequest {
  readonly method?: "GET" | "HEAD";
  readonly headers?: Readonly<Record<string, string>>;
}

/** An origin that did not answer, or not as it should. */
export class OriginError extends Error {
  override readonly name = "OriginError";
  readonly code: "origin-down" | "origin-refused" | "origin-redirect";

  constructor(code: OriginError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Asks an origin, and follows its redirects by hand: only to where the configuration allows, without the secret
 * elsewhere. Nothing of the client's request is passed on. Any status but a redirect is an answer; the headers must
 * come in time, and a body must not fall silent.
 */
export async function askOrigin(
  origin: Origin,
  url: URL,
  { method = "GET", headers = {} }: OriginRequest,
  { originHeadersSeconds, originSilenceSeconds }: Limits,
): Promise<Response> {
  const watch = new AbortController();
  const timer = setTimeout(() => watch.abort(), originHeadersSeconds * 1000);
  try {
    let at = url;
    for (let followed = 0; followed <= REDIRECTS; followed++) {
      if (!isAllowed(at, origin.allowed)) {
        throw new OriginError("origin-redirect", "The origin redirects to where it may not.");
      }
      const own = at.origin === origin.url.origin && origin.secret !== undefined;
      const response = await fetch(at, {
        method,
        headers: {
          "Accept-Encoding": "identity",
          "User-Agent": "modelseal-gateway",
          ...headers,
          ...(own && { Authorization: `Bearer ${origin.secret}` }),
        },
        redirect: "manual",
        signal: watch.signal,
      });
      const location = response.headers.get("location");
      if (![301, 302, 303, 307, 308].includes(response.status) || location === null) {
        return guarded(decoded(response), watch, originSilenceSeconds * 1000);
      }
      await response.body?.cancel();
      at = new URL(location, at);
    }
    throw new OriginError("origin-redirect", "The origin redirects too often.");
  } catch (error) {
    if (error instanceof OriginError) throw error;
    throw new OriginError("origin-down", "The origin does not answer.");
  } finally {
    clearTimeout(timer);
  }
}

/**
 * A body without its encoding: an origin may encode what was asked for without. `fetch` undoes that, but Deno does not
 * where the request has an Accept-Encoding of its own.
 */
function decoded(response: Response): Response {
  const encoding = response.headers.get("content-encoding")?.trim().toLowerCase();
  if (!("Deno" in globalThis) || encoding === undefined || response.body === null) return response;
  const format = ({ gzip: "gzip", "x-gzip": "gzip", deflate: "deflate" } as const)[encoding];
  if (format === undefined)
    throw new OriginError("origin-refused", "The origin encodes its answer in an unknown way.");
  const body = response.body.pipeThrough(new DecompressionStream(format));
  return new Response(body, { status: response.status, headers: response.headers });
}

/** Gives the body up when it falls silent. What it was is told by who reads it: the stream breaks. */
function guarded(response: Response, watch: AbortController, silence: number): Response {
  watchers.set(response, { watch, silence });
  return response;
}

const watchers = new WeakMap<Response, { readonly watch: AbortController; readonly silence: number }>();

/** Waits for the next bytes of an origin's body, but not for ever. */
export async function inTime<T>(response: Response, read: Promise<T>): Promise<T> {
  const watcher = watchers.get(response);
  if (watcher === undefined) return read;
  const timer = setTimeout(() => watcher.watch.abort(), watcher.silence);
  try {
    return await read;
  } finally {
    clearTimeout(timer);
  }
}

/** The length that an answer declares for these very bytes. */
export function declaredLength(response: Response): number | undefined {
  const declared = response.headers.get("content-length");
  if (declared === null || !/^\d{1,15}$/.test(declared) || response.headers.has("content-encoding"))
    return undefined;
  return Number(declared);
}

/** What tells one version of an origin's file from another. */
export function versionOf({ headers }: Response): string {
  return ["etag", "last-modified", "content-length"].map((name) => headers.get(name) ?? "").join("|");
}

/** Reads a body that is no larger than a limit, or throws a {@link Problem} of 502. */
export async function readLimited(
  response: Response,
  limit: number,
  what: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () =>
    new Problem(
      502,
      "origin-answer-too-large",
      `The origin's ${what} is larger than the limit of ${limit} bytes.`,
    );
  const { body } = response;
  if ((declaredLength(response) ?? 0) > limit) {
    await body?.cancel();
    throw tooLarge();
  }
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = body?.getReader();
  try {
    while (reader !== undefined) {
      const { done, value } = await inTime(response, reader.read());
      if (done) break;
      size += value.byteLength;
      if (size > limit) throw tooLarge();
      parts.push(value);
    }
  } catch (error) {
    reader?.cancel().catch(() => {});
    if (error instanceof Problem) throw error;
    throw new OriginError("origin-down", "The origin's answer broke off.");
  }
  return joined(parts, size);
}

/** The problem that an origin's failure is, with the status that the model's entry wants. */
export function originProblem(error: unknown, status: number): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof OriginError) {
    if (error.code === "origin-redirect") return new Problem(502, error.code, error.message);
    return new Problem(status, error.code, error.message, status === 503 ? { "Retry-After": "5" } : {});
  }
  return misconfigured("an origin could not be asked");
}
