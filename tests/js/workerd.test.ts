import type { Miniflare } from "miniflare";
import { afterAll, beforeAll } from "vitest";
import { conformance } from "./conformance.js";
import type { CaseResult } from "./harness.js";
import { startWorker } from "./workerd.js";

let worker: Miniflare;

beforeAll(async () => {
  worker = await startWorker("hosts/workerd.ts");
});

afterAll(() => worker?.dispose());

conformance("workerd", async (input) => {
  const response = await worker.dispatchFetch("http://worker/", { method: "POST", body: JSON.stringify(input) });
  if (response.status !== 200) throw new Error(await response.text());
  return (await response.json()) as CaseResult;
});
