/**
 * The default limit of a request's body.
 *
 * The core takes bundles up to 64 MiB, but an isolate at the edge has 128 MB for everything, and
 * shares them between its requests. A request is held as bytes, as text, as parsed values, and its
 * bundle again inside the Wasm module: README.md has the measured peak for a body of this size.
 */
export const DEFAULT_MAX_BODY_BYTES = 8 * 1024 * 1024;
