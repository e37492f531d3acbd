import { createHash, randomBytes } from "node:crypto";
import { mkdir, open, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createBLAKE3 } from "hash-wasm";
import { type Signed, signDigests } from "../../js/shared/sign.js";

const MIB = 1024 * 1024;
const FOLDER = "target/bench/data";

/** A model made for the bench, and its signature. */
export interface Model extends Signed {
  readonly folder: string;
  readonly files: readonly string[];
  readonly bytes: number;
}

/** Large files of random bytes, made once. */
export async function largeFiles(
  count: number,
  size: number,
  algorithm: "sha256" | "blake3" = "sha256",
): Promise<Model> {
  const folder = join(FOLDER, `${algorithm}-${count}-${size / MIB}`);
  await mkdir(folder, { recursive: true });
  const names = Array.from({ length: count }, (_, index) => `model-${index}.safetensors`);
  const digests: { name: string; digest: string }[] = [];
  for (const name of names)
    digests.push({ name, digest: await largeFile(join(folder, name), size, algorithm) });
  return { folder, files: names, bytes: count * size, ...signDigests(digests, { algorithm }) };
}

async function largeFile(path: string, size: number, algorithm: "sha256" | "blake3"): Promise<string> {
  const there = await stat(path).then(
    ({ size }) => size,
    () => -1,
  );
  const write = there === size ? undefined : await open(path, "w");
  const read = write === undefined ? await open(path) : undefined;
  const hash = algorithm === "blake3" ? (await createBLAKE3()).init() : createHash("sha256");
  const block = Buffer.alloc(MIB);
  for (let done = 0; done < size; done += MIB) {
    if (write !== undefined) {
      randomBytes(MIB).copy(block);
      await write.write(block);
    } else await read?.read(block, 0, MIB, null);
    hash.update(block);
  }
  await (write ?? read)?.close();
  return String(hash.digest("hex"));
}

/** A folder of many small files. */
export async function smallFiles(count: number, size: number): Promise<Model> {
  const folder = join(FOLDER, `small-${count}-${size}`);
  const digests: { name: string; digest: string }[] = [];
  for (let index = 0; index < count; index++) {
    const name = `part-${index % 20}/file-${index}.json`;
    const bytes = randomBytes(size);
    await mkdir(join(folder, `part-${index % 20}`), { recursive: true });
    await writeFile(join(folder, name), bytes);
    digests.push({ name, digest: createHash("sha256").update(bytes).digest("hex") });
  }
  const files = digests.map(({ name }) => name);
  return { folder, files, bytes: count * size, ...signDigests(digests) };
}

/** A sparse file, which takes no room on the disk. Its signature is of other bytes: it is `changed`. */
export async function sparseFile(size: number): Promise<Model> {
  const folder = join(FOLDER, `sparse-${size / MIB}`);
  await mkdir(folder, { recursive: true });
  const name = "model.safetensors";
  const file = await open(join(folder, name), "w");
  await file.truncate(size);
  await file.close();
  return { folder, files: [name], bytes: size, ...signDigests([{ name, digest: "00".repeat(32) }]) };
}
