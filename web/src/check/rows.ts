import type { SignedFile, Verdict } from "modelseal";

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

/** One file that was given or signed. */
export interface Row {
  readonly path: string;
  readonly status: Status;
  /** The file's size, when the file is there. */
  readonly size: number | undefined;
  /** The digest that was signed, with its algorithm. */
  readonly digest: string | undefined;
}

/** Which rows are wanted. */
export interface Query {
  readonly status?: Status;
  /** A part of the path, in whatever case. */
  readonly text?: string;
  readonly sort: "path" | "size" | "status";
  readonly descending: boolean;
  readonly from: number;
  readonly count: number;
}

/** Some rows, and how many there are. */
export interface RowPage {
  readonly rows: readonly Row[];
  readonly total: number;
  readonly counts: readonly (readonly [Status, number])[];
}

/** What rows are made of. */
export interface RowSources {
  readonly sizes: ReadonlyMap<string, number | undefined>;
  readonly signed: readonly SignedFile[];
  readonly results: ReadonlyMap<string, Status>;
  readonly verdict: Verdict | undefined;
}

/**
 * One row for each file that was given or signed. A file is `ok` only when a comparison said so: whatever was not
 * reported on is not checked.
 */
export function makeRows({ sizes, signed, results, verdict }: RowSources): Row[] {
  const statuses = new Map<string, Status>(results);
  const ignored = new Set<string>();
  if (verdict !== undefined) {
    const { coverage, bytes } = verdict;
    for (const path of bytes.notChecked) statuses.set(path, "not-checked");
    for (const path of bytes.unreadable) statuses.set(path, "unreadable");
    for (const { path } of coverage.unsigned) statuses.set(path, "unsigned");
    for (const path of coverage.missing) statuses.set(path, "missing");
    for (const { path } of bytes.changed) statuses.set(path, "changed");
    for (const { path } of coverage.ignoredBySignature) ignored.add(path);
    for (const path of [...coverage.ignoredByCaller, ...coverage.allowedUnsigned]) ignored.add(path);
  }
  // A model that is one file: the signature calls it by no name, the results by its own.
  statuses.delete(".");
  for (const path of sizes.keys()) {
    if (!statuses.has(path)) statuses.set(path, isBelow(path, ignored) ? "ignored" : "not-checked");
  }
  const digests = new Map(signed.map(({ path, digest }) => [path, digest]));
  return Array.from(statuses, ([path, status]) => ({
    path,
    status,
    size: sizes.get(path),
    digest: digests.get(path),
  }));
}

/** Rows that can be asked for in parts: the page has a window's worth of them at a time. */
export class RowTable {
  readonly #rows: readonly Row[];
  readonly #counts: readonly (readonly [Status, number])[];
  #key = "";
  #found: readonly Row[] = [];

  constructor(rows: readonly Row[]) {
    this.#rows = rows;
    const counts = new Map<Status, number>();
    for (const { status } of rows) counts.set(status, (counts.get(status) ?? 0) + 1);
    this.#counts = STATUSES.flatMap((status) => {
      const count = counts.get(status);
      return count === undefined ? [] : [[status, count] as const];
    });
  }

  get length(): number {
    return this.#rows.length;
  }

  page(query: Query): RowPage {
    const { status, text = "", sort, descending, from, count } = query;
    const key = JSON.stringify([status, text, sort, descending]);
    if (key !== this.#key) {
      const wanted = text.toLowerCase();
      const found = this.#rows.filter(
        (row) =>
          (status === undefined || row.status === status) &&
          (wanted === "" || row.path.toLowerCase().includes(wanted)),
      );
      this.#found = found.sort((a, b) => (descending ? -1 : 1) * ORDERS[sort](a, b) || byPath(a, b));
      this.#key = key;
    }
    return {
      rows: this.#found.slice(from, from + count),
      total: this.#found.length,
      counts: this.#counts,
    };
  }
}

const RANK = new Map<Status, number>(STATUSES.map((status, index) => [status, index]));

function byPath(a: Row, b: Row): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

const ORDERS: Readonly<Record<Query["sort"], (a: Row, b: Row) => number>> = {
  path: byPath,
  size: (a, b) => (a.size ?? -1) - (b.size ?? -1),
  status: (a, b) => (RANK.get(a.status) ?? 0) - (RANK.get(b.status) ?? 0),
};

/** Whether a path, or a folder above it, is in the set. */
function isBelow(path: string, folders: ReadonlySet<string>): boolean {
  for (let end = path.length; end > 0; end = path.lastIndexOf("/", end - 1)) {
    if (folders.has(path.slice(0, end))) return true;
  }
  return false;
}
