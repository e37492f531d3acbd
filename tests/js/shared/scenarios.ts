import { describe, expect, test } from "vitest";
import { signFiles, signShards } from "./sign.js";
import { fileBytes, SCENARIOS, type StreamInput } from "./streams.js";

const PATH = "weights/model.bin";
const LENGTH = 2_500_000;
/** Neither a block nor a part of one. */
const SHARD = 300_007;

/** One test for every scenario of checked streams, on one host. */
export function scenarios(host: string, run: (name: string, input: StreamInput) => Promise<unknown>): void {
  const input = streamInput();
  describe(`${host}: checked streams`, () => {
    for (const [name, { expected }] of Object.entries(SCENARIOS)) {
      test(name, async () => {
        expect(await run(name, input)).toEqual(expected);
      });
    }
  });
}

/** A signed file of more than two blocks. */
export function streamInput(): StreamInput {
  const bytes = fileBytes(LENGTH);
  const { bundle } = signShards(PATH, bytes, SHARD);
  return {
    ...signFiles(new Map([[PATH, bytes]])),
    path: PATH,
    length: LENGTH,
    sharded: { bundle, shardSize: SHARD },
  };
}
