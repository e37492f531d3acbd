// Small files: verified in memory, before the answer begins.
import { VerifyError } from "modelseal";
import { Problem } from "../answers/problem.js";
import type { Gateway } from "../gateway.js";
import { sha256Hex } from "../models/digest.js";
import type { GatewayFile, Model } from "../models/model.js";
import { OriginError, originProblem, versionOf } from "../origin/request.js";
import type { CopyRecord } from "../store/records.js";
import { objectKey } from "./copy.js";
import { askForFile, changedProblem, rememberFailure, requireLength } from "./origin-file.js";

/** A small file that is verified. */
export interface SmallFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly copy: CopyRecord;
}

const fetching = new WeakMap<Gateway, Map<string, Promise<SmallFile>>>();

/** Fetches a file and verifies it; once for all who ask at the same time. Throws a {@link Problem}. */
export function fetchSmall(gateway: Gateway, model: Model, file: GatewayFile): Promise<SmallFile> {
  const running = fetching.get(gateway) ?? new Map<string, Promise<SmallFile>>();
  fetching.set(gateway, running);
  const key = `${file.slug} ${file.commit} ${file.path}`;
  const known = running.get(key);
  if (known !== undefined) return known;
  const fetched = fetchOnce(gateway, model, file).finally(() => running.delete(key));
  running.set(key, fetched);
  return fetched;
}

async function fetchOnce(gateway: Gateway, model: Model, file: GatewayFile): Promise<SmallFile> {
  const { smallFileBytes } = gateway.configuration.limits;
  let version = "";
  try {
    const response = await askForFile(gateway, model, file.path);
    version = versionOf(response);
    try {
      requireLength(file, file.size ?? (await gateway.records.size(file)), response);
    } catch (error) {
      await response.body?.cancel();
      throw error;
    }
    const limits = { maxBytes: smallFileBytes, spoolLimit: smallFileBytes };
    const bytes = await model.signed.bytes(file.path, response, limits);
    const copy = { size: bytes.byteLength, sha256: file.sha256 ?? (await sha256Hex(bytes)) };
    await keep(gateway, file, bytes, copy);
    return { bytes, copy };
  } catch (error) {
    if (error instanceof VerifyError && error.code === "file-changed") {
      const problem = changedProblem(file);
      await rememberFailure(gateway, file, version, problem);
      throw problem;
    }
    if (error instanceof Problem && error.status === 422)
      await rememberFailure(gateway, file, version, error);
    if (error instanceof Problem || error instanceof OriginError) {
      throw originProblem(error, model.entry.whenOriginDown);
    }
    throw new Problem(model.entry.whenOriginDown, "origin-down", "The origin's answer broke off.");
  }
}

async function keep(
  gateway: Gateway,
  file: GatewayFile,
  bytes: Uint8Array<ArrayBuffer>,
  copy: CopyRecord,
): Promise<void> {
  const { store } = gateway.host;
  if (store === undefined) return;
  await store.putObject(objectKey(file), bytes);
  await gateway.records.setCopy(file.content, copy);
}
