/**
 * The default limit of a request's body: a bundle and a listing of some 6,000 files.
 *
 * The core takes bundles of up to 64 MiB, but an isolate at the edge has 128 MB for all that it does at
 * once. A request is held as bytes, as text, as parsed values, and its bundle again in the Wasm module,
 * whose memory never shrinks. Measured in workerd, the worst body of 2 MB (a bundle that is an array of
 * numbers) took 98 MB, an honest one of that size 64 MB; the worst of 8 MB took 330 MB.
 */
export const DEFAULT_MAX_BODY_BYTES = 2 * 1024 * 1024;
