// Streamed delivery: bytes leave as they are hashed, and the last block only when the digest is right.
import { VerifyError } from "modelseal";
import { unverifiedHeaders } from "../answers/file-headers.js";
import { Problem } from "../answers/problem.js";
import type { Gateway } from "../gateway.js";
import type { GatewayFile, Model } from "../models/model.js";
import { originProblem, versionOf } from "../origin/request.js";
import type { FileRequest } from "./copy.js";
import { askForFile, changedProblem, rememberFailure, requireLength } from "./origin-file.js";

/** A large file of known length, by GET from its beginning. */
export async function stream(
  gateway: Gateway,
  model: Model,
  file: GatewayFile,
  size: number,
  request: FileRequest,
): Promise<Response> {
  let origin: Response;
  try {
    origin = await askForFile(gateway, model, file.path);
  } catch (error) {
    throw originProblem(error, model.entry.whenOriginDown);
  }
  const version = versionOf(origin);
  try {
    requireLength(file, size, origin);
  } catch (error) {
    await origin.body?.cancel();
    if (error instanceof Problem) await rememberFailure(gateway, file, version, error);
    throw error;
  }
  const headers = unverifiedHeaders(file, size, request.headers);
  // Before the first byte leaves: what comes after may never be written.
  const transfer = crypto.randomUUID();
  await gateway.records.addTaint(file.content, transfer);
  const { response, result } = model.signed.response(file.path, new Response(origin.body, { headers }));
  request.defer(
    result.then(async ({ status, error }) => {
      if (status === "ok") await gateway.records.endTaint(file.content, transfer);
      // This includes a file that is longer than the known size. A transfer that breaks off has another error.
      else if (error instanceof VerifyError)
        await rememberFailure(gateway, file, version, changedProblem(file));
    }),
  );
  response.headers.set("Content-Length", `${size}`);
  return response;
}
