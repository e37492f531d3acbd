import { VerifyError } from "../core/errors.js";
import { RefreshError } from "../tuf/node.js";
import type { Stage } from "../types/index.js";

/** Why there is no verdict: a stable code and one sentence. */
export class Failure extends Error {
  readonly code: string;
  readonly exit: number;

  constructor(code: string, message: string, exit: 1 | 2 = 2) {
    super(message);
    this.code = code;
    this.exit = exit;
  }
}

/** Wrong use of the command line, after which the help is named. */
export class UsageFailure extends Failure {
  constructor(sentence: string) {
    super("usage-invalid", sentence);
  }
}

/** In these stages nothing was said about the model; nor is it where there is no bundle at all. */
const CANNOT_TELL: ReadonlySet<Stage> = new Set<Stage>(["policy", "usage"]);
const cannotTell = ({ code, stage }: VerifyError) => CANNOT_TELL.has(stage) || code === "bundle-unreadable";

/** What was thrown, as a sentence for people. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof VerifyError) {
    return new Failure(error.code, error.message, cannotTell(error) ? 2 : 1);
  }
  if (error instanceof RefreshError) return refused(error);
  if (isSystemError(error)) return unreadable("model-unreadable", error.path ?? "", error);
  return new Failure("internal", error instanceof Error ? error.message : String(error));
}

/** Not to be able to ask is not a judgement on what a mirror serves. */
const NOT_ASKED: ReadonlySet<string> = new Set(["mirror-unreachable", "trust-root-unknown", "usage-invalid"]);

function refused({ code, message }: RefreshError): Failure {
  return new Failure(code, message, NOT_ASKED.has(code) ? 2 : 1);
}

/** The same, with the file that an error of the core is about. */
export function inFile(path: string, error: unknown): unknown {
  if (!(error instanceof VerifyError)) return error;
  return new VerifyError(error.code, error.stage, `${quoted(path)}: ${error.message}`, { cause: error });
}

/** A file that the caller named and that cannot be read. */
export function unreadable(code: string, path: string, error: unknown): Failure {
  return new Failure(code, `cannot read ${quoted(path)}: ${reason(error)}`);
}

export function quoted(path: string): string {
  return `\`${path}\``;
}

export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}

/** The system's own sentences. */
const REASONS = new Map([
  ["EACCES", "Permission denied"],
  ["EIO", "Input/output error"],
  ["EISDIR", "Is a directory"],
  ["ELOOP", "Too many levels of symbolic links"],
  ["EMFILE", "Too many open files"],
  ["ENAMETOOLONG", "File name too long"],
  ["ENOENT", "No such file or directory"],
  ["ENOTDIR", "Not a directory"],
  ["EPERM", "Operation not permitted"],
]);

/** Why something could not be read. */
export function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? "";
  return REASONS.get(code) ?? (error instanceof Error ? error.message : String(error));
}
