import type { ErrorCode, Stage } from "../types/index.js";
import { escapeText } from "./escape.js";

const USAGE = "usage-invalid";

/** What a {@link VerifyError} is about, where that is one thing. */
interface About extends ErrorOptions {
  readonly at?: string | undefined;
  readonly path?: string | undefined;
}

/** A {@link VerifyError} as JSON: what `toJSON` returns, and {@link VerifyError.from} takes. */
export interface VerifyErrorJson {
  readonly name: "VerifyError";
  readonly code: ErrorCode;
  readonly stage: Stage;
  readonly message: string;
  readonly at?: string;
  readonly path?: string;
}

/**
 * Why a bundle, a policy or a model was not accepted. `code` is stable and for programs, `stage` says in
 * which step it arose, `message` is one sentence for people. It contains no string of the bundle.
 *
 * @example
 * import { VerifyError, openBundle } from "modelseal";
 * try {
 *   await openBundle({ bundle: "{}", policy: { method: "key", publicKey: "not a key" } });
 * } catch (error) {
 *   if (error instanceof VerifyError) console.log(error.code, error.stage); // key-invalid policy
 * }
 */
export class VerifyError extends Error {
  override readonly name = "VerifyError";
  readonly code: ErrorCode;
  readonly stage: Stage;
  /** Of the code `usage-invalid`: which part of the call, such as `policy.rootDigest` or `files[3].open`. */
  readonly at?: string;
  /** The path of the file, where the error is about one. */
  readonly path?: string;

  constructor(code: ErrorCode, stage: Stage, message: string, about: About = {}) {
    const { at, path, ...options } = about;
    super(message, options);
    this.code = code;
    this.stage = stage;
    if (at !== undefined) this.at = at;
    if (path !== undefined) this.path = path;
    labelStack(this, `VerifyError [${stage}/${code}]: ${message}`);
  }

  /** The error as data, for another thread or a log. {@link VerifyError.from} makes an error of it again. */
  toJSON(): VerifyErrorJson {
    const { name, code, stage, message, at, path } = this;
    return {
      name,
      code,
      stage,
      message,
      ...(at !== undefined && { at }),
      ...(path !== undefined && { path }),
    };
  }

  /**
   * The error that `value` is, or was; `undefined` for anything else. It takes an error of this package, of
   * another copy of it or of another realm, what {@link VerifyError.toJSON} returned, an error that is
   * caused by one, and a structured clone of one.
   *
   * A clone loses its class and its members; its code and stage are read from the first line of its stack,
   * which engines copy with it. `at` and `path` are lost. Where a clone has no stack, nothing tells what it
   * was: send `error.toJSON()` to another thread instead.
   *
   * @example
   * import { VerifyError } from "modelseal";
   * const error = new VerifyError("file-changed", "files", "a file is not the one that was signed");
   * const { port1, port2 } = new MessageChannel();
   * port2.onmessage = ({ data }) => {
   *   console.log(VerifyError.from(data)?.code); // file-changed
   *   port1.close();
   * };
   * port1.postMessage(error.toJSON());
   */
  static from(value: unknown): VerifyError | undefined {
    // An error may be its own cause.
    for (let depth = 0, error = value; depth < 8; depth += 1) {
      if (typeof error !== "object" || error === null) return undefined;
      const found = recognise(error);
      if (found !== undefined) return found;
      error = (error as { readonly cause?: unknown }).cause;
    }
    return undefined;
  }
}

/**
 * A mistake in a call: a {@link VerifyError} of the code `usage-invalid` that always names its place in the call.
 *
 * @example
 * import { UsageError, byKey } from "modelseal";
 * try {
 *   byKey("PEM", { rootDigest: process.env["PIN"] as string });
 * } catch (error) {
 *   if (error instanceof UsageError) console.log(error.at); // policy.rootDigest
 * }
 */
export class UsageError extends VerifyError {
  /** Which part of the call, such as `policy.rootDigest` or `files[3].open`. */
  declare readonly at: string;

  constructor(message: string, about: About & { readonly at: string }) {
    super(USAGE, "usage", message, about);
  }
}

/** The WebAssembly module could not be loaded: a wrong address, or a page policy that forbids it. */
export class WasmError extends Error {
  override readonly name = "WasmError";
}

/** The worker that {@link init} was given did not start: a wrong address, or a page policy that forbids it. */
export class WorkerError extends Error {
  override readonly name = "WorkerError";
}

/** Calls into the Wasm, whose errors are JSON strings. */
export function translate<T>(call: () => T, about: About = {}): T {
  try {
    return call();
  } catch (error) {
    throw typeof error === "string" ? fromJson(error, about) : error;
  }
}

/** An error of the Rust core, from its JSON. */
export function fromJson(json: string, about: About = {}): VerifyError {
  const { code, stage, message } = JSON.parse(json) as { code: ErrorCode; stage: Stage; message: string };
  const { at, path } = about;
  const where = [...(at === undefined ? [] : [at]), ...(path === undefined ? [] : [quoted(path)])];
  return new VerifyError(code, stage, where.length === 0 ? message : `${where.join(" ")}: ${message}`, about);
}

/** A place in a call, such as `policy.rootDigest`, and the path of the file that it is about. */
export type Place = string | { readonly at: string; readonly path: string };

/** The caller's mistake, which no verdict can come of: the place in the call, and what is wrong there. */
export function misuse(place: Place, what: string): UsageError {
  if (typeof place === "string") return new UsageError(`${place} ${what}`, { at: place });
  const { at, path } = place;
  return new UsageError(`${at} of ${quoted(path)} ${what}`, { at, path });
}

/** Whether an error says that the caller made a mistake, rather than something about a file. */
export function isMisuse(error: unknown): boolean {
  return error instanceof VerifyError && error.code === USAGE;
}

/** A path for a message: nothing in it can steer a terminal, and it is not longer than a line or two. */
export function quoted(path: string): string {
  const most = 200;
  return `"${escapeText(path.slice(0, most))}${path.length > most ? "…" : ""}"`;
}

const LABEL = /^VerifyError \[([a-z]+)\/([a-z0-9-]+)\]: /;

/**
 * Begins the stack with the code and the stage. The structured clone of an error, which is what another thread
 * gets, keeps its stack, but neither its class nor its members.
 */
function labelStack(error: Error, label: string): void {
  const { stack } = error;
  if (typeof stack !== "string") return;
  // Some engines begin it with the name and the message, others with the first frame.
  const named = stack.startsWith("Error") || stack.startsWith("VerifyError");
  const frames = named ? stack.slice(stack.indexOf(error.message) + error.message.length) : `\n${stack}`;
  error.stack = label + frames;
}

function recognise(value: object): VerifyError | undefined {
  if (value instanceof VerifyError) return value;
  const { name, code, stage, message, at, path, stack } = value as Partial<VerifyErrorJson & Error>;
  if (typeof message !== "string") return undefined;
  const about = { cause: value, at: textOf(at), path: textOf(path) };
  if (name === "VerifyError" && typeof code === "string" && typeof stage === "string") {
    return restored(code, stage, message, about);
  }
  const [, labelStage, labelCode] = (typeof stack === "string" && LABEL.exec(stack)) || [];
  if (labelStage === undefined || labelCode === undefined) return undefined;
  return new VerifyError(labelCode as ErrorCode, labelStage as Stage, message, { cause: value });
}

/** The error of the class that it had: one that names its place is a {@link UsageError}. */
function restored(code: ErrorCode, stage: Stage, message: string, about: About): VerifyError {
  const { at } = about;
  if (code === USAGE && at !== undefined) return new UsageError(message, { ...about, at });
  return new VerifyError(code, stage, message, about);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
