import { execFile } from "node:child_process";
import { repository } from "./repository.js";

/** How a run of the command ended. */
export interface Run {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `npx modelseal`. */
export function modelseal(args: readonly string[], cwd?: string): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [repository("npm/bin/modelseal.js"), ...args],
      { cwd },
      (_, out, err) => resolve({ exit: child.exitCode ?? -1, out, err }),
    );
  });
}
