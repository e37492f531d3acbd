import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

const fixtures = fileURLToPath(new URL("../../tests/fixtures/", import.meta.url));

export interface Listed {
  path: string;
  digest: string;
  size?: number;
}

/** The example model as a hub would list it, sorted. */
export async function exampleListing(): Promise<Listed[]> {
  const root = `${fixtures}example-model`;
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`);
  return Promise.all(
    files.sort().map(async (file) => {
      const bytes = await readFile(file);
      return { path: relative(root, file), digest: sha256(bytes), size: bytes.length };
    }),
  );
}

/** A fixture as base64, which is how the gateway takes bundles. */
export async function base64Fixture(path: string): Promise<string> {
  return (await readFile(fixtures + path)).toString("base64");
}

export function sha256(bytes: Uint8Array | string): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
