// What an unverified bundle claims.
import type {
  AttestationClaim,
  Claimed,
  Claims,
  ErrorAnswer,
  FileClaim,
  ListingClaim,
  LogEntryClaim,
} from "../../types/index.js";
import type { Page } from "./page.js";
import { describe, NO_ISSUER } from "./signature.js";
import { showModel } from "./verdict.js";

/** The page of what an unverified bundle claims. */
export function showClaims(page: Page, { bundleSha256, claimed }: Claimed): void {
  page.headline("partial", "CLAIMED, NOT VERIFIED", "anyone can write what follows");
  page.row("media type", claimed.mediaType);
  page.row("method", claimed.method);
  if (claimed.keyHint !== null) page.row("key hint", claimed.keyHint);
  page.row("bundle", `sha256:${bundleSha256}`);
  page.list("certificate", claimed.certificates, (certificate) =>
    "error" in certificate
      ? unreadable(certificate.error)
      : `${describe(certificate)}, valid ${certificate.notBefore} to ${certificate.notAfter}`,
  );
  showEvidence(page, claimed);
  if (claimed.messageDigest !== null) {
    const { algorithm, digest } = claimed.messageDigest;
    page.row("artifact", `${algorithm} ${digest}`);
  }
  if (claimed.statementError !== null) page.row("statement", unreadable(claimed.statementError));
  if (claimed.statement !== null) showListing(page, claimed.statement);
  if (claimed.attestation !== null) showAttestation(page, claimed.attestation);
}

function unreadable({ message, code }: ErrorAnswer): string {
  return `cannot be read: ${message} [${code}]`;
}

function showEvidence(page: Page, { identity, logEntries, timestamps }: Claims): void {
  if (identity !== null) {
    page.row("identity", identity.identity);
    page.row("issuer", identity.issuer ?? NO_ISSUER);
  }
  page.list("log entry", logEntries, logEntry);
  page.list("timestamp", timestamps, (stamp) => ("error" in stamp ? unreadable(stamp.error) : stamp.at));
}

function logEntry({ kind, version, index, logId, integratedTime }: LogEntryClaim): string {
  const time = integratedTime === null ? "" : `, ${integratedTime}`;
  return `${kind} ${version}, index ${index}, log ${logId}${time}`;
}

function showListing(page: Page, listing: ListingClaim): void {
  const { model, algorithm, method, shardSize, allowSymlinks, ignorePaths, files } = listing;
  showModel(page, model);
  page.row(
    "hashed as",
    method === "shards" ? `${algorithm}, shards of ${shardSize} bytes` : `${algorithm}, files`,
  );
  page.row("symlinks", allowSymlinks ? "followed" : "refused");
  page.list("ignores", ignorePaths, (path) => path);
  page.row("files", files.length);
  page.list("", files, file);
}

function file(claim: FileClaim): string {
  return "digest" in claim
    ? `${claim.path}  ${claim.digest}`
    : `${claim.path}  ${count(claim.size, "byte")} in ${count(claim.shards.length, "shard")}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function showAttestation(page: Page, { statementType, predicateType, subjects }: AttestationClaim): void {
  page.row("statement", statementType);
  page.row("attestation", predicateType);
  page.list("about", subjects, ({ name, digest }) =>
    [
      ...(name === null || name === "" ? [] : [name]),
      ...Object.entries(digest).map(([algorithm, hex]) => `${algorithm}:${hex}`),
    ].join("  "),
  );
}
