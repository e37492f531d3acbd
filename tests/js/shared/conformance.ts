import { describe, expect, test } from "vitest";
import { allCases, compared } from "./cases.js";
import type { CaseInput, CaseResult } from "./harness.js";
import { NO_VECTORS } from "./repository.js";
import { schemaErrors } from "./schema.js";

/** One test for every case, named after it, on one host. */
export function conformance(host: string, run: (input: CaseInput) => Promise<CaseResult>): void {
  describe(host, () => {
    for (const { name, expected, read, skipped } of allCases()) {
      test.skipIf(skipped === true)(skipped ? `${name} (${NO_VECTORS})` : name, async () => {
        const result = await run(read());
        expect(compared(result, expected)).toEqual(expected);
        if ("verdict" in result) expect(schemaErrors(result.verdict)).toEqual([]);
      });
    }
  });
}
