import type { Miniflare } from "miniflare";
import { afterAll, beforeAll } from "vitest";
import { conformance } from "./shared/conformance.js";
import type { CaseResult } from "./shared/harness.js";
import { scenarios } from "./shared/scenarios.js";
import { startWorker } from "./shared/workerd.js";

let worker: Miniflare;

beforeAll(async () => {
  worker = await startWorker("hosts/workerd.ts");
});

afterAll(() => worker?.dispose());

conformance("workerd", (input) => post<CaseResult>("/", input));
scenarios("workerd", (name, input) => post(`/?scenario=${encodeURIComponent(name)}`, input));

async function post<T>(path: string, input: unknown): Promise<T> {
  const response = await worker.dispatchFetch(`http://worker${path}`, {
    method: "POST",
    body: JSON.stringify(input),
  });
  if (response.status !== 200) throw new Error(await response.text());
  return (await response.json()) as T;
}
