import type { Sha256x4 } from "../../wasm/instance.js";

/** Wasm takes bytes in steps of this size: what was copied there is still in the cache when it is hashed. */
const STEP = 64 * 1024;

/** Hashes bytes of any length. */
export function pushTo(hasher: { push(bytes: Uint8Array): void }, bytes: Uint8Array): void {
  for (let start = 0; start < bytes.byteLength; start += STEP) {
    hasher.push(bytes.subarray(start, start + STEP));
  }
}

/** Hashes four streams side by side; none of a stream that rests. */
export function pushToLanes(
  lanes: Sha256x4,
  [a, b, c, d]: readonly [Uint8Array, Uint8Array, Uint8Array, Uint8Array],
): void {
  const longest = Math.max(a.byteLength, b.byteLength, c.byteLength, d.byteLength);
  for (let start = 0; start < longest; start += STEP) {
    const end = start + STEP;
    lanes.push(
      a.subarray(start, end),
      b.subarray(start, end),
      c.subarray(start, end),
      d.subarray(start, end),
    );
  }
}
