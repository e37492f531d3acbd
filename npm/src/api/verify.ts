import type { Audit } from "../../wasm/instance.js";
import { readMaxBytes } from "../core/bound.js";
import { abortable } from "../core/bytes.js";
import { misuse, translate, VerifyError } from "../core/errors.js";
import { isThenable, ownJson } from "../core/own.js";
import { ProgressMeter } from "../core/progress.js";
import { open, readRequest } from "../core/request.js";
import { releaseGrown } from "../core/wasm.js";
import { readLimits } from "../hashing/index.js";
import type { Algorithm } from "../hashing/plan.js";
import type {
  ErrorCode,
  Manifest,
  ModelFiles,
  Stage,
  Verdict,
  VerifiedVerdict,
  VerifyRequest,
} from "../types/index.js";
import { ModelAudit } from "./model-audit.js";
import { type ListedModel, readFiles } from "./model-files.js";
import type { AuditCalls } from "./recorded-audit.js";
import type { ArtifactVerdict, VerifiedArtifactVerdict } from "./verify-artifact.js";

/** What {@link verify} takes beside what {@link openBundle} takes. */
const MEMBERS = [
  "files",
  "onProgress",
  "onFile",
  "ignorePaths",
  "ignoreUnsignedFiles",
  "allowSymlinks",
  "signaturePath",
  "concurrency",
  "memoryBudget",
  "entryLimit",
  "maxBytes",
] as const;

/** Entries of a model, unless the caller says otherwise: four times as many files as a bundle may list. */
const ENTRY_LIMIT = 1_000_000;

/**
 * Verifies a model against its signature bundle.
 *
 * It resolves to a verdict for everything that can be evaluated, a forged signature included: look at its
 * outcome, or call {@link assertVerified}. It throws for misuse, for input that cannot be read, and when
 * `signal` aborts.
 *
 * @example
 * import { readFile } from "node:fs/promises";
 * import { byKey, verify } from "modelseal";
 * import { fromDirectory } from "modelseal/files";
 * const verdict = await verify({
 *   bundle: readFile("model.sig"),
 *   files: fromDirectory("model"),
 *   policy: byKey(await readFile("key.pem", "utf8")),
 * });
 * console.log(verdict.outcome, verdict.reasons);
 */
export async function verify(request: VerifyRequest): Promise<Verdict> {
  const { verdict } = await run(request, "verify", (audit) => audit);
  return verdict;
}

/** What came of a run, and what another verdict on the same files takes. */
export interface Run<A extends AuditCalls> {
  readonly verdict: Verdict;
  /** `undefined` where the signature was not accepted, so that no file was looked at. */
  readonly audited: { readonly calls: A; readonly options: string; readonly diagnostics: string } | undefined;
}

/** Verifies as {@link verify} does, and tells what it finds to what `watch` makes of the audit. */
export async function run<A extends AuditCalls>(
  request: VerifyRequest,
  name: string,
  watch: (audit: Audit) => A,
): Promise<Run<A>> {
  const given = readRequest<VerifyRequest>(request, name, MEMBERS);
  const { onProgress, onFile, signal } = given;
  requireFunction(onProgress, "onProgress");
  requireFunction(onFile, "onFile");
  const listed = isThenable(given.files) ? undefined : readFiles(given.files);
  const options = readOptions(given);
  const limits = {
    ...readLimits(given),
    entries: readEntryLimit(given.entryLimit),
    maxBytes: readMaxBytes(given.maxBytes),
  };
  // What was given is read before the first wait, so that later changes do not count.
  const opening = open(given);
  let files: ListedModel;
  try {
    files = listed ?? readFiles(await abortable(given.files as PromiseLike<ModelFiles>, signal));
  } catch (error) {
    opening.then(({ opened }) => opened.free()).catch(() => {});
    throw error;
  }
  const { opened } = await opening;
  try {
    const rejected = opened.rejected();
    if (rejected !== undefined) return { verdict: JSON.parse(rejected), audited: undefined };
    const meter = new ProgressMeter(onProgress, {
      totalBytes: files.totalBytes,
      totalFiles: opened.fileCount(),
    });
    const complete = isWhole(files, () => JSON.parse(opened.manifest()));
    const json = ownJson({ ...options, ...seen(files), complete }, "request");
    const audit = translate(() => opened.audit(json));
    try {
      const plan = { algorithm: audit.algorithm() as Algorithm, shardSize: audit.shardSize() };
      const calls = watch(audit);
      const model = new ModelAudit(calls, plan, { files, limits, meter, onFile, signal });
      const diagnostics = ownJson(await model.run(), "diagnostics");
      audit.diagnose(diagnostics);
      const verdict = JSON.parse(translate(() => audit.finish()));
      meter.finish();
      return { verdict, audited: { calls, options: json, diagnostics } };
    } finally {
      audit.free();
    }
  } finally {
    opened.free();
    releaseGrown();
  }
}

/**
 * Throws a {@link VerifyError} unless the verdict's outcome is `verified`.
 *
 * @example
 * import { readFile } from "node:fs/promises";
 * import { assertVerified, byKey, verify } from "modelseal";
 * import { fromDirectory } from "modelseal/files";
 * const bundle = await readFile("model.sig");
 * const policy = byKey(await readFile("key.pem", "utf8"));
 * assertVerified(await verify({ bundle, policy, files: fromDirectory("model") }));
 */
export function assertVerified(verdict: Verdict): asserts verdict is VerifiedVerdict;
export function assertVerified(verdict: ArtifactVerdict): asserts verdict is VerifiedArtifactVerdict;
export function assertVerified(verdict: Verdict | ArtifactVerdict): void {
  if (verdict.outcome === "verified") return;
  const { signature } = verdict;
  if (signature.status !== "valid") {
    const { code, stage, message } = signature.error;
    throw new VerifyError(code, stage, message);
  }
  const [code = "file-not-checked"] = verdict.reasons;
  throw new VerifyError(code, STAGES[code] ?? "files", `it is not verified: ${verdict.reasons.join(", ")}`);
}

/** The stages of the reasons that a verdict over a valid signature may have; all others are of `files`. */
const STAGES: { readonly [code in ErrorCode]?: Stage } = {
  "artifact-denied": "signature",
  "attestation-missing": "statement",
  "identity-unexpected": "publisher",
  "model-name-unexpected": "manifest",
  "predicate-type-unexpected": "statement",
  "predicate-unchecked": "statement",
  "root-digest-denied": "manifest",
  "root-digest-unexpected": "manifest",
  "single-file-invalid": "manifest",
  "verification-not-passed": "statement",
};

/** Whether the files are the whole model. Only a caller that says so has listed all; but a file is all of itself. */
function isWhole({ complete, singleFile }: ListedModel, manifest: () => Manifest): boolean {
  return complete || (singleFile !== undefined && manifest().single);
}

/** What the audit must know of the files, where it is known. */
function seen({ symlinksObservable, linkTargets, singleFile }: ListedModel): object {
  return {
    symlinksObservable,
    ...(linkTargets !== undefined && { linkTargets }),
    ...(singleFile !== undefined && { singleFile }),
  };
}

type AuditRequest = Pick<
  VerifyRequest,
  "ignorePaths" | "ignoreUnsignedFiles" | "allowSymlinks" | "signaturePath"
>;

/** What the caller asks of the audit. */
function readOptions(request: AuditRequest): object {
  const { ignorePaths = [], ignoreUnsignedFiles = false, allowSymlinks = false, signaturePath } = request;
  if (!Array.isArray(ignorePaths)) throw misuse("ignorePaths", "must be an array of paths");
  const paths = Array.from(ignorePaths as readonly unknown[]);
  const wrong = paths.findIndex((path) => typeof path !== "string");
  if (wrong >= 0) throw misuse(`ignorePaths[${wrong}]`, "must be a string");
  requireBoolean(ignoreUnsignedFiles, "ignoreUnsignedFiles");
  requireBoolean(allowSymlinks, "allowSymlinks");
  if (signaturePath !== undefined && typeof signaturePath !== "string") {
    throw misuse("signaturePath", "must be a string");
  }
  return {
    ignorePaths: paths,
    ignoreUnsigned: ignoreUnsignedFiles,
    allowSymlinks,
    ...(signaturePath !== undefined && { signaturePath }),
  };
}

function readEntryLimit(limit = ENTRY_LIMIT): number {
  if (Number.isSafeInteger(limit) && limit > 0) return limit;
  throw misuse("entryLimit", "must be a whole number above 0");
}

function requireBoolean(value: unknown, at: string): void {
  if (typeof value !== "boolean") throw misuse(at, "must be true or false");
}

function requireFunction(value: unknown, at: string): void {
  if (value !== undefined && typeof value !== "function") throw misuse(at, "must be a function");
}
