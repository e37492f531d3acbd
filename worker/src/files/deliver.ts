// How a file is delivered: a verified copy, else verified in memory, else fetched into the store and then served.
import { unverifiedHeaders } from "../answers/file-headers.js";
import { absent, Problem } from "../answers/problem.js";
import { readRange } from "../answers/range.js";
import type { Entry } from "../configuration/configuration.js";
import type { Gateway } from "../gateway.js";
import { sha256Hex } from "../models/digest.js";
import type { GatewayFile, Model } from "../models/model.js";
import { originProblem } from "../origin/request.js";
import type { Part } from "../store/store.js";
import {
  answerVerified,
  type FileRequest,
  findCopy,
  objectKey,
  probeAnswer,
  rangeRefused,
  requireUntainted,
} from "./copy.js";
import { askForFile, firstByte, requireNoFailure, sizeOf } from "./origin-file.js";
import { requireStore } from "./pull.js";
import type { PullAnswer } from "./pull-job.js";
import { fetchSmall } from "./small.js";
import { stream } from "./streamed.js";
import { pass } from "./unverified.js";

/** Clients of hubs give up after 10 s without headers. */
const HOLD_MILLISECONDS = 8000;
/** huggingface_hub 0.36 gives up after 23 s, and then takes the file for absent. */
const HEAD_PENDING_MILLISECONDS = 20_000;

/** Answers a request for a file of a model. */
export async function deliver(
  gateway: Gateway,
  entry: Entry,
  commit: string,
  path: string,
  request: FileRequest,
): Promise<Response> {
  if (entry.mode === "log-only") return passLogged(gateway, entry, commit, path, request);
  const model = await gateway.models.model(entry, commit);
  if (path === entry.bundle) return deliverBundle(gateway, model, request);
  const file = await model.file(path);
  if (file === undefined) {
    if (entry.unsigned === "pass") return pass(gateway, model, path, "unsigned", request);
    throw absent("EntryNotFound", "file-not-signed", "The signature does not cover a file of this path.");
  }
  const copy = await findCopy(gateway, file);
  if (copy !== undefined) return answerCopy(gateway, model, file, copy, request);
  return request.method === "HEAD"
    ? answerHead(gateway, model, file, request)
    : answerGet(gateway, model, file, request);
}

/** The bundle, as it was verified. */
export async function deliverBundle(gateway: Gateway, model: Model, request: FileRequest): Promise<Response> {
  const { bundle, entry, commit } = model;
  const sha256 = await sha256Hex(bundle);
  const file: GatewayFile = {
    slug: entry.slug,
    commit,
    path: entry.bundle,
    pathDigest: "",
    content: `sha256-${sha256}`,
    sha256,
    size: bundle.byteLength,
    id: sha256.slice(0, 40),
  };
  const copy = { size: bundle.byteLength, sha256 };
  return answerVerified(gateway, model, file, copy, request, async (part) => partOf(bundle, part));
}

async function answerCopy(
  gateway: Gateway,
  model: Model,
  file: GatewayFile,
  copy: { readonly size: number; readonly sha256: string },
  request: FileRequest,
): Promise<Response> {
  const { store } = gateway.host;
  return answerVerified(gateway, model, file, copy, request, async (part) =>
    store?.readObject(objectKey(file), part),
  );
}

function partOf(bytes: Uint8Array<ArrayBuffer>, part: Part | undefined): Uint8Array<ArrayBuffer> {
  return part === undefined ? bytes : bytes.slice(part.offset, part.offset + part.length);
}

/**
 * HEAD of a signed file succeeds, also where its bytes are wrong: clients take one that fails for absent and go on
 * without it. It may be put off for a while, for one that is being fetched.
 */
async function answerHead(
  gateway: Gateway,
  model: Model,
  file: GatewayFile,
  request: FileRequest,
): Promise<Response> {
  const size = await sizeOf(gateway, model, file);
  const isWrong = (await gateway.records.failure(file)) !== undefined;
  const answer = () => new Response(null, { headers: unverifiedHeaders(file, size, request.headers) });
  // Without a signed SHA-256 clients learn one from the verified copy alone.
  if (!isWrong && file.sha256 === undefined && isSmall(gateway, size)) {
    const small = await fetchSmall(gateway, model, file).catch(() => undefined);
    if (small !== undefined)
      return answerVerified(gateway, model, file, small.copy, request, async () => undefined);
  }
  if (isWrong || isSmall(gateway, size) || isStreamed(gateway, model, file, size)) return answer();
  const pulled = await startPull(gateway, file, HOLD_MILLISECONDS);
  if (pulled.status === "pending" && Date.now() - pulled.startedAt < HEAD_PENDING_MILLISECONDS)
    throw pending();
  const copy = pulled.status === "done" ? await findCopy(gateway, file) : undefined;
  return copy === undefined ? answer() : answerCopy(gateway, model, file, copy, request);
}

async function answerGet(
  gateway: Gateway,
  model: Model,
  file: GatewayFile,
  request: FileRequest,
): Promise<Response> {
  await requireNoFailure(gateway, model, file);
  const size = await sizeOf(gateway, model, file);
  if (isSmall(gateway, size)) {
    const { bytes, copy } = await fetchSmall(gateway, model, file);
    return answerVerified(gateway, model, file, copy, request, async (part) => partOf(bytes, part));
  }
  const wanted = readRange(request.headers.get("range"), size ?? Number.MAX_SAFE_INTEGER);
  if (wanted.kind === "probe" && size !== undefined) return probe(gateway, model, file, size, request);
  if (isStreamed(gateway, model, file, size) && size !== undefined) {
    if (wanted.kind !== "whole") {
      await requireUntainted(gateway, file);
      throw rangeRefused("it was not verified yet, so only the whole file is");
    }
    return stream(gateway, model, file, size, request);
  }
  const pulled = await startPull(gateway, file, HOLD_MILLISECONDS);
  if (pulled.status === "pending") throw pending();
  if (pulled.status === "failed") {
    const { status, code, message } = pulled.problem;
    const headers = status === 422 ? { "X-Repo-Commit": model.commit } : {};
    throw new Problem(
      code.startsWith("origin-") ? model.entry.whenOriginDown : status,
      code,
      message,
      headers,
    );
  }
  const copy = await findCopy(gateway, file);
  if (copy === undefined) throw pending();
  return answerCopy(gateway, model, file, copy, request);
}

/** The real first byte. It is not verified, but no client keeps it as the beginning of a file. */
async function probe(
  gateway: Gateway,
  model: Model,
  file: GatewayFile,
  size: number,
  request: FileRequest,
): Promise<Response> {
  try {
    const response = await askForFile(gateway, model, file.path, { headers: { Range: "bytes=0-0" } });
    const headers = unverifiedHeaders(file, size, request.headers);
    return probeAnswer(headers, size, await firstByte(response));
  } catch (error) {
    throw originProblem(error, model.entry.whenOriginDown);
  }
}

function startPull(gateway: Gateway, file: GatewayFile, wait: number): Promise<PullAnswer> {
  requireStore(gateway);
  const { slug, commit, path, content } = file;
  return gateway.host.pull({ slug, commit, path, content }, wait);
}

function pending(): Problem {
  return new Problem(503, "pending", "This file is being fetched and verified. Ask again in a moment.", {
    "Retry-After": "1",
  });
}

function isSmall(gateway: Gateway, size: number | undefined): boolean {
  return size !== undefined && size <= gateway.configuration.limits.smallFileBytes;
}

/** A file is streamed only if its SHA-256 is signed and its length is known: a cut one is then noticed. */
function isStreamed(gateway: Gateway, model: Model, file: GatewayFile, size: number | undefined): boolean {
  return (
    model.entry.delivery === "streamed" &&
    file.sha256 !== undefined &&
    size !== undefined &&
    gateway.host.store !== undefined
  );
}

/** Blocks nothing, and logs what would have been blocked. One taint stands for all of these transfers. */
async function passLogged(
  gateway: Gateway,
  entry: Entry,
  commit: string,
  path: string,
  request: FileRequest,
): Promise<Response> {
  const log = (code: string) =>
    gateway.host.log({ event: "log-only", model: entry.slug, commit, path, code });
  const model = await gateway.models.model(entry, commit).catch((error: unknown) => {
    log(error instanceof Problem ? error.code : "internal");
    return undefined;
  });
  const file = await model?.file(path);
  const place = { entry, commit };
  if (model === undefined || file === undefined || request.method === "HEAD") {
    if (model !== undefined && file === undefined && path !== entry.bundle) log("file-not-signed");
    return pass(gateway, place, path, "log-only", request);
  }
  await gateway.records.addTaint(file.content, "log-only");
  const check = model.signed.checkFile(path);
  return pass(gateway, place, path, "log-only", request, {
    push: (bytes) => check.push(bytes),
    end: (complete) => {
      log(complete ? (check.finish().status === "ok" ? "ok" : "file-changed") : "transfer-cut");
      check[Symbol.dispose]();
    },
  });
}
