import type { Source } from "../types/index.js";
import { misuse, type Place } from "./errors.js";
import { isThenable } from "./own.js";

/** What was given as bytes, as a view of them. */
export function asBytes(value: unknown, at: Place = "bytes"): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (!isBytes(value)) throw misuse(at, "yields a chunk that is not a Uint8Array");
  return ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value);
}

/** Whether something is bytes. From another realm, `instanceof` does not know them. */
export function isBytes(value: unknown): value is ArrayBuffer | ArrayBufferView {
  return ArrayBuffer.isView(value) || Object.prototype.toString.call(value) === "[object ArrayBuffer]";
}

/** Whether something is a Blob, or a File. */
export function isBlob(value: unknown): value is Blob {
  return /^\[object (Blob|File)\]$/.test(Object.prototype.toString.call(value));
}

/** Whether something is a Response. From another realm, `instanceof` does not know them. */
export function isResponse(value: unknown): value is Response {
  return Object.prototype.toString.call(value) === "[object Response]";
}

/** Whether bytes can be read of something. */
export function isSource(value: unknown): value is Source {
  if (typeof value !== "object" || value === null) return false;
  if (isBytes(value) || isBlob(value)) return true;
  return "getReader" in value || Symbol.asyncIterator in value || Symbol.iterator in value;
}

/** Refuses what no bytes can be read of, before anything else happens. */
export function requireSource(value: unknown, at: Place): asserts value is Source {
  if (isSource(value)) return;
  if (isThenable(value)) throw misuse(at, "is a promise: wait for it with await");
  throw misuse(
    at,
    "must be a Blob, a Uint8Array, an ArrayBuffer, a ReadableStream or an iterable of Uint8Array",
  );
}

/** A copy of bytes. A Buffer's own `slice` does not copy. */
export function copyOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
