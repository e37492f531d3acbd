import type { TrustRoot } from "../api/trust-roots.js";
import type { ArtifactVerdict } from "../api/verify-artifact.js";
import { escapeText } from "../core/escape.js";
import type { SignatureInvalid, SignatureUnchecked, SignatureValid, Verdict } from "../types/index.js";

const HEADLINES = {
  verified: "VERIFIED: the signer is the expected one, and every file is as signed",
  incomplete: "INCOMPLETE: nothing contradicts the signature, but not everything was checked",
  failed: "FAILED: this is not what was signed, or not by whom you expect",
} as const;

/** The verdict for people: one line, who, and what differs. */
export function report(verdict: Verdict): string {
  return page(
    HEADLINES[verdict.outcome],
    "",
    ...answers(verdict),
    ...differences(verdict),
    ...context(verdict),
  );
}

const ARTIFACT_HEADLINES = {
  verified: "VERIFIED: the signer is the expected one, and this is the file that they signed or attested",
  incomplete: "INCOMPLETE: the signature holds, but nobody said whom to expect",
  failed: "FAILED: this is not the file, or not by whom you expect",
} as const;

/** The same for one artifact. */
export function reportArtifact(verdict: ArtifactVerdict): string {
  const { signature, publisher, artifact, attestation } = verdict;
  const lines = [ARTIFACT_HEADLINES[verdict.outcome], ""];
  if (artifact.sha256 !== null) lines.push(`artifact   sha256:${artifact.sha256}`);
  lines.push(...signatureLines(signature), ...publisherLines(verdict, publisher));
  if (attestation !== null) {
    lines.push(`states     ${attestation.predicateType}`);
    for (const [name, text] of Object.entries(attestation.provenance ?? {})) {
      if (text !== null) lines.push(`  ${name.padEnd(8)} ${text}`);
    }
  }
  return page(...lines, ...context(verdict));
}

/** Trust roots for people. */
export function reportRoots(roots: readonly TrustRoot[]): string {
  return page(...roots.flatMap((root, index) => (index === 0 ? rootLines(root) : ["", ...rootLines(root)])));
}

function rootLines(root: TrustRoot): string[] {
  const { name, date, source } = root;
  const entry = (kind: string, uri: string, from: string, until: string | null) =>
    `  ${kind.padEnd(21)} ${uri}, from ${from}${until === null ? "" : ` to ${until}`}`;
  return [
    name === null ? "(your own)" : `${name}, of ${date}, from ${source}`,
    `  sha256                ${root.sha256}`,
    ...root.certificateAuthorities.map((it) =>
      entry("certificate authority", it.uri, it.validFrom, it.validUntil),
    ),
    ...root.timestampAuthorities.map((it) =>
      entry("timestamp authority", it.uri, it.validFrom, it.validUntil),
    ),
    ...root.logs.map((it) => entry("log", it.uri, it.validFrom, it.validUntil)),
    ...root.certificateLogs.map((it) => entry("certificate log", it.uri, it.validFrom, it.validUntil)),
    ...root.ignored.map(({ list, uri, reason }) => `  ${"ignored".padEnd(21)} ${uri} of ${list}: ${reason}`),
  ];
}

function page(...lines: readonly string[]): string {
  return `${lines.map(escapeText).join("\n")}\n`;
}

function context({ reasons, trustRoot, judgedAt, notChecked }: Verdict | ArtifactVerdict): string[] {
  const lines = reasons.length > 0 ? ["", `Reasons: ${reasons.join(", ")}`] : [];
  lines.push("", `Judged at ${judgedAt}. Not checked: ${notChecked.join(", ")}.`);
  if (trustRoot !== null) {
    const { name, date, sha256 } = trustRoot;
    lines.push(`Trust root: ${name === null ? "your own" : `${name}, of ${date}`}, sha256:${sha256}.`);
  }
  return lines;
}

function answers(verdict: Verdict): string[] {
  const { signature, publisher, coverage, bytes, model } = verdict;
  if (signature.status !== "valid") return signatureLines(signature);
  return [
    `model      ${model?.name ?? "(without a name)"}`,
    ...signatureLines(signature),
    ...publisherLines(verdict, publisher),
    `coverage   ${coverage.status}: ${count(coverage.signedFiles, "signed file")}`,
    `bytes      ${bytes.status}: ${count(bytes.hashed, "file")} hashed`,
  ];
}

function signatureLines(
  signature: Omit<SignatureValid, "form"> | SignatureUnchecked | SignatureInvalid,
): string[] {
  if (signature.status !== "valid") {
    const { code, message } = signature.error;
    return [`signature  invalid: ${message} [${code}]`];
  }
  return [
    `signature  valid: ${signature.method}, ${signature.algorithm}, key ${signature.key}`,
    ...signature.logEntries.map(
      ({ log, index, inclusion }) => `  logged   entry ${index} of ${log}, inclusion ${inclusion}`,
    ),
    ...signature.verifiedTimes.map(({ at, authority }) => `  signed   before ${at}, says ${authority}`),
  ];
}

function publisherLines({ signature }: Verdict | ArtifactVerdict, publisher: Verdict["publisher"]): string[] {
  if (signature.status !== "valid") return [];
  const { status, name, issuer } = publisher;
  const voucher = issuer === null ? "" : `, by the word of ${issuer}`;
  return [`publisher  ${status}${name === null ? "" : ` (${name}${voucher})`}`];
}

function differences({ coverage, bytes }: Verdict): string[] {
  const lines = [
    ...bytes.changed.map(({ path, reason }) => `  changed     ${path} (${reason})`),
    ...coverage.missing.map((path) => `  missing     ${path}`),
    ...coverage.unsigned.map(({ path, kind }) => `  unsigned    ${path} (${kind})`),
    ...bytes.unreadable.map((path) => `  unreadable  ${path}`),
    ...coverage.ignoredByCaller.map((path) => `  ignored     ${path} (as you asked)`),
    ...coverage.allowedUnsigned.map((path) => `  unsigned    ${path} (as you allowed)`),
    ...coverage.ignoredBySignature.map(({ path, basis }) => `  not covered ${path} (${basis})`),
  ];
  return lines.length > 0 ? ["", ...lines] : [];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
