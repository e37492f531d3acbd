import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The path of something in this repository. */
export function repository(path: string): string {
  return fileURLToPath(new URL(`../../../${path}`, import.meta.url));
}

/** The public vectors, where they are. */
export const vectors = [process.env["MODELSEAL_VECTORS"], repository("../shared/vectors")].find(
  (folder) => folder !== undefined && folder !== "" && existsSync(folder),
);

/** What is said when they are not. */
export const NO_VECTORS = "set MODELSEAL_VECTORS, or put them into ../shared/vectors";

export function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8")) as T;
}
