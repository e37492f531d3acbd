import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, link, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import type { Part, Store, Upload } from "./store.js";

const PART_BYTES = 16 * 1024 * 1024;
const BLOCK_BYTES = 1024 * 1024;

/** A folder on this machine, for Node, Deno and Bun: what is there was written to its end, and is on the disk. */
export class FolderStore implements Store {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async read(key: string): Promise<string | undefined> {
    return ifThere(readFile(this.#record(key), "utf8"));
  }

  async write(key: string, value: string, { ifAbsent = false } = {}): Promise<boolean> {
    const temporary = await this.#temporary();
    await withFile(temporary, "wx", async (file) => {
      await file.writeFile(value);
      await file.sync();
    });
    const path = this.#record(key);
    await mkdir(dirname(path), { recursive: true });
    if (!ifAbsent) {
      await moveTo(path, temporary);
      return true;
    }
    try {
      // Unlike a rename, a link is not made over a file that is there.
      await link(temporary, path);
      await syncFolder(dirname(path));
      return true;
    } catch (error) {
      if (codeOf(error) === "EEXIST") return false;
      throw error;
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async delete(key: string): Promise<void> {
    await rm(this.#record(key), { force: true });
  }

  async list(prefix: string, limit: number): Promise<string[]> {
    const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1);
    const names = (await ifThere(readdir(this.#record(folder)))) ?? [];
    return names
      .map((name) => `${folder}${name}`)
      .filter((key) => key.startsWith(prefix))
      .sort()
      .slice(0, limit);
  }

  async objectSize(key: string): Promise<number | undefined> {
    return (await ifThere(stat(this.#object(key))))?.size;
  }

  async readObject(key: string, part?: Part): Promise<BodyInit | undefined> {
    const size = await this.objectSize(key);
    if (size === undefined) return undefined;
    const { offset, length } = part ?? { offset: 0, length: size };
    return length === 0 ? new Uint8Array() : readPart(this.#object(key), offset, length);
  }

  async putObject(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const temporary = await this.#temporary();
    await withFile(temporary, "wx", async (file) => {
      await file.writeFile(bytes);
      await file.sync();
    });
    await moveTo(this.#object(key), temporary);
  }

  async deleteObject(key: string): Promise<void> {
    await rm(this.#object(key), { force: true });
  }

  async beginUpload(_key: string): Promise<string> {
    const temporary = await this.#temporary();
    await withFile(temporary, "wx", async () => {});
    return temporary.slice(this.#folder("temporary").length + 1);
  }

  upload(key: string, name: string): Upload {
    const temporary = join(this.#folder("temporary"), name);
    return {
      partBytes: PART_BYTES,
      write: async (part, bytes) => {
        await withFile(temporary, "r+", async (file) => {
          await file.write(bytes, 0, bytes.byteLength, (part - 1) * PART_BYTES);
          await file.datasync();
        });
        return `${bytes.byteLength}`;
      },
      complete: async (parts) => {
        const size = parts.reduce((sum, length) => sum + Number(length), 0);
        await withFile(temporary, "r+", async (file) => {
          await file.truncate(size);
          await file.sync();
        });
        await moveTo(this.#object(key), temporary);
      },
      abort: () => rm(temporary, { force: true }),
    };
  }

  #folder(kind: "objects" | "records" | "temporary"): string {
    return join(this.#root, kind);
  }

  /** Keys are made by the gateway; what a client or a bundle names stands in them only as a digest. */
  #record(key: string): string {
    return join(this.#folder("records"), ...key.split("/"));
  }

  #object(key: string): string {
    const name = createHash("sha256").update(key).digest("hex");
    return join(this.#folder("objects"), name.slice(0, 2), name);
  }

  async #temporary(): Promise<string> {
    await mkdir(this.#folder("temporary"), { recursive: true });
    return join(this.#folder("temporary"), randomUUID());
  }
}

declare const Bun: { file(path: string): { slice(start: number, end: number): Blob } } | undefined;

/** Bun declares the length of a file's part, but not that of a stream. */
function readPart(path: string, offset: number, length: number): BodyInit {
  const end = offset + length;
  if (typeof Bun !== "undefined") return Bun.file(path).slice(offset, end);
  const stream = createReadStream(path, { start: offset, end: end - 1, highWaterMark: BLOCK_BYTES });
  return Readable.toWeb(stream) as ReadableStream<Uint8Array>;
}

async function withFile(
  path: string,
  flags: string,
  use: (file: FileHandle) => Promise<void>,
): Promise<void> {
  const file = await open(path, flags);
  try {
    await use(file);
  } finally {
    await file.close();
  }
}

async function moveTo(path: string, temporary: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

/** A name that was not written to the disk is gone after a power cut. */
async function syncFolder(path: string): Promise<void> {
  await withFile(path, "r", (folder) => folder.sync());
}

async function ifThere<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}
