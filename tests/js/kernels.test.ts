// The hash kernels as the Wasm has them, whose vectors no native test runs.
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { readJson, repository } from "./shared/repository.js";

type Wasm = typeof import("../../npm/wasm/modelseal.js");

interface Case {
  readonly length: number;
  readonly blake2b: string;
  readonly blake3: string;
  readonly sha256: string;
}

const { cases } = readJson<{ cases: Case[] }>(repository("crates/modelseal-hash/tests/digests.json"));
const ALGORITHMS = ["blake2b", "blake3", "sha256"] as const;
let wasm: Wasm;

beforeAll(async () => {
  wasm = (await import(repository("npm/wasm/modelseal.js"))) as Wasm;
  const module = readFileSync(repository("npm/wasm/modelseal_bg.wasm"));
  wasm.initSync({ module });
});

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const pattern = (length: number) => Uint8Array.from({ length }, (_, at) => at % 251);
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

function chunksOf(bytes: Uint8Array, size: number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  return chunks;
}

/** A code, as the package's errors carry it. */
function code(run: () => unknown): string | undefined {
  try {
    run();
  } catch (thrown) {
    return (JSON.parse(String(thrown)) as { code: string }).code;
  }
  return undefined;
}

describe.each(ALGORITHMS)("%s", (algorithm) => {
  function digest(chunks: readonly Uint8Array[]): string {
    const hasher = new wasm.Hasher(algorithm);
    for (const chunk of chunks) hasher.push(chunk);
    const digest = hex(hasher.finish());
    hasher.free();
    return digest;
  }

  test.each(cases)("$length bytes, in chunks of several sizes", (expected) => {
    const bytes = pattern(expected.length);
    for (const size of [63, 64, 129, 1024, 4096, 65_537, 1 << 20]) {
      // Chunks of a few bytes each would take long, and tell nothing that short inputs do not.
      if (bytes.length / size < 3000) {
        expect(digest(chunksOf(bytes, size)), `by ${size}`).toBe(expected[algorithm]);
      }
    }
  });
});

describe("four lanes of SHA-256", () => {
  /** Hashes four inputs, each in chunks of its own size. */
  function lanes(inputs: readonly Uint8Array[], sizes: readonly number[]): string[] {
    const hasher = new wasm.Sha256x4();
    const at = [0, 0, 0, 0];
    const next = (lane: number) => {
      const from = at[lane] ?? 0;
      at[lane] = from + (sizes[lane] ?? 0);
      return (inputs[lane] ?? new Uint8Array()).subarray(from, at[lane]);
    };
    while (inputs.some((input, lane) => (at[lane] ?? 0) < input.length)) {
      hasher.push(next(0), next(1), next(2), next(3));
    }
    const digests = inputs.map((_, lane) => hex(hasher.finish(lane)));
    hasher.free();
    return digests;
  }

  test.each(cases)("$length bytes in each", ({ length }) => {
    const inputs = [0, 1, 2, 3].map(() => randomBytes(length));
    expect(lanes(inputs, [65_536, 65_536, 65_536, 65_536])).toEqual(inputs.map(sha256));
  });

  test("lanes of all lengths, in chunks of all sizes", () => {
    const lengths = cases.map((expected) => expected.length).filter((length) => length < 20_000);
    for (const [number, length] of lengths.entries()) {
      const others = [7, 19, 31].map((step) => lengths[(number + step) % lengths.length] ?? 0);
      const inputs = [length, ...others].map((length) => randomBytes(length));
      const sizes = [64 + number, 1000, 4096 - number, 129];
      expect(lanes(inputs, sizes), `${length}, ${others}`).toEqual(inputs.map(sha256));
    }
  });

  test("a finished lane begins anew; one that is moved goes on elsewhere", () => {
    const [long, short] = [randomBytes(10_000), randomBytes(300)];
    const none = new Uint8Array();
    const hasher = new wasm.Sha256x4();
    hasher.push(long.subarray(0, 5000), short, none, long.subarray(0, 100));
    expect(hex(hasher.finish(1))).toBe(sha256(short));
    const moved = hasher.take(3);
    hasher.put(1, moved);
    hasher.push(long.subarray(5000), long.subarray(100), none, short);
    const digests = [0, 1, 2, 3].map((lane) => hex(hasher.finish(lane)));
    expect(digests).toEqual([long, long, none, short].map(sha256));
    hasher.push(none, none, long.subarray(0, 777), none);
    const alone = hasher.take(2);
    alone.push(long.subarray(777));
    expect(hex(alone.finish())).toBe(sha256(long));
    alone.free();
    hasher.free();
  });
});

describe("BLAKE3 of one file in pieces", () => {
  test.each(cases)("$length bytes", ({ length, blake3 }) => {
    const bytes = pattern(length);
    for (const piece of [1024, 16_384, 1 << 20]) {
      const pieces = chunksOf(bytes, piece).map((part, number) => wasm.blake3Subtree(number * piece, part));
      const merge = () => wasm.blake3Merge(length, piece, new Uint8Array(Buffer.concat(pieces)));
      if (length > piece) {
        expect(hex(merge()), `by ${piece}`).toBe(blake3);
      } else {
        expect(code(merge)).toBe("usage-invalid");
      }
    }
  });
});

test("misuse is an error with a code", () => {
  const hasher = new wasm.Hasher("sha256");
  hasher.finish();
  for (const run of [
    () => new wasm.Hasher("md5"),
    () => hasher.push(new Uint8Array(1)),
    () => hasher.finish(),
    () => new wasm.Sha256x4().put(0, hasher),
    () => new wasm.Sha256x4().put(0, new wasm.Hasher("blake3")),
    () => wasm.blake3Subtree(1, new Uint8Array(1)),
    () => wasm.blake3Merge(3000, 1024, new Uint8Array(95)),
  ]) {
    expect(code(run), String(run)).toBe("usage-invalid");
  }
});
