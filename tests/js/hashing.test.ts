import { appendFileSync, mkdtempSync, openAsBlob, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
// The modules that these tests look into, not the files that Node's users get.
import "../../npm/dist/entry/node.js";
import { HASHING, runHashing } from "./shared/hashing.js";
import { threadWorker } from "./shared/thread-worker.js";

let folder: string;
const blobs = new Map<number, Blob>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "modelseal-hashing-"));
  for (const size of [1000, 20 * 1024 * 1024]) {
    const path = join(folder, `${size}`);
    writeFileSync(path, "");
    truncateSync(path, size);
    blobs.set(size, await openAsBlob(path));
    // It has changed since then; Node hands Blobs of files to no worker anyway.
    appendFileSync(path, "more");
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

describe("Node: hashing in workers", () => {
  for (const [name, { expected }] of Object.entries(HASHING)) {
    test(name, async () => {
      expect(await runHashing(name, threadWorker, (size) => blobs.get(size) as Blob)).toEqual(expected);
    });
  }
});
