import type { Audit, Opened } from "#wasm";
import type { ArtifactVerdict } from "./artifact.js";
import { abortable, chunks, closeIterator } from "./bytes.js";
import { misuse, translate, VerifyError } from "./errors.js";
import { open, requireObject } from "./opened.js";
import { ProgressMeter } from "./progress.js";
import type {
  Disposition,
  FileEntry,
  FileResult,
  ListedFile,
  Manifest,
  ModelFiles,
  Stage,
  Verdict,
  VerifyRequest,
} from "./types.js";

/**
 * Verifies a model against its signature bundle.
 *
 * It resolves to a verdict for everything that can be judged, a forged signature included: look at its
 * outcome, or call {@link assertVerified}. It throws for misuse, for input that cannot be read, and when
 * `signal` aborts.
 *
 * @example
 * import { readFile } from "node:fs/promises";
 * import { verify } from "modelseal";
 * import { fromDirectory } from "modelseal/files";
 * const verdict = await verify({
 *   bundle: await readFile("model.sig"),
 *   files: await fromDirectory("model"),
 *   policy: { method: "key", publicKey: await readFile("key.pem", "utf8") },
 * });
 * console.log(verdict.outcome, verdict.reasons);
 */
export async function verify(request: VerifyRequest): Promise<Verdict> {
  requireObject(request, "verify");
  requireFiles(request.files);
  const opened = await open(request);
  try {
    const rejected = opened.rejected();
    if (rejected !== undefined) return JSON.parse(rejected);
    const meter = new ProgressMeter(request.onProgress, {
      totalBytes: request.files.totalBytes,
      totalFiles: opened.fileCount(),
    });
    const options = auditOptions(request, isWhole(request.files, opened));
    const audit = translate(() => opened.audit(options));
    try {
      await auditModel(audit, request, meter);
      const verdict = translate(() => audit.finish());
      meter.finish();
      return JSON.parse(verdict);
    } finally {
      audit.free();
    }
  } finally {
    opened.free();
  }
}

/**
 * Throws a {@link VerifyError} unless the verdict's outcome is `verified`.
 *
 * @example
 * import { readFile } from "node:fs/promises";
 * import { assertVerified, verify } from "modelseal";
 * import { fromDirectory } from "modelseal/files";
 * const bundle = await readFile("model.sig");
 * const policy = { method: "key", publicKey: await readFile("key.pem", "utf8") };
 * assertVerified(await verify({ bundle, policy, files: await fromDirectory("model") }));
 */
export function assertVerified(verdict: Verdict | ArtifactVerdict): void {
  if (verdict.outcome === "verified") return;
  const { signature, publisher } = verdict;
  if (signature.status === "invalid") {
    const { code, stage, message } = signature.error;
    throw new VerifyError(code, stage, message);
  }
  const [code = "file-not-checked"] = verdict.reasons;
  if (publisher.status === "unexpected") {
    throw new VerifyError(code, "publisher", "the signer is not one of those whom the policy expects");
  }
  // Every other reason of a valid signature is one of the files.
  const stage: Stage = code === "single-file-invalid" ? "manifest" : "files";
  throw new VerifyError(code, stage, `it is not verified: ${verdict.reasons.join(", ")}`);
}

function requireFiles(files: unknown): asserts files is ModelFiles {
  const iterable =
    typeof files === "object" &&
    files !== null &&
    (Symbol.asyncIterator in files || Symbol.iterator in files);
  if (!iterable)
    throw new TypeError("files must be an iterable of the model's files; modelseal/files makes one");
}

/** Whether the files are the whole model. Only who says so has seen everything; but a file is all of itself. */
function isWhole(files: ModelFiles, opened: Opened): boolean {
  if (files.complete === true) return true;
  return files.singleFile !== undefined && (JSON.parse(opened.manifest()) as Manifest).single;
}

function auditOptions(request: VerifyRequest, complete: boolean): string {
  const { files, ignorePaths, ignoreUnsignedFiles, allowSymlinks, signaturePath } = request;
  return JSON.stringify({
    ignorePaths: ignorePaths ?? [],
    ignoreUnsigned: ignoreUnsignedFiles ?? false,
    allowSymlinks: allowSymlinks ?? false,
    complete,
    symlinksObservable: files.symlinksObservable ?? true,
    signaturePath,
    singleFile: files.singleFile,
  });
}

async function auditModel(audit: Audit, request: VerifyRequest, meter: ProgressMeter): Promise<void> {
  const { files, signal } = request;
  const iterator: AsyncIterator<FileEntry | ListedFile> | Iterator<FileEntry | ListedFile> =
    Symbol.asyncIterator in files ? files[Symbol.asyncIterator]() : files[Symbol.iterator]();
  let ended = false;
  let answer: Disposition | undefined;
  try {
    for (;;) {
      // A generator learns the answer from its `yield`: it need not walk a folder that does not count.
      const step = await abortable(nextStep(iterator, answer), signal);
      if (step.done === true) break;
      answer = await auditEntry(audit, step.value, request, meter);
    }
    ended = true;
  } finally {
    if (!ended) closeIterator(iterator);
  }
}

function nextStep<T>(iterator: AsyncIterator<T> | Iterator<T>, answer: Disposition | undefined) {
  return (iterator as Iterator<T, unknown, Disposition | undefined>).next(answer);
}

async function auditEntry(
  audit: Audit,
  entry: FileEntry | ListedFile,
  request: VerifyRequest,
  meter: ProgressMeter,
): Promise<Disposition> {
  requireEntry(entry);
  const { path, size } = entry;
  const listed = "digest" in entry;
  const answer = translate(() => audit.announce(path, listed ? "file" : entry.kind, size)) as Disposition;
  if (answer === "hash") {
    const result = listed
      ? { path, status: translate(() => audit.listing(path, entry.digest)) as FileResult["status"] }
      : await auditFile(audit, entry, request.signal, meter);
    meter.addFile();
    request.onFile?.(result);
  } else if (answer === "skip") {
    request.onFile?.({ path, status: "skipped" });
  }
  return answer;
}

async function auditFile(
  audit: Audit,
  entry: FileEntry,
  signal: AbortSignal | undefined,
  meter: ProgressMeter,
): Promise<FileResult> {
  const { path } = entry;
  const check = translate(() => audit.check(path));
  try {
    if (typeof entry.open !== "function") throw misuse("a file of the model has neither open() nor digest");
    for await (const chunk of chunks(await abortable(entry.open(), signal), signal)) {
      check.push(chunk);
      meter.addBytes(chunk.byteLength);
    }
    return { path, status: translate(() => audit.record(check)) as FileResult["status"] };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof VerifyError && error.code === "symlink-refused") {
      translate(() => audit.refuseSymlink(path));
      return { path, status: "changed", error };
    }
    if (error instanceof VerifyError || error instanceof WebAssembly.RuntimeError) throw error;
    translate(() => audit.unreadable(path));
    return { path, status: "unreadable", error };
  } finally {
    check.free();
  }
}

const KINDS: ReadonlySet<unknown> = new Set(["file", "directory", "symlink", "special"]);

function requireEntry(entry: FileEntry | ListedFile): void {
  if (typeof entry !== "object" || entry === null) throw new TypeError("an entry of files must be an object");
  if (typeof entry.path !== "string") throw new TypeError("the path of an entry must be a string");
  const { size } = entry;
  if (size !== undefined && !(Number.isSafeInteger(size) && size >= 0)) {
    throw new TypeError("the size of an entry must be a whole number");
  }
  if ("digest" in entry) {
    if (typeof entry.digest !== "string") throw new TypeError("the digest of an entry must be a string");
  } else if (!KINDS.has(entry.kind)) {
    throw new TypeError('the kind of an entry must be "file", "directory", "symlink" or "special"');
  }
}
