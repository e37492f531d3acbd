// Streams of bytes in memory through kernels: ours and the peers'. Runs in Node and in a browser's worker.
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { createBLAKE2b, createBLAKE3, createSHA256 } from "hash-wasm";
import { pushTo, pushToLanes } from "../../../npm/dist/hashing/push.js";
import * as glue from "../../../npm/wasm/modelseal.js";
import { rate } from "./measure.js";

const BLOCK = 1024 * 1024;
const block = Uint8Array.from({ length: BLOCK }, (_, index) => (index * 31) % 251);
// Their names hold the algorithm, so that a result cannot be filed under another.
const peers = { sha256: createSHA256, blake3: createBLAKE3, blake2b: createBLAKE2b };

export type Algorithm = keyof typeof peers;

export function load(module: WebAssembly.Module): void {
  glue.initSync({ module });
}

/** MB/s of our one-stream kernel. */
export function ours(algorithm: Algorithm, bytes: number): number {
  const began = performance.now();
  const hasher = new glue.Hasher(algorithm);
  for (let done = 0; done < bytes; done += BLOCK) pushTo(hasher, block);
  hasher.finish();
  hasher.free();
  return rate(bytes, performance.now() - began);
}

/** MB/s of four files side by side, all of them together. */
export function fourLanes(bytes: number): number {
  const began = performance.now();
  const lanes = new glue.Sha256x4();
  for (let done = 0; done < bytes; done += 4 * BLOCK) pushToLanes(lanes, [block, block, block, block]);
  for (let lane = 0; lane < 4; lane++) lanes.finish(lane);
  lanes.free();
  return rate(bytes, performance.now() - began);
}

/** MB/s of hash-wasm. */
export async function hashWasm(algorithm: Algorithm, bytes: number): Promise<number> {
  const hasher = await peers[algorithm]();
  hasher.init();
  const began = performance.now();
  for (let done = 0; done < bytes; done += BLOCK) hasher.update(block);
  hasher.digest();
  return rate(bytes, performance.now() - began);
}

/** MB/s of @noble/hashes, which is plain JavaScript. */
export function noble(bytes: number): number {
  const began = performance.now();
  const hasher = nobleSha256.create();
  for (let done = 0; done < bytes; done += BLOCK) hasher.update(block);
  hasher.digest();
  return rate(bytes, performance.now() - began);
}

/** MB/s of WebCrypto, which takes bytes only as a whole: here 1 MiB at a time. */
export async function webCrypto(bytes: number): Promise<number> {
  const began = performance.now();
  for (let done = 0; done < bytes; done += BLOCK) await crypto.subtle.digest("SHA-256", block);
  return rate(bytes, performance.now() - began);
}

/** All kernels hash the same bytes to the same digest; a fast wrong one is not a peer. */
export async function agree(): Promise<void> {
  for (const [algorithm, create] of Object.entries(peers)) {
    const peer = await create();
    peer.init();
    const own = new glue.Hasher(algorithm);
    for (const part of [block, block.subarray(1, 12_345)]) {
      peer.update(part);
      own.push(part);
    }
    const found = Array.from(own.finish(), (byte) => byte.toString(16).padStart(2, "0")).join("");
    if (found !== peer.digest("hex")) throw new Error(`${algorithm}: ours and hash-wasm do not agree`);
  }
}
