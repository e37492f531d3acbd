// Trust roots.
import type { TrustedAuthority, TrustedLog, TrustRoot } from "../../api/trust-roots.js";
import type { Page } from "./page.js";

/** The page of trust roots. */
export function showRoots(page: Page, roots: readonly TrustRoot[]): void {
  for (const root of roots) showRoot(page, root);
}

function showRoot(page: Page, root: TrustRoot): void {
  const { name, source, date } = root;
  if (name === null || source === null || date === null) {
    page.headline("partial", "YOUR OWN", "not a bundled trust root");
  } else page.headline("good", name, `bundled, from ${source} on ${date}`);
  page.row("sha256", root.sha256);
  page.list("identities", root.certificateAuthorities, authority);
  page.list("logs", root.logs, log);
  page.list("cert. logs", root.certificateLogs, log);
  page.list("times", root.timestampAuthorities, authority);
  page.list("ignored", root.ignored, ({ list, uri, reason }) => `${list} ${uri}: ${reason} is not known`);
}

function authority({ uri, subject, ...validity }: TrustedAuthority): string {
  const name = uri === "" ? subject : subject === "" ? uri : `${uri} (${subject})`;
  return `${name}, ${valid(validity)}`;
}

function log({ uri, id, algorithm, ...validity }: TrustedLog): string {
  const address = uri === "" ? "without an address" : uri;
  return `${address} (${algorithm}, id ${id.slice(0, 16)}…), ${valid(validity)}`;
}

/** The time for which an authority or a log counts. */
export function valid({ validFrom, validUntil }: Pick<TrustedLog, "validFrom" | "validUntil">): string {
  return validUntil === null ? `valid from ${validFrom}` : `valid ${validFrom} to ${validUntil}`;
}
