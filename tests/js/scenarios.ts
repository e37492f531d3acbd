import { describe, expect, test } from "vitest";
import { signFiles } from "./sign.js";
import { fileBytes, SCENARIOS, type StreamInput } from "./streams.js";

const PATH = "weights/model.bin";
const LENGTH = 2_500_000;

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
  return { ...signFiles(new Map([[PATH, fileBytes(LENGTH)]])), path: PATH, length: LENGTH };
}
