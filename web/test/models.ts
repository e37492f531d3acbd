import { existsSync } from "node:fs";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
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

  /** A copy of the example model with signatures in it, under their own names. */
  async copy(name: string, signatures: readonly string[] = ["model.sig"]): Promise<string> {
    const folder = join(this.root, name);
    await cp(fixture("example-model"), folder, { recursive: true });
    for (const signature of signatures) await cp(fixture(signature), join(folder, basename(signature)));
    return folder;
  }
}
