import { instance } from "../core/wasm.js";
import type { Algorithm } from "./plan.js";
import { pushTo } from "./push.js";

/** Hashes one file, or one shard of a file, as its bytes arrive. */
export interface Digester {
  /** Takes the next bytes. They must not change before it has. */
  push(bytes: Uint8Array): void | Promise<void>;
  finish(): Uint8Array | Promise<Uint8Array>;
  /** Lets everything go; also after `finish`. */
  free(): void;
}

/** A host's own incremental digests: faster than Wasm, where it has them. */
export interface NativeDigests {
  /** What the verdict calls them. */
  readonly name: string;
  create(algorithm: Algorithm): Digester | undefined;
}

let native: NativeDigests | undefined;

/** For the entry of each runtime: the digests that the host has itself. */
export function provideDigests(digests: NativeDigests): void {
  native = digests;
}

/** Hashes by an algorithm in this thread: natively where the host can, otherwise in Wasm, which must be loaded. */
export function createDigester(algorithm: Algorithm): Digester {
  return native?.create(algorithm) ?? wasmDigester(algorithm);
}

function wasmDigester(algorithm: Algorithm): Digester {
  const { Hasher } = instance();
  const hasher = new Hasher(algorithm);
  return {
    push: (bytes) => pushTo(hasher, bytes),
    finish: () => hasher.finish(),
    free: () => hasher.free(),
  };
}

/** What {@link createDigester} hashes with. */
export function engineOf(algorithm: Algorithm): string {
  const digester = native?.create(algorithm);
  digester?.free();
  return digester === undefined ? "wasm" : (native?.name ?? "");
}
