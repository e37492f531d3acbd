// Requests to a hub: the token goes to the hub's own origin alone, and redirects are followed by hand where the
// platform shows them.
import { readBody } from "./body.js";
import { HubError } from "./hub-error.js";

/** How a hub is asked. */
export interface Asking {
  readonly fetch: typeof fetch;
  /** Where the token may be sent. */
  readonly origin: string;
  readonly accessToken: string | undefined;
}

const REDIRECTS = 5;

/** Bytes that a page of a listing may have. */
const PAGE_BYTES = 16 * 1024 * 1024;

/** Asks for an address; resolves to an answer of status 200. */
export async function ask(asking: Asking, address: string, signal?: AbortSignal): Promise<Response> {
  let url = new URL(address);
  for (let redirects = 0; redirects <= REDIRECTS; redirects += 1) {
    const response = await send(asking, url, "manual", signal);
    // Browsers hide where a redirect leads. They drop the token themselves on the way to another origin.
    if (response.type === "opaqueredirect")
      return answered(asking, await send(asking, url, "follow", signal));
    const location = response.headers.get("location");
    if (response.status < 300 || response.status > 399 || location === null)
      return answered(asking, response);
    await response.body?.cancel();
    const next = new URL(location, url);
    if (next.protocol !== "https:" && next.origin !== asking.origin) {
      throw new HubError("hub-answer-invalid", "the hub redirects to an address that is not https");
    }
    refuseLogin(next);
    url = next;
  }
  throw new HubError("hub-answer-invalid", `the hub redirects more than ${REDIRECTS} times`);
}

async function send(
  { fetch, origin, accessToken }: Asking,
  url: URL,
  redirect: RequestRedirect,
  signal?: AbortSignal,
): Promise<Response> {
  const headers: Record<string, string> =
    accessToken !== undefined && url.origin === origin ? { authorization: `Bearer ${accessToken}` } : {};
  try {
    return await fetch(url.href, { headers, redirect, credentials: "omit", ...(signal && { signal }) });
  } catch (error) {
    signal?.throwIfAborted();
    const message = `${url.host} cannot be reached, or does not let this page ask it (CORS)`;
    throw new HubError("hub-unreachable", message, { cause: error });
  }
}

/** Reads what a status says; only 200 has what was asked for. */
function answered({ accessToken }: Asking, response: Response): Response {
  if (response.redirected) refuseLogin(new URL(response.url));
  const { status, headers } = response;
  if (status === 200) return response;
  const code = headers.get("x-error-code") ?? "";
  const token =
    accessToken === undefined ? ": give an accessToken that may read it" : " for this accessToken";
  if (code === "GatedRepo") throw new HubError("hub-gated", `the repository is gated${token}`);
  if (code === "RevisionNotFound") {
    throw new HubError("hub-revision-not-found", "the repository does not have this revision");
  }
  if (code === "RepoNotFound" || status === 401 || status === 403) {
    // The hub does not tell a private repository from one that does not exist.
    const message = `the repository does not exist, or is private${token}`;
    throw new HubError("hub-repository-not-found", message);
  }
  if (status === 429)
    throw new HubError("hub-rate-limited", "the hub refuses more requests for now (HTTP status 429)");
  if (status === 404) {
    throw new HubError(
      "hub-repository-not-found",
      "the hub does not have this repository or file (HTTP status 404)",
    );
  }
  if (status >= 500) throw new HubError("hub-unavailable", `the hub answers with HTTP status ${status}`);
  throw new HubError("hub-answer-invalid", `the hub answers with HTTP status ${status}`);
}

function refuseLogin({ pathname }: URL): void {
  if (/^\/(login|signin|oauth)\b/.test(pathname)) {
    throw new HubError("hub-login-page", "the hub answers with its login page: give an accessToken");
  }
}

/** Reads an answer's JSON, up to a limit. */
export async function readJson(response: Response): Promise<unknown> {
  const type = response.headers.get("content-type") ?? "";
  if (/\bhtml\b/.test(type)) {
    throw new HubError(
      "hub-login-page",
      "the hub answers with a page in place of data: is it the address of its API?",
    );
  }
  const body = await readBody(
    response,
    PAGE_BYTES,
    () => new HubError("hub-listing-too-long", `a page of the listing has more than ${PAGE_BYTES} bytes`),
  );
  try {
    return JSON.parse(await body.text());
  } catch (error) {
    throw new HubError("hub-answer-invalid", "the hub's answer is not JSON", { cause: error });
  }
}

/** One own member of an answer. */
export function member(value: unknown, name: string): unknown {
  const has = typeof value === "object" && value !== null && Object.hasOwn(value, name);
  return has ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

/** Reads a size that a hub states. */
export function readSize(value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new HubError("hub-answer-invalid", "the hub lists a file without its size");
}

/** Reads a path that a hub states. Whether it may be one of a model's is for the core to say. */
export function readPath(value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw new HubError("hub-answer-invalid", "the hub lists a file without its path");
}

/** Reads a SHA-256 that a hub states, in hex with or without `sha256:` before it. */
export function readSha256(value: unknown): string {
  const hex = typeof value === "string" ? value.replace(/^sha256:/, "") : "";
  if (/^[0-9a-f]{64}$/.test(hex)) return `sha256:${hex}`;
  throw new HubError("hub-answer-invalid", "the hub lists a digest that is not a SHA-256");
}
