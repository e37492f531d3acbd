// Unchanged clients, through the gateway: none keeps a bad file, and none loops. docs/clients.md has the results.
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { CLIENTS } from "./clients/clients.js";
import { type Cell, MOST_REQUESTS, runMatrix, toMarkdown } from "./clients/matrix.js";

const missing = CLIENTS.filter((client) => client.missing !== undefined);

describe("clients", () => {
  for (const { name, missing: why } of missing) test.skip(`${name}: ${why}`, () => {});

  test.skipIf(missing.length === CLIENTS.length)("all cells", { timeout: 900_000 }, async () => {
    const cells = await runMatrix();
    const told = ({ client, scenario, delivery, outcomes, requests }: Cell) =>
      `${client}, ${scenario}, ${delivery}: ${outcomes.join(", then ")}, ${requests} requests`;
    expect(cells.filter(({ outcomes }) => outcomes.includes("bad")).map(told)).toEqual([]);
    expect(cells.filter(({ requests }) => requests > MOST_REQUESTS).map(told)).toEqual([]);
    const good = cells.filter(({ scenario }) => scenario === "good");
    expect(good.filter(({ outcomes }) => outcomes[0] !== "good").map(told)).toEqual([]);
    // With a client missing the document has more.
    if (missing.length > 0) return;
    const document = await readFile(new URL("../../docs/clients.md", import.meta.url), "utf8");
    expect(toMarkdown(cells)).toBe(document);
  });
});
