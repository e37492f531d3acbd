import type { Verdict } from "modelseal";
import type { ModelFile } from "./picked-model.js";
import type { FileResult } from "./protocol.js";

/** What is known of one file, the worst first. */
export const STATUSES = [
  "changed",
  "missing",
  "unsigned",
  "unreadable",
  "not-checked",
  "ignored",
  "ok",
] as const;
export type Status = (typeof STATUSES)[number];

export interface Row {
  readonly path: string;
  readonly status: Status;
  /** The file's size, when the file is there. */
  readonly size: number | undefined;
}

/**
 * One row for each file that was given or signed. A file is `ok` only when a comparison said so:
 * whatever was not reported on is not checked.
 */
export function fileRows(
  files: readonly ModelFile[],
  verdict: Verdict,
  results: readonly FileResult[],
): Row[] {
  const statuses = new Map<string, Status>();
  for (const [path, status] of results) statuses.set(path, status);
  const { coverage, bytes } = verdict;
  for (const path of bytes.notChecked) statuses.set(path, "not-checked");
  for (const path of bytes.unreadable) statuses.set(path, "unreadable");
  for (const { path } of coverage.unsigned) statuses.set(path, "unsigned");
  for (const path of coverage.missing) statuses.set(path, "missing");
  for (const { path } of bytes.changed) statuses.set(path, "changed");
  // A model that is one file: the signature calls it by no name, the results by its own.
  statuses.delete(".");

  const ignored = ignoredPaths(verdict);
  const sizes = new Map(files.map(({ path, file }) => [path, file.size]));
  for (const path of sizes.keys()) {
    if (!statuses.has(path)) statuses.set(path, isBelow(path, ignored) ? "ignored" : "not-checked");
  }
  const rank = new Map(STATUSES.map((status, index) => [status, index]));
  return Array.from(statuses, ([path, status]) => ({ path, status, size: sizes.get(path) })).sort(
    (a, b) => (rank.get(a.status) ?? 0) - (rank.get(b.status) ?? 0) || (a.path < b.path ? -1 : 1),
  );
}

function ignoredPaths({ coverage }: Verdict): Set<string> {
  return new Set([
    ...coverage.ignoredBySignature.map(({ path }) => path),
    ...coverage.ignoredByCaller,
    ...coverage.allowedUnsigned,
  ]);
}

/** Whether a path, or a folder above it, is in the set. */
function isBelow(path: string, folders: ReadonlySet<string>): boolean {
  for (let end = path.length; end > 0; end = path.lastIndexOf("/", end - 1)) {
    if (folders.has(path.slice(0, end))) return true;
  }
  return false;
}
