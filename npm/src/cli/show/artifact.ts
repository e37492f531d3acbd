// A verdict over one artifact.
import type { ArtifactVerdict, Attestation, OtherBundle } from "../../api/verify-artifact.js";
import type { ErrorCode } from "../../types/index.js";
import { quoted } from "../failure.js";
import type { Page } from "./page.js";
import { sentenceOf } from "./sentences.js";
import { showEvaluation, showNotes, showSignature, signer } from "./signature.js";
import { NOT_CHECKED } from "./verdict.js";

/** The page of a verdict. `file` is what the caller named. */
export function showArtifact(page: Page, verdict: ArtifactVerdict, file: string): void {
  const { outcome, reasons, attestation, line, bytes } = verdict;
  page.outcome(outcome, headline(verdict, file));
  if (reasons.length > 0) page.row("reasons", reasons.join(", "));
  showDigests(page, verdict);
  if (attestation !== null) showAttestation(page, attestation, reasons);
  showSignature(page, verdict.signature, verdict);
  if (line !== undefined) page.row("bundle", `on line ${line}`);
  page.list("other bundle", verdict.others ?? [], other);
  showEvaluation(page, verdict);
  showNotes(page, verdict.notes);
  if (outcome !== "failed") {
    page.row("not checked", bytes === "hashed" ? NOT_CHECKED : `the bytes of the artifact; ${NOT_CHECKED}`);
  }
}

function headline(
  { signature, publisher, outcome, reasons, attestation, bytes }: ArtifactVerdict,
  file: string,
): string {
  if (signature.status !== "valid") return signature.error.message;
  const who = signer(publisher, signature);
  if (publisher.status === "unexpected") return `signed by ${who}, who is not the expected publisher`;
  const why = outcome === "failed" ? sentenceOf(reasons) : undefined;
  if (why !== undefined) return `${why}; it is signed by ${who}`;
  // A digest that the caller stated never reads the same as bytes that were hashed.
  const hashed = bytes === "hashed";
  const subject = hashed ? quoted(file) : "the stated digest";
  const done = attestation !== null ? "is attested by" : hashed ? "is exactly as signed by" : "is signed by";
  return [
    `${subject} ${done} ${who}`,
    ...(reasons.includes("predicate-unchecked") ? ["what the attestation says was not checked"] : []),
    ...(publisher.status === "unchecked" ? ["no expected publisher was given"] : []),
  ].join("; ");
}

function showDigests(page: Page, { artifact, bytes }: ArtifactVerdict): void {
  // Of several that were made of the bytes one is enough to see.
  for (const algorithm of ["sha256", "sha384", "sha512"] as const) {
    if (artifact[algorithm] === null) continue;
    page.row("artifact", `${algorithm}:${artifact[algorithm]}`);
    break;
  }
  if (bytes !== "hashed") page.row("bytes", "not looked at: you stated the digest");
}

function showAttestation(page: Page, attestation: Attestation, reasons: readonly ErrorCode[]): void {
  page.row("attestation", attestation.predicateType);
  if (reasons.includes("predicate-type-unexpected")) {
    page.list("accepted", attestation.acceptedTypes ?? [], (type) => type);
  }
  const { builder, source, commit, workflow } = attestation.provenance ?? {};
  for (const [label, text] of [
    ["builder", builder],
    ["built from", source],
    ["commit", commit],
    ["workflow", workflow],
  ] as const) {
    if (text !== undefined && text !== null) page.row(label, text);
  }
}

function other({ line, outcome, reasons, predicateType }: OtherBundle): string {
  const result = outcome === "verified" ? outcome : `${outcome}: ${reasons.join(", ")}`;
  const type = predicateType === null ? "" : ` (${predicateType})`;
  return `on line ${line ?? 0}, ${result}${type}`;
}
