import { VerifyError } from "../core/errors.js";
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

/** In these stages nothing was said about the model; nor is it where there is no bundle at all. */
const CANNOT_TELL: ReadonlySet<Stage> = new Set<Stage>(["policy", "usage"]);
const cannotTell = ({ code, stage }: VerifyError) => CANNOT_TELL.has(stage) || code === "bundle-unreadable";

/** What was thrown, as a sentence for people. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof VerifyError) {
    return new Failure(error.code, error.message, cannotTell(error) ? 2 : 1);
  }
  if (isSystemError(error))
    return new Failure("model-unreadable", `cannot read ${quoted(error.path)}: ${reason(error)}`);
  return new Failure("internal", error instanceof Error ? error.message : String(error));
}

/** A file that the caller named and that cannot be read. */
export function unreadable(code: string, path: string, error: unknown): Failure {
  return new Failure(code, `cannot read ${quoted(path)}: ${reason(error)}`);
}

export function quoted(path: string | undefined): string {
  return `\`${path ?? ""}\``;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}

const REASONS = new Map([
  ["EACCES", "permission denied"],
  ["EISDIR", "it is a directory"],
  ["ELOOP", "too many symlinks"],
  ["ENOENT", "no such file or directory"],
  ["ENOTDIR", "a part of the path is not a directory"],
  ["EPERM", "operation not permitted"],
]);

function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  return REASONS.get(code) ?? (error instanceof Error ? error.message : String(error));
}
