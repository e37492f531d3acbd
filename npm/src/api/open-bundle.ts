import { fromJson, translate } from "../core/errors.js";
import { open, readRequest } from "../core/request.js";
import { releaseGrown } from "../core/wasm.js";
import type { Manifest, OpenRequest, Policy, ReportOnlyPolicy } from "../types/index.js";
import { ReportedModel, SignedModel } from "./signed-model.js";

/**
 * Opens a bundle whose signature holds, to check single files with. Throws a {@link VerifyError} when the
 * signature does not hold.
 *
 * What it resolves to says nothing about a model as a whole: for that there is {@link verify}. By a policy that
 * only reports it resolves to a {@link ReportedModel}, which checks no files.
 *
 * @example
 * import { readFile } from "node:fs/promises";
 * import { byKey, openBundle } from "modelseal";
 * const policy = byKey(await readFile("key.pem", "utf8"));
 * const signed = await openBundle({ bundle: readFile("model.sig"), policy });
 * console.log(signed.signer.key, signed.files.length);
 */
export async function openBundle(request: OpenRequest & { readonly policy: Policy }): Promise<SignedModel>;
export async function openBundle(
  request: OpenRequest & { readonly policy: ReportOnlyPolicy },
): Promise<ReportedModel>;
export async function openBundle(request: OpenRequest): Promise<SignedModel | ReportedModel>;
export async function openBundle(request: OpenRequest): Promise<SignedModel | ReportedModel> {
  const { opened } = await open(readRequest<OpenRequest>(request, "openBundle"));
  let keep = false;
  try {
    const error = opened.error();
    if (error !== undefined) throw fromJson(error);
    const manifest: Manifest = JSON.parse(translate(() => opened.manifest()));
    if (opened.isReport()) return new ReportedModel(manifest);
    const signed = new SignedModel(opened, manifest);
    keep = true;
    return signed;
  } finally {
    if (!keep) opened.free();
    releaseGrown();
  }
}
