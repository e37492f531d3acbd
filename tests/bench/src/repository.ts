import { resolve } from "node:path";

/** The path of something in this repository. The bench is run from its root. */
export function repository(path: string): string {
  return resolve(path);
}
