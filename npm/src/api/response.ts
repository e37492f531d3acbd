// Responses with a checked body: which of their headers still hold, how long their body is, and how the reason
// reaches the one who reads them.
import { type Bound, declaredBound, limitBound } from "../core/bound.js";
import { readAll } from "../core/bytes.js";
import { misuse, type Place, VerifyError } from "../core/errors.js";
import { isThenable } from "../core/own.js";

/** What a response answered with. */
export interface Answer {
  readonly status: number;
  readonly statusText: string;
  /** Without those that do not hold for a checked body. */
  readonly headers: Headers;
  readonly url: string;
  readonly redirected: boolean;
  readonly body: ReadableStream<Uint8Array>;
  /** How many bytes the body has, if that was declared for these very bytes. */
  readonly length: number | undefined;
}

/**
 * Gives a stream a fixed length: for a host that ends a body of unknown length well even if it broke. On other
 * hosts there is none.
 */
let fixedLength:
  | ((stream: ReadableStream<Uint8Array>, length: number) => ReadableStream<Uint8Array>)
  | undefined;

/** For the entry of a runtime that needs it. */
export function provideFixedLength(fix: NonNullable<typeof fixedLength>): void {
  fixedLength = fix;
}

/**
 * Whether a body of this length must be verified here before an answer begins. One of no bytes is at its end
 * before anything could go wrong.
 */
export function mustSpool(length: number | undefined): boolean {
  return fixedLength !== undefined && (length === undefined || length === 0);
}

/** Reads a response that should have a whole file. `at` is its place in the call. */
export function readResponse(path: string, response: Response, at = "response"): Answer {
  const place = { at, path };
  requireResponse(response, place);
  const { status, statusText, url, redirected } = response;
  // Another status has another body than the file: a part of it, an error, nothing.
  if (status !== 200) {
    const opaque = response.type === "opaque" || response.type === "opaqueredirect";
    const message = opaque
      ? `an ${response.type} response shows nothing of the file: fetch it with the mode "cors"`
      : `a response with HTTP status ${status} does not have the whole file`;
    throw new VerifyError("file-unreadable", "files", message, { path });
  }
  if (response.bodyUsed || response.body?.locked === true) {
    throw misuse(place, "was read already, or is being read");
  }
  const headers = new Headers(response.headers);
  const length = declaredLength(response);
  // What is left of an encoding that `fetch` has undone.
  headers.delete("content-encoding");
  // An answer that is said to have no bytes is complete at once, whatever comes of the body.
  if (length === undefined || length === 0) headers.delete("content-length");
  // A part could be asked for from the same address, and would not have been checked.
  headers.delete("accept-ranges");
  const body = response.body ?? new Blob([]).stream();
  return { status, statusText, headers, url, redirected, body, length };
}

function requireResponse(response: unknown, place: Place): asserts response is Response {
  if (isThenable(response) && !("headers" in (response as object))) {
    throw misuse(place, "is a promise: wait for it, as in await fetch(url)");
  }
  const like =
    typeof response === "object" && response !== null && "headers" in response && "status" in response;
  if (!like) throw misuse(place, "must be a Response, as fetch() resolves to");
}

/**
 * The length that a response declares, if it counts the bytes of its body. `fetch` decodes a body and leaves the
 * length as it was; of a response of another origin, browsers show the length, but the encoding only where the
 * server exposes it.
 */
function declaredLength({ headers, type }: Response): number | undefined {
  const declared = headers.get("content-length");
  if (declared === null || !/^\d{1,15}$/.test(declared)) return undefined;
  if (headers.has("content-encoding")) return undefined;
  if (type === "cors" && !isExposed(headers, "content-encoding")) return undefined;
  return Number(declared);
}

/** The list itself can be seen only where it exposes itself, or all. */
function isExposed(headers: Headers, name: string): boolean {
  const exposed = headers.get("access-control-expose-headers") ?? "";
  const names = exposed.split(",").map((text) => text.trim().toLowerCase());
  return names.includes(name) || names.includes("*");
}

/** How long a body may be. */
export function boundOf(declared: number | undefined, maxBytes: number, path: string): Bound {
  return declared === undefined ? limitBound(maxBytes, path) : declaredBound(declared, path);
}

/** What is told to the readers of a response whose body breaks. */
export interface Reason {
  error?: unknown;
}

/** A response with this body, in the form that this host needs. */
export function answerWith(
  answer: Answer,
  stream: ReadableStream<Uint8Array>,
  {
    spoolBound,
    reason,
    path,
  }: { readonly spoolBound: Bound; readonly reason: Reason; readonly path: string },
): Response {
  const { length } = answer;
  if (fixedLength !== undefined && length !== undefined && !mustSpool(length)) {
    const { headers } = answer;
    headers.set("content-length", `${length}`);
    refuseTransforms(headers);
    return makeResponse(answer, fixedLength(stream, length), reason);
  }
  const response = makeResponse(answer, stream, reason);
  if (!mustSpool(length)) return response;
  // The response of a handler is awaited before its first byte is sent.
  let whole: Promise<Response> | undefined;
  const verified = async () => {
    const bytes = await readAll(stream, { at: { at: "response", path }, bound: spoolBound });
    return verifiedAnswer(answer, bytes);
  };
  return define(response, {
    // biome-ignore lint/suspicious/noThenProperty: being awaited is what it is for
    then: (...listeners: Parameters<Promise<Response>["then"]>) => {
      whole ??= verified();
      return whole.then(...listeners);
    },
  });
}

/**
 * Keeps what stands before this host from encoding a body on its way. Encoded it has no length any more: one that
 * broke would then be an encoding that ends too soon, which many clients take for a whole one. (RFC 9110 section 7.7;
 * Cloudflare also encodes what has no type.)
 */
function refuseTransforms(headers: Headers): void {
  const directives = headers.get("cache-control") ?? "";
  if (!/\bno-transform\b/i.test(directives)) headers.append("cache-control", "no-transform");
  if (!headers.has("content-type")) headers.set("content-type", "application/octet-stream");
}

/** A response with bytes that were verified. */
export function verifiedAnswer(answer: Answer, bytes: Uint8Array<ArrayBuffer>): Response {
  answer.headers.set("content-length", `${bytes.byteLength}`);
  return makeResponse(answer, bytes, {});
}

function makeResponse(answer: Answer, body: BodyInit, reason: Reason): Response {
  const { status, statusText, headers, url, redirected } = answer;
  const response = new Response(body, { status, statusText, headers });
  return withReason(define(response, { url, redirected }), reason);
}

/**
 * Gives a response methods that read its body themselves. Chromium's own reject with `TypeError: Failed to fetch`,
 * whatever the body's stream broke with: a file that was tampered with would look like a bad network.
 */
function withReason(response: Response, reason: Reason): Response {
  const clone = response.clone.bind(response);
  const bytes = () => readBody(response, reason);
  const type = response.headers.get("content-type") ?? "";
  return define(response, {
    arrayBuffer: async () => (await bytes()).buffer,
    blob: async () => new Blob([await bytes()], { type }),
    bytes,
    clone: () => withReason(define(clone(), { url: response.url, redirected: response.redirected }), reason),
    formData: async () => new Response(await bytes(), { headers: response.headers }).formData(),
    json: async () => JSON.parse(new TextDecoder().decode(await bytes())),
    text: async () => new TextDecoder().decode(await bytes()),
  });
}

async function readBody(response: Response, reason: Reason): Promise<Uint8Array<ArrayBuffer>> {
  const { body } = response;
  if (response.bodyUsed || body?.locked === true)
    throw new TypeError("the body of the response was read already");
  if (body === null) return new Uint8Array();
  try {
    return await readAll(body, { at: "response", bound: NO_BOUND });
  } catch (error) {
    throw reason.error ?? error;
  }
}

/** The stream itself ends in time. */
const NO_BOUND: Bound = {
  bytes: Number.POSITIVE_INFINITY,
  exceeded: () => new VerifyError("file-unreadable", "files", "a file has no end"),
};

function define(response: Response, members: Readonly<Record<string, unknown>>): Response {
  for (const [name, value] of Object.entries(members)) {
    Object.defineProperty(response, name, { value, configurable: true, writable: true });
  }
  return response;
}
