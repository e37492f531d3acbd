// The folder in which the native command keeps refreshed trust roots, too. It holds claims: each use verifies them.
import { mkdirSync } from "node:fs";
import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { TrustRootStore } from "../../tuf/node.js";
import { Failure, quoted, reason } from "../failure.js";

/** How long a second update waits for the first one, and how long one can take at most. */
const WAIT_MS = 10_000;
const LONGEST_MS = 360_000;

/** Bytes of a generation that are read at all. */
const MAX_BYTES = 64 * 1024 * 1024;

/** A folder of generations. */
export class FolderStore implements TrustRootStore {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** The folder that `MODELSEAL_STORE` names, or the one for data of the user; none where there is no home. */
  static find(): FolderStore | undefined {
    const own = set("MODELSEAL_STORE");
    if (own !== undefined) return new FolderStore(own);
    const data = dataFolder();
    return data === undefined ? undefined : new FolderStore(join(data, "modelseal", "roots"));
  }

  /** What is stored under a name; `undefined` where nothing is. */
  async get(name: string): Promise<string | undefined> {
    try {
      const path = this.#path(name);
      const { size } = await stat(path);
      if (size > MAX_BYTES) throw new Failure("store-unverified", `${quoted(path)} is too large`);
      return await readFile(path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  /** Writes a file beside the old one and renames it: a reader needs no lock. */
  async put(name: string, value: string): Promise<void> {
    const path = this.#path(name);
    try {
      if (value === "") return await rm(path, { force: true });
      const beside = `${path}.new`;
      const file = await open(beside, "w");
      try {
        await file.writeFile(value);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(beside, path);
    } catch (error) {
      throw this.#unwritable(error);
    }
  }

  /** Forgets what is stored under a name. */
  async forget(name: string): Promise<void> {
    await this.put(name, "");
    await this.put(`${name}.seen`, "");
  }

  /**
   * Runs something while no other `npx modelseal` updates. Node cannot take the lock that the native command takes:
   * beside that one, each generation is still whole, and the later one counts.
   */
  async locked<T>(run: () => Promise<T>): Promise<T> {
    const path = join(this.folder, "lock.npx");
    try {
      mkdirSync(this.folder, { recursive: true });
      await this.#take(path);
    } catch (error) {
      throw error instanceof Failure ? error : this.#unwritable(error);
    }
    try {
      return await run();
    } finally {
      await rm(path, { force: true });
    }
  }

  async #take(path: string): Promise<void> {
    const end = Date.now() + WAIT_MS;
    for (;;) {
      try {
        await (await open(path, "wx")).close();
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      // One that was killed leaves its lock.
      const since = await stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => undefined,
      );
      if (since !== undefined && Date.now() - since > LONGEST_MS) await rm(path, { force: true });
      else if (Date.now() > end) {
        throw new Failure("store-busy", "another update of the trust roots is under way");
      } else await sleep(50);
    }
  }

  #path(name: string): string {
    return join(this.folder, `${name}.json`);
  }

  #unwritable(error: unknown): Failure {
    return new Failure("store-unwritable", `cannot write the store ${quoted(this.folder)}: ${reason(error)}`);
  }
}

function dataFolder(): string | undefined {
  if (process.platform === "win32") return set("LOCALAPPDATA");
  const home = set("HOME") ?? homedir();
  if (home === "") return undefined;
  if (process.platform === "darwin") return join(home, "Library/Application Support");
  const data = set("XDG_DATA_HOME");
  // The XDG specification: a relative path is not used.
  return data !== undefined && isAbsolute(data) ? data : join(home, ".local/share");
}

function set(name: string): string | undefined {
  const value = process.env[name];
  return value === "" ? undefined : value;
}
