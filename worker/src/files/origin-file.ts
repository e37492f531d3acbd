// A file at its origin: how long it is, which version the origin has, and what is remembered of one that was wrong.
import { Problem } from "../answers/problem.js";
import type { Gateway } from "../gateway.js";
import type { GatewayFile, Model } from "../models/model.js";
import { fileAddress } from "../origin/addresses.js";
import {
  askOrigin,
  declaredLength,
  OriginError,
  type OriginRequest,
  originProblem,
  versionOf,
} from "../origin/request.js";

/** Asks the origin for a file. Another status than 200, or 206 where a part was asked for, is an error. */
export async function askForFile(
  gateway: Gateway,
  { entry, commit }: Pick<Model, "commit" | "entry">,
  path: string,
  request: OriginRequest = {},
): Promise<Response> {
  const response = await askOrigin(
    entry.origin,
    fileAddress(entry, commit, path),
    request,
    gateway.configuration.limits,
  );
  if (response.status === 200 || (response.status === 206 && request.headers?.["Range"] !== undefined))
    return response;
  await response.body?.cancel();
  throw new OriginError("origin-refused", `The origin answers with status ${response.status}.`);
}

/**
 * How long a file is: as signed, as listed, or as its origin once said; `undefined` where it is not known. Throws a
 * {@link Problem} where the origin cannot be asked.
 */
export async function sizeOf(gateway: Gateway, model: Model, file: GatewayFile): Promise<number | undefined> {
  if (file.size !== undefined) return file.size;
  const known = await gateway.records.size(file);
  if (known !== undefined) return known;
  try {
    const response = await askForFile(gateway, model, file.path, { method: "HEAD" });
    await response.body?.cancel();
    const size = declaredLength(response);
    if (size !== undefined) await gateway.records.setSize(file, size);
    return size;
  } catch (error) {
    throw originProblem(error, model.entry.whenOriginDown);
  }
}

/** The first byte of an answer's body, which is then let go. Throws an {@link OriginError} where there is none. */
export async function firstByte({ body }: Response): Promise<Uint8Array<ArrayBuffer>> {
  const reader = body?.getReader();
  const first = await reader?.read();
  await reader?.cancel();
  const byte = new Uint8Array(first?.value?.subarray(0, 1) ?? []);
  if (byte.byteLength === 1) return byte;
  throw new OriginError("origin-down", "The origin's answer broke off.");
}

/** The answer to a file that is not the one that was signed. No client asks again after a 422. */
export function changedProblem(file: GatewayFile, code = "file-changed", message?: string): Problem {
  return new Problem(
    422,
    code,
    message ?? "The origin's file is not the one that was signed. It is not delivered.",
    { "X-Repo-Commit": file.commit },
  );
}

/** Remembers that the origin's file is not the one that was signed. */
export async function rememberFailure(
  gateway: Gateway,
  file: GatewayFile,
  version: string,
  problem: Problem,
): Promise<void> {
  const { code, message } = problem;
  await gateway.records.setFailure(file, { version, code, message, checkedAt: Date.now() });
  gateway.host.log({ event: "file-refused", model: file.slug, commit: file.commit, path: file.path, code });
}

/**
 * Throws the problem of a file that was wrong, without asking for its bytes again. From time to time it looks whether
 * the origin has another version by now.
 */
export async function requireNoFailure(gateway: Gateway, model: Model, file: GatewayFile): Promise<void> {
  const failure = await gateway.records.failure(file);
  if (failure === undefined) return;
  const problem = changedProblem(file, failure.code, failure.message);
  const { recheckSeconds } = gateway.configuration.limits;
  if (Date.now() - failure.checkedAt < recheckSeconds * 1000) throw problem;
  const version = await askForFile(gateway, model, file.path, { method: "HEAD" }).then(
    versionOf,
    () => failure.version,
  );
  if (version === failure.version) {
    await gateway.records.setFailure(file, { ...failure, checkedAt: Date.now() });
    throw problem;
  }
  await gateway.records.clearFailure(file);
}

/** An origin's length that is not the known one: the file cannot be the signed one. */
export function requireLength(file: GatewayFile, known: number | undefined, response: Response): void {
  const declared = declaredLength(response);
  if (known === undefined || declared === undefined || declared === known) return;
  throw changedProblem(
    file,
    "file-size-changed",
    `The origin's file has ${declared} bytes, and the signed one ${known}. It is not delivered.`,
  );
}
