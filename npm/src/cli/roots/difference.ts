// Which logs and authorities come, go or change between two trust roots.
import type { TrustRoot } from "../../api/trust-roots.js";
import { valid } from "../show/roots.js";

interface Entry {
  readonly name: string;
  readonly validity: string;
}

/** One line for each that was added (`+`), removed (`-`) or changed (`~`). */
export function differenceLines(before: TrustRoot, now: TrustRoot): string[] {
  const [old, fresh] = [entries(before), entries(now)];
  const lines: string[] = [];
  for (const [key, { name, validity }] of old) {
    const found = fresh.get(key);
    if (found === undefined) lines.push(`- ${name}`);
    else if (found.validity !== validity) lines.push(`~ ${name}, ${found.validity}, before ${validity}`);
  }
  for (const [key, { name, validity }] of fresh) {
    if (!old.has(key)) lines.push(`+ ${name}, ${validity}`);
  }
  return lines;
}

/** What is in a root, by what makes each the one that it is, in order. */
function entries(root: TrustRoot): ReadonlyMap<string, Entry> {
  const found: [string, Entry][] = [];
  const add = (list: string, id: string, name: string, validity: string) =>
    found.push([`${list}\n${id}`, { name: `${list}: ${name}`, validity }]);
  for (const [list, authorities] of [
    ["identities", root.certificateAuthorities],
    ["times", root.timestampAuthorities],
  ] as const) {
    for (const { uri, subject, certificates, ...validity } of authorities) {
      add(list, certificates.join(""), uri === "" ? subject : uri, valid(validity));
    }
  }
  for (const [list, logs] of [
    ["logs", root.logs],
    ["cert. logs", root.certificateLogs],
  ] as const) {
    for (const { uri, id, ...validity } of logs) add(list, id, uri, valid(validity));
  }
  return new Map(found.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
