import { misuse, VerifyError } from "./errors.js";

/** How long a file's body may be, and what is thrown when it is longer. */
export interface Bound {
  readonly bytes: number;
  exceeded(): Error;
}

/** A file of unknown length may have so many bytes: more than any file of a model has had so far. */
const MAX_BYTES = 2 ** 40;

/** The errors of files that are longer than was signed. */
const beyondSigned = new WeakSet<object>();

/** The length that was signed: what is longer is another file. */
export function signedBound(bytes: number, path: string): Bound {
  const message = "a file is longer than the one that was signed";
  return {
    bytes,
    exceeded() {
      const error = new VerifyError("file-changed", "files", message, { path });
      beyondSigned.add(error);
      return error;
    },
  };
}

/** Whether an error says that a file is longer than was signed. */
export function isBeyondSigned(error: unknown): boolean {
  return typeof error === "object" && error !== null && beyondSigned.has(error);
}

/** A length that the file's source declared. */
export function declaredBound(bytes: number, path: string | undefined): Bound {
  return unreadable(bytes, `a file has more than the ${bytes} bytes that its source declared`, path);
}

/** Reads the parameter `maxBytes`. */
export function readMaxBytes(maxBytes: number | undefined): number {
  if (maxBytes === undefined) return MAX_BYTES;
  if (Number.isSafeInteger(maxBytes) && maxBytes >= 0) return maxBytes;
  throw misuse("maxBytes", "must be a whole number of bytes");
}

/** The caller's limit, or the default. */
export function limitBound(bytes: number, path: string | undefined): Bound {
  return unreadable(bytes, `a file has more bytes than the limit maxBytes, ${bytes}`, path);
}

function unreadable(bytes: number, message: string, path: string | undefined): Bound {
  return { bytes, exceeded: () => new VerifyError("file-unreadable", "files", message, { path }) };
}
