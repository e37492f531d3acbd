/** The smallest module that needs SIMD: a function that returns the first lane of a vector. */
const SIMD = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98,
  11,
];

/** Whether this browser can run the checker, as far as can be told without it. */
export function canRun(): boolean {
  if (typeof WebAssembly !== "object" || typeof Worker !== "function") return false;
  return WebAssembly.validate(Uint8Array.from(SIMD));
}
