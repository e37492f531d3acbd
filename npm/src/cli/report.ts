import type { Verdict } from "../types.js";
import { escapeText } from "./escape.js";

const HEADLINES = {
  verified: "VERIFIED: the signer is the expected one, and every file is as signed",
  incomplete: "INCOMPLETE: nothing contradicts the signature, but not everything was checked",
  failed: "FAILED: this is not what was signed, or not by whom you expect",
} as const;

/** The verdict for people: one line, who, and what differs. */
export function report(verdict: Verdict): string {
  const lines = [HEADLINES[verdict.outcome], "", ...answers(verdict), ...differences(verdict)];
  if (verdict.reasons.length > 0) lines.push("", `Reasons: ${verdict.reasons.join(", ")}`);
  lines.push("", `Judged at ${verdict.judgedAt}. Not checked: ${verdict.notChecked.join(", ")}.`);
  return `${lines.map(escapeText).join("\n")}\n`;
}

function answers(verdict: Verdict): string[] {
  const { signature, publisher, coverage, bytes, model } = verdict;
  if (signature.status === "invalid") {
    const { code, message } = signature.error;
    return [`signature  invalid: ${message} [${code}]`];
  }
  const name = "name" in publisher && publisher.name !== null ? ` (${publisher.name})` : "";
  return [
    `model      ${model?.name ?? "(without a name)"}`,
    `signature  valid: ${signature.method}, ${signature.algorithm}, key ${signature.key}`,
    `publisher  ${publisher.status}${name}`,
    `coverage   ${coverage.status}: ${count(coverage.signedFiles, "signed file")}`,
    `bytes      ${bytes.status}: ${count(bytes.hashed, "file")} hashed`,
  ];
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
