import type { Audit, Opened } from "#wasm";
import type { ArtifactVerdict } from "./artifact.js";
import { abortable, closeIterator } from "./bytes.js";
import { misuse, translate, VerifyError } from "./errors.js";
import type { FileOutcome, Hashing } from "./hashing/hashing.js";
import { type Algorithm, joined, type Plan } from "./hashing/plan.js";
import { readLimits, startHashing } from "./hashing/start.js";
import { open, requireObject } from "./opened.js";
import { ProgressMeter } from "./progress.js";
import type {
  Diagnostics,
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
  readLimits(request);
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
      const plan = { algorithm: audit.algorithm() as Algorithm, shardSize: audit.shardSize() };
      const diagnostics = await new ModelAudit(audit, plan, request, meter).run();
      audit.diagnose(JSON.stringify(diagnostics));
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

/** Walks the model's files and hashes those that were signed. */
class ModelAudit {
  readonly #audit: Audit;
  readonly #plan: Plan;
  readonly #request: VerifyRequest;
  readonly #meter: ProgressMeter;
  #hashing: Hashing | undefined;

  constructor(audit: Audit, plan: Plan, request: VerifyRequest, meter: ProgressMeter) {
    this.#audit = audit;
    this.#plan = plan;
    this.#request = request;
    this.#meter = meter;
  }

  /** Gives what hashed, for the verdict. */
  async run(): Promise<Diagnostics> {
    try {
      await this.#walk();
      await this.#hashing?.finish();
      return { engines: [...(this.#hashing?.engines ?? [])].sort(), workers: this.#hashing?.workers ?? 0 };
    } finally {
      this.#hashing?.stop();
    }
  }

  async #walk(): Promise<void> {
    const { files, signal } = this.#request;
    const iterator: AsyncIterator<FileEntry | ListedFile> | Iterator<FileEntry | ListedFile> =
      Symbol.asyncIterator in files ? files[Symbol.asyncIterator]() : files[Symbol.iterator]();
    let ended = false;
    let answer: Disposition | undefined;
    try {
      for (;;) {
        // A generator learns the answer from its `yield`: it need not walk a folder that does not count.
        const step = await abortable(nextStep(iterator, answer), signal);
        if (step.done === true) break;
        answer = await this.#entry(step.value);
      }
      ended = true;
    } finally {
      if (!ended) closeIterator(iterator);
    }
  }

  async #entry(entry: FileEntry | ListedFile): Promise<Disposition> {
    requireEntry(entry);
    const { path, size } = entry;
    const listed = "digest" in entry;
    const kind = listed ? "file" : entry.kind;
    const answer = translate(() => this.#audit.announce(path, kind, size)) as Disposition;
    if (answer === "skip") this.#request.onFile?.({ path, status: "skipped" });
    if (answer !== "hash") return answer;
    if (listed) this.#tell(path, () => this.#audit.listing(path, entry.digest));
    else await this.#hash(entry);
    return answer;
  }

  async #hash(entry: FileEntry): Promise<void> {
    const { signal } = this.#request;
    if (typeof entry.open !== "function") throw misuse("a file of the model has neither open() nor digest");
    const open = entry.open.bind(entry);
    this.#hashing ??= await startHashing(this.#request, {
      signal,
      onBytes: (count) => this.#meter.addBytes(count),
      onFile: ({ path }, outcome) => this.#hashed(path, outcome),
    });
    await this.#hashing.add({ path: entry.path, plan: this.#plan, open });
  }

  /** Holds what came of a file against what was signed. */
  #hashed(path: string, outcome: FileOutcome): void {
    if ("digests" in outcome) {
      this.#tell(path, () => this.#audit.hashed(path, joined(outcome.digests), outcome.length));
      return;
    }
    const { error } = outcome;
    this.#meter.addFile();
    if (error instanceof VerifyError && error.code === "symlink-refused") {
      translate(() => this.#audit.refuseSymlink(path));
      this.#request.onFile?.({ path, status: "changed", error });
    } else {
      translate(() => this.#audit.unreadable(path));
      this.#request.onFile?.({ path, status: "unreadable", error });
    }
  }

  #tell(path: string, compare: () => string): void {
    const status = translate(compare) as FileResult["status"];
    this.#meter.addFile();
    this.#request.onFile?.({ path, status });
  }
}

function nextStep<T>(iterator: AsyncIterator<T> | Iterator<T>, answer: Disposition | undefined) {
  return (iterator as Iterator<T, unknown, Disposition | undefined>).next(answer);
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
