import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const fixtures = fileURLToPath(new URL("../../tests/fixtures/", import.meta.url));

const beside = fileURLToPath(new URL("../../../shared/vectors", import.meta.url));

/** The public vectors, where they are. */
export const vectors = [process.env["MODELSEAL_VECTORS"], beside].find(
  (folder) => folder !== undefined && folder !== "" && existsSync(folder),
);

/** What is said when they are not. */
export const NO_VECTORS = "set MODELSEAL_VECTORS, or put them into ../shared/vectors";

export function fixture(path: string): string {
  return join(fixtures, path);
}

export function fixtureText(path: string): Promise<string> {
  return readFile(fixture(path), "utf8");
}

/** Copies of the example model to be changed at will, all in one folder that goes away. */
export class Models {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  static async create(): Promise<Models> {
    return new Models(await mkdtemp(join(tmpdir(), "modelseal-page-")));
  }

  async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }

  /** A file of this text, in a folder of its own. */
  async file(name: string, text: string | Uint8Array): Promise<string> {
    const folder = await mkdtemp(join(this.root, "file-"));
    await writeFile(join(folder, name), text);
    return join(folder, name);
  }

  /** A folder of these files, by their paths in it. */
  async folder(name: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
    const folder = join(await mkdtemp(join(this.root, "folder-")), name);
    await mkdir(folder);
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    return folder;
  }

  /** A copy of the example model with signatures in it, under their own names. */
  async copy(name: string, signatures: readonly string[] = ["model.sig"]): Promise<string> {
    const folder = join(await mkdtemp(join(this.root, "copy-")), name);
    await cp(fixture("example-model"), folder, { recursive: true });
    for (const signature of signatures) await cp(fixture(signature), join(folder, basename(signature)));
    return folder;
  }
}
