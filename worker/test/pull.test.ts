// A pull that is killed at any point goes on to the same end, and is never seen half done.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readConfiguration } from "../src/configuration/configuration.js";
import { objectKey } from "../src/files/copy.js";
import { type PullMemory, type PullState, pullStep } from "../src/files/pull.js";
import { Gateway } from "../src/gateway.js";
import { FolderStore } from "../src/store/folder.js";
import type { Store } from "../src/store/store.js";
import { testHost } from "./host.js";
import { type Files, POLICY, sha256, signModel, someBytes } from "./model.js";
import { Origin } from "./origin.js";

const COMMIT = "c".repeat(40);
const PATH = "model.bin";
/** Three parts of the store's 16 MiB. */
const BYTES = someBytes(33 * 1024 * 1024, 3);
const FILES: Files = new Map([[PATH, BYTES]]);

let origin: Origin;
let folder: string;

beforeAll(async () => {
  origin = await Origin.start();
  origin.add("acme/whole", { files: FILES, bundle: signModel(FILES), commit: COMMIT });
  origin.add("acme/sharded", {
    files: FILES,
    bundle: signModel(FILES, { shardSize: 5_000_000 }),
    commit: COMMIT,
  });
  folder = await mkdtemp(join(tmpdir(), "modelseal-pull-"));
});

afterAll(async () => {
  origin?.stop();
  await rm(folder, { recursive: true, force: true });
});

class Killed extends Error {}

/** Counts what is written, and dies at one of these: before it is done, or right after. */
class Reaper {
  #left: number;
  readonly #after: boolean;

  constructor(at: number, after: boolean) {
    this.#left = at;
    this.#after = after;
  }

  async do<T>(work: () => Promise<T>): Promise<T> {
    this.#left -= 1;
    if (this.#left !== 0) return work();
    if (this.#after) await work();
    throw new Killed("killed");
  }
}

function mortal(store: Store, reaper: Reaper): Store {
  return {
    read: (key) => store.read(key),
    write: (key, value, options) => reaper.do(() => store.write(key, value, options)),
    delete: (key) => reaper.do(() => store.delete(key)),
    list: (prefix, limit) => store.list(prefix, limit),
    objectSize: (key) => store.objectSize(key),
    readObject: (key, part) => store.readObject(key, part),
    putObject: (key, bytes) => reaper.do(() => store.putObject(key, bytes)),
    deleteObject: (key) => reaper.do(() => store.deleteObject(key)),
    beginUpload: (key) => reaper.do(() => store.beginUpload(key)),
    upload(key, name) {
      const upload = store.upload(key, name);
      return {
        partBytes: upload.partBytes,
        write: (part, bytes) => reaper.do(() => upload.write(part, bytes)),
        complete: (parts) => reaper.do(() => upload.complete(parts)),
        abort: () => reaper.do(() => upload.abort()),
      };
    },
  };
}

function gatewayWith(store: Store): Gateway {
  const surroundings = { allowLoopback: true, hasStore: true, keepsLengths: true, secret: () => undefined };
  const models = Object.fromEntries(
    ["whole", "sharded"].map((name) => [
      name,
      { origin: "hub", repository: `acme/${name}`, policy: "acme", anyName: true },
    ]),
  );
  const configuration = readConfiguration(
    {
      publicOrigin: "https://a.example",
      policies: { acme: POLICY },
      origins: { hub: { kind: "hub", url: origin.url } },
      models,
    },
    surroundings,
  );
  return new Gateway(configuration, testHost({ store }));
}

/** What survives: the store on the disk, and the state of the pull. */
interface Survivors {
  readonly store: Store;
  state: PullState | undefined;
  readonly key: Uint8Array;
}

/** Runs until it is done or dies. */
async function run(name: string, survivors: Survivors, reaper: Reaper): Promise<"done" | "killed"> {
  const gateway = gatewayWith(mortal(survivors.store, reaper));
  const memory: PullMemory = {
    key: survivors.key,
    read: async () => survivors.state,
    write: (state) =>
      reaper.do(async () => {
        survivors.state = state;
      }),
  };
  try {
    const entry = gateway.configuration.models.get(name);
    if (entry === undefined) throw new Error("no such model");
    const model = await gateway.models.model(entry, COMMIT);
    const file = await model.file(PATH);
    if (file === undefined) throw new Error("no such file");
    while ((await pullStep(gateway, model, file, memory)) === "more");
    const copy = await gateway.records.copy(file.content);
    expect(copy).toEqual({ size: BYTES.length, sha256: sha256(BYTES) });
    const stored = await survivors.store.readObject(objectKey(file));
    expect(Buffer.from(await new Response(stored).arrayBuffer()).equals(BYTES)).toBe(true);
    return "done";
  } catch (error) {
    if (error instanceof Killed) return "killed";
    throw error;
  }
}

describe.each(["whole", "sharded"])("a file signed %s", (name) => {
  test.each([["before"], ["after"]])(
    "is there in the end, killed %s any write",
    { timeout: 120_000 },
    async (when) => {
      let [at, outcome] = [1, "killed"];
      for (; outcome === "killed"; at++) {
        const store = new FolderStore(await mkdtemp(join(folder, "store-")));
        const survivors: Survivors = {
          store,
          state: undefined,
          key: crypto.getRandomValues(new Uint8Array(32)),
        };
        outcome = await run(name, survivors, new Reaper(at, when === "after"));
        if (outcome === "killed") expect(await run(name, survivors, new Reaper(0, false))).toBe("done");
      }
      // A commit, an upload, three parts with their states, the completion, the copy.
      expect(at).toBeGreaterThan(9);
    },
  );

  test("is refused with a state that was made up", async () => {
    const store = new FolderStore(await mkdtemp(join(folder, "store-")));
    const key = crypto.getRandomValues(new Uint8Array(32));
    const survivors: Survivors = { store, state: undefined, key };
    // Killed when its second part is stored.
    expect(await run(name, survivors, new Reaper(7, true))).toBe("killed");
    expect(survivors.state?.bytes).toBeGreaterThan(0);
    const another = { ...survivors, key: crypto.getRandomValues(new Uint8Array(32)) };
    await expect(run(name, another, new Reaper(0, false))).rejects.toThrow();
  });
});
