import { type Entry, holds } from "./measure.js";

/** The entries as people read them. */
export function table(entries: readonly Entry[]): string {
  const rows = entries.map((entry) => [
    entry.name,
    entry.ours.toFixed(entry.unit === "MB/s" ? 0 : 2),
    entry.peer.toFixed(entry.unit === "MB/s" ? 0 : 2),
    entry.unit,
    entry.ratio.toFixed(2),
    `${entry.interval[0].toFixed(2)}-${entry.interval[1].toFixed(2)}`,
    `${entry.runs}`,
    `${entry.bar ?? entry.atMost ?? ""}`,
    verdict(entry),
    entry.what,
  ]);
  const head = ["name", "ours", "peer", "unit", "ratio", "interval", "runs", "bar", "", "what"];
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function verdict(entry: Entry): string {
  const held = holds(entry);
  if (held === undefined) return "";
  return held ? "holds" : "MISSED";
}
