// Trust roots that are refreshed into the store: from the copy of a production mirror, at its time.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SigstorePolicy } from "modelseal";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Records } from "../src/store/records.js";
import { TrustRoots } from "../src/trust-roots.js";
import { testHost } from "./host.js";

const beside = fileURLToPath(new URL("../../../shared/vectors", import.meta.url));
const production = [process.env["MODELSEAL_VECTORS"], beside]
  .filter((folder) => folder !== undefined && folder !== "")
  .map((folder) => join(folder as string, "tuf/production"))
  .find((folder) => existsSync(folder));
const where = production === undefined ? " (set MODELSEAL_VECTORS, or put them into ../shared/vectors)" : "";

const POLICY: SigstorePolicy = {
  method: "sigstore",
  identities: [{ issuer: "https://a.example", identity: "b@c.example" }],
};

const logged: string[] = [];
const host = testHost({ log: ({ event }) => void logged.push(`${event}`) });

/** Where the copy has what a mirror has: without versions and digests in the names. */
function placeOf(path: string): string {
  if (path.startsWith("targets/")) return path.replace(/\/[0-9a-f]{64,128}\./, "/");
  if (/^\d+\.root\.json$/.test(path)) return `metadata/root_history/${path}`;
  return `metadata/${path.replace(/^\d+\./, "")}`;
}

describe.skipIf(production === undefined)(`a trust root${where}`, () => {
  let mirror: Server;
  let address: string;
  const time = new Date("2026-08-24T00:00:00Z");

  beforeAll(async () => {
    mirror = createServer(async (request, response) => {
      const path = (request.url ?? "").slice(1);
      const bytes = await readFile(join(production ?? "", placeOf(path))).catch(() => undefined);
      if (bytes === undefined) response.writeHead(404).end();
      else response.end(bytes);
    });
    await new Promise<void>((resolve) => mirror.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(mirror.address() as AddressInfo).port}/`;
  });

  afterAll(() => mirror?.close());

  test("is refreshed into the store, and used from there", async () => {
    const records = new Records(undefined);
    const roots = new TrustRoots([POLICY], true, records, host);
    expect(await roots.applyTo(POLICY)).toBe(POLICY);
    await roots.refresh({ time, mirror: address });
    expect(logged.splice(0)).toEqual(["trust-root"]);
    const applied = await new TrustRoots([POLICY], true, records, host).applyTo(POLICY);
    expect(applied.trustRoot).toMatchObject({ fetchedAt: `${time.toISOString().slice(0, 19)}Z` });
  });

  test("that was tampered with in the store is not used, and said", async () => {
    const records = new Records(undefined);
    await records.setTrustRoot("production", "{}");
    const roots = new TrustRoots([POLICY], true, records, host);
    expect(await roots.applyTo(POLICY)).toBe(POLICY);
    expect(logged.splice(0)).toEqual(["trust-root-unverified"]);
  });

  test("that cannot be fetched is said, and the last one used", async () => {
    const records = new Records(undefined);
    const roots = new TrustRoots([POLICY], true, records, host);
    await roots.refresh({ time, mirror: "http://127.0.0.1:9/" });
    expect(logged.splice(0)).toEqual(["trust-root-failed"]);
    expect(await roots.applyTo(POLICY)).toBe(POLICY);
  });

  test("is fetched only where the configuration says so, and a policy names one", async () => {
    await new TrustRoots([POLICY], false, new Records(undefined), host).refresh({ mirror: address });
    const given = { ...POLICY, trustRoot: { mediaType: "x" } };
    await new TrustRoots([given], true, new Records(undefined), host).refresh({ mirror: address });
    expect(logged).toEqual([]);
  });
});
