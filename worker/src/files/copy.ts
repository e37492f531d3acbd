// Verified copies: what the store has is served from there, with true ranges.
import { fileHeaders } from "../answers/file-headers.js";
import { Problem } from "../answers/problem.js";
import { ifRangeMatches, readRange } from "../answers/range.js";
import type { Gateway } from "../gateway.js";
import type { GatewayFile, Model } from "../models/model.js";
import type { CopyRecord } from "../store/records.js";
import type { Part } from "../store/store.js";

/** The key of a file's copy in the store. */
export function objectKey({ content }: Pick<GatewayFile, "content">): string {
  return `objects/${content}`;
}

/** The verified copy of a file, if there is one. */
export async function findCopy(gateway: Gateway, file: GatewayFile): Promise<CopyRecord | undefined> {
  return gateway.host.store === undefined ? undefined : gateway.records.copy(file.content);
}

/** What a request asks of a file. */
export interface FileRequest {
  readonly method: "GET" | "HEAD";
  readonly headers: Headers;
  /** Whether a shared cache may hold the answer. */
  readonly shared: boolean;
  /** Goes on with something after the answer was sent. */
  defer(promise: Promise<unknown>): void;
}

/** Answers with bytes that are known to be right: `read` returns all of them, or a part. */
export async function answerVerified(
  gateway: Gateway,
  model: Model,
  file: GatewayFile,
  copy: CopyRecord,
  request: FileRequest,
  read: (part?: Part) => Promise<BodyInit | undefined>,
): Promise<Response> {
  const { size, sha256 } = copy;
  const facts = { path: file.path, commit: model.commit, size, sha256, id: file.id, shared: request.shared };
  const headers = fileHeaders(facts, request.headers, "verified");
  const tag = `"${sha256}"`;
  if (request.headers.get("if-none-match") === tag) return new Response(null, { status: 304, headers });
  const whole = async () => {
    headers.set("Content-Length", `${size}`);
    return new Response(request.method === "HEAD" ? null : await bytes(), { headers });
  };
  const bytes = async (part?: Part) => {
    const body = await read(part);
    if (body !== undefined) return body;
    await gateway.records.deleteCopy(file.content);
    throw new Problem(503, "copy-missing", "The store has lost its copy of this file; it is fetched again.", {
      "Retry-After": "1",
    });
  };
  if (request.method === "HEAD") return whole();
  const wanted = readRange(request.headers.get("range"), size);
  if (wanted.kind === "whole") return whole();
  if (wanted.kind === "probe")
    return size === 0
      ? emptyProbe(headers)
      : probeAnswer(headers, size, await bytes({ offset: 0, length: 1 }));
  // What the client has is of another file: it gets this one from its beginning.
  if (!ifRangeMatches(request.headers.get("if-range"), tag)) return whole();
  await requireUntainted(gateway, file);
  if (wanted.kind === "refused") throw rangeRefused(wanted.why);
  const { start, end } = wanted;
  headers.set("Content-Length", `${end - start + 1}`);
  headers.set("Content-Range", `bytes ${start}-${end}/${size}`);
  return new Response(await bytes({ offset: start, length: end - start + 1 }), { status: 206, headers });
}

/** `bytes=0-0` asks how long a file is. It gets its first byte, which no cache keeps. */
export function probeAnswer(headers: Headers, size: number, body: BodyInit): Response {
  headers.set("Cache-Control", "no-store, no-transform");
  headers.set("Content-Length", "1");
  headers.set("Content-Range", `bytes 0-0/${size}`);
  return new Response(body, { status: 206, headers });
}

/** A file of no bytes has no first one. Its length is told all the same. */
function emptyProbe(headers: Headers): Response {
  headers.set("Cache-Control", "no-store, no-transform");
  headers.set("Content-Length", "0");
  headers.set("Content-Range", "bytes */0");
  return new Response(new Uint8Array(), { headers });
}

/** No part of a file is given to anyone, once a transfer of it was cut that had not been verified. */
export async function requireUntainted(gateway: Gateway, file: GatewayFile): Promise<void> {
  if (!(await gateway.records.isTainted(file.content))) return;
  throw new Problem(
    403,
    "content-tainted",
    "A transfer of this file was cut before it was verified, so no part of it is delivered. Delete what you have of it and download it from its beginning.",
  );
}

export function rangeRefused(why: string): Problem {
  return new Problem(403, "range-refused", `No part of this file is delivered: ${why}.`);
}
