import type { SignatureInvalid, Verdict } from "modelseal";
import { shown } from "./shown.js";
import { instant, signatureDetails, signerFacts, signerName, voucher } from "./signer-words.js";
import { counted } from "./sizes.js";

/** How an answer is to be read at a glance. */
export type Tone = "good" | "open" | "bad";

/** One of the four answers, in plain words. */
export interface Answer {
  readonly question: string;
  readonly tone: Tone;
  readonly label: string;
  readonly sentence: string;
  /** What stands behind the sentence; each a line of its own. */
  readonly details: readonly string[];
}

export interface Headline {
  readonly tone: Tone;
  readonly title: string;
  readonly sentence: string;
}

export function headline(verdict: Verdict): Headline {
  switch (verdict.outcome) {
    case "verified":
      return { tone: "good", title: "Verified", sentence: verifiedSentence(verdict) };
    case "incomplete":
      return {
        tone: "open",
        title: "Not fully checked",
        sentence: `Nothing contradicts the signature, but ${list(verdict.reasons.map(openReason))}.`,
      };
    case "failed":
      return { tone: "bad", title: "Not verified", sentence: failedSentence(verdict) };
  }
}

export function answers(verdict: Verdict): Answer[] {
  return [signatureAnswer(verdict), publisherAnswer(verdict), coverageAnswer(verdict), bytesAnswer(verdict)];
}

function verifiedSentence(verdict: Verdict): string {
  const { coverage } = verdict;
  const signer = SIGNERS[basis(verdict)] ?? signerName(verdict);
  return coverage.signedFiles === 1
    ? `The one signed file is exactly what ${signer} signed.`
    : `All ${coverage.signedFiles.toLocaleString("en")} files are exactly what ${signer} signed.`;
}

/** Who signed, for a headline; an identity has its own name. */
const SIGNERS: { readonly [basis: string]: string } = {
  key: "the owner of this key",
  anchor: "the publisher",
};

function basis({ publisher }: Verdict): string {
  return publisher.status === "expected" ? publisher.basis : "";
}

function failedSentence(verdict: Verdict): string {
  const { signature, publisher, coverage, bytes } = verdict;
  if (signature.status !== "valid")
    return `${signatureFault(signature.error)}, so nothing is known about the files.`;
  if (publisher.status === "unexpected") {
    return `This model is signed by someone else, not by the signer you expect: ${signerName(verdict)}.`;
  }
  if (verdict.reasons.includes("single-file-invalid")) {
    return "The signature is for a single file, not for a folder. Choose that file instead.";
  }
  const faults = [
    fault(bytes.changed.length, "is not what was signed", "are not what was signed"),
    fault(coverage.missing.length, "is missing", "are missing"),
    fault(coverage.unsigned.length, "is not covered by the signature", "are not covered by the signature"),
  ].filter((text) => text !== undefined);
  return `Do not rely on this model: ${list(faults)}.`;
}

function signatureFault({ code, stage }: SignatureInvalid["error"]): string {
  if (OTHER_SIGNER.has(code)) return "The signature does not lead to the signer that you named";
  return stage === "bundle" ? "The signature file cannot be used" : "The signature does not hold";
}

/** The core's words for these are about policies, which a person on this page has never seen. */
const OTHER_SIGNER: ReadonlyMap<string, string> = new Map([
  [
    "issuer-unknown",
    "The signer’s certificate does not lead to an authority that you gave, or that your trust root names.",
  ],
  ["key-hint-mismatch", "It was made with another key than the one that you gave."],
  ["key-raw-bytes-mismatch", "It was made with another key than the one that you gave."],
  [
    "material-mismatch",
    "It was made in another way than the one that you chose: with a key, with a certificate, or with an identity.",
  ],
]);

function fault(count: number, one: string, many: string): string | undefined {
  return count === 0 ? undefined : `${counted(count, "file")} ${count === 1 ? one : many}`;
}

function openReason(code: string): string {
  return OPEN_REASONS.get(code) ?? `not everything was checked (${code})`;
}

const OPEN_REASONS: ReadonlyMap<string, string> = new Map([
  ["coverage-partial", "some files were left out"],
  ["coverage-unobserved", "single files were given, so files beside them were not seen"],
  ["file-not-checked", "not every signed file was given"],
  ["file-unreadable", "a file could not be read"],
  ["listing-only", "only digests were compared, not the files themselves"],
  ["publisher-unchecked", "no expected signer was given"],
]);

function signatureAnswer({ signature }: Verdict): Answer {
  const question = "Does the signature hold?";
  if (signature.status !== "valid") {
    const { code, stage, message } = signature.error;
    return {
      question,
      tone: "bad",
      label: "No",
      sentence: OTHER_SIGNER.get(code) ?? sentence(shown(message)),
      details: [`Code ${code}, found at the step “${stage}”.`],
    };
  }
  return {
    question,
    tone: "good",
    label: "Yes",
    sentence: `The list of files was signed ${WAYS[signature.method]}, and it has not changed since.`,
    details: signatureDetails(signature),
  };
}

const WAYS = {
  key: "with a key",
  certificate: "with a certificate",
  sigstore: "by someone who had signed in (Sigstore)",
} as const;

function publisherAnswer(verdict: Verdict): Answer {
  const { publisher, signature } = verdict;
  const answer = { question: "Is it from the signer you expect?", details: [] };
  switch (publisher.status) {
    case "expected":
      return { ...answer, tone: "good", label: "Yes", sentence: expectedSentence(verdict, publisher.basis) };
    case "unexpected":
      return {
        ...answer,
        tone: "bad",
        label: "No",
        sentence: `It was signed by ${signerName(verdict)}.${voucher(verdict)}`,
      };
    case "unchecked":
      return {
        ...answer,
        tone: "open",
        label: "Not known",
        sentence:
          signature.status !== "valid"
            ? "A signature that does not hold says nothing about who made it."
            : `It was signed by ${signerName(verdict)}.${voucher(verdict)} Whether that is the right one, only you can tell: no signer was expected.`,
      };
  }
}

function expectedSentence(verdict: Verdict, basis: "key" | "anchor" | "identity"): string {
  switch (basis) {
    case "key":
      return "It was signed with the key that you gave. Whose key that is, you must know from elsewhere.";
    case "identity":
      return `It was signed by ${signerName(verdict)}.${voucher(verdict)}`;
    case "anchor": {
      const preset = verdict.expectation.setBy === "preset";
      return `It was signed by ${signerName(verdict)}, certified by an authority that ${preset ? "is built into this page" : "you gave"}.`;
    }
  }
}

function coverageAnswer({ coverage }: Verdict): Answer {
  const question = "Does it cover every file?";
  const details = [
    ...coverage.missing.map((path) => `Missing: ${shownPath(path)}`),
    ...coverage.unsigned.map(
      ({ path, kind }) => `Not signed: ${shown(path)}${kind === "file" ? "" : ` (${kind})`}`,
    ),
    ...coverage.ignoredBySignature.map(
      ({ path, basis }) => `Left out: ${shown(path)} (${IGNORED_BASES.get(basis) ?? basis})`,
    ),
    ...coverage.ignoredByCaller.map((path) => `Left out by you: ${shown(path)}`),
    ...coverage.allowedUnsigned.map((path) => `Allowed without signature: ${shown(path)}`),
  ];
  switch (coverage.status) {
    case "complete": {
      const leftOut = coverage.ignoredBySignature.some(({ basis }) => basis !== "signature-file");
      const exception = leftOut ? ", but for what the signature itself leaves out" : "";
      return {
        question,
        tone: "good",
        label: "Yes",
        sentence: `Every file is signed${exception}: ${counted(coverage.signedFiles, "signed file")}.`,
        details,
      };
    }
    case "partial":
      return {
        question,
        tone: "open",
        label: "In part",
        sentence: "Some files were left out at your wish.",
        details,
      };
    case "unobserved":
      return {
        question,
        tone: "open",
        label: "Not known",
        sentence:
          "You gave single files. Only a whole folder shows whether it contains files that are not signed.",
        details,
      };
    case "failed":
      return {
        question,
        tone: "bad",
        label: "No",
        sentence: `${sentence(list([fault(coverage.missing.length, "is missing", "are missing"), fault(coverage.unsigned.length, "is not signed", "are not signed")].filter((text) => text !== undefined)))}`,
        details,
      };
    case "unknown":
      return {
        question,
        tone: "open",
        label: "Not known",
        sentence: "Files are looked at only under a signature that holds, by the signer you expect.",
        details,
      };
  }
}

const IGNORED_BASES: ReadonlyMap<string, string> = new Map([
  ["recorded", "the signer recorded that it is not signed"],
  ["git-default", "Git's own files are never signed"],
  ["signature-file", "the signature itself"],
]);

function bytesAnswer({ bytes, coverage }: Verdict): Answer {
  const question = "Is every byte as signed?";
  const details = [
    ...bytes.changed.map(({ path, reason }) => `Changed: ${shownPath(path)}${CHANGES.get(reason) ?? ""}`),
    ...bytes.unreadable.map((path) => `Unreadable: ${shownPath(path)}`),
    ...bytes.notChecked.map((path) => `Not checked: ${shownPath(path)}`),
  ];
  switch (bytes.status) {
    case "hashed":
      return {
        question,
        tone: "good",
        label: "Yes",
        sentence: `${counted(bytes.hashed, "file was", "files were")} read to the last byte, and all match.`,
        details,
      };
    case "listing":
      return {
        question,
        tone: "open",
        label: "Not known",
        sentence: "Only digests were compared, not the files themselves.",
        details,
      };
    case "partial":
      return {
        question,
        tone: "open",
        label: "In part",
        sentence: `${bytes.hashed.toLocaleString("en")} of ${counted(coverage.signedFiles, "signed file")} were read and match; the others were not read.`,
        details,
      };
    case "not-hashed":
      return { question, tone: "open", label: "Not known", sentence: "No file was read.", details };
    case "failed":
      return {
        question,
        tone: "bad",
        label: "No",
        sentence: sentence(
          fault(bytes.changed.length, "differs from what was signed", "differ from what was signed") ?? "",
        ),
        details,
      };
  }
}

const CHANGES: ReadonlyMap<string, string> = new Map([
  ["directory", " (a folder instead of a file)"],
  ["length", " (another length)"],
  ["symlink", " (a link instead of a file)"],
  ["special", " (not an ordinary file)"],
]);

/** What no verdict of this page says, however good it is. */
export function notChecked(verdict: Verdict): string[] {
  return [
    ...verdict.coverage.notObservable.map((code) => NOT_CHECKED.get(code) ?? code),
    ...verdict.notChecked.map((code) => NOT_CHECKED.get(code) ?? code),
    "Whether the model is good or harmless. A signature says who signed these bytes, not what they do.",
  ];
}

const NOT_CHECKED: ReadonlyMap<string, string> = new Map([
  [
    "newest-version",
    "Whether this is the newest version. An older model with its own signature is just as valid.",
  ],
  ["revocation", "Whether the key or a certificate has been revoked since."],
  ["symlinks", "Symbolic links. A browser does not show them to a page."],
]);

/** Facts for the record, as pairs of name and value. */
export function facts(verdict: Verdict): [name: string, value: string][] {
  const { model, bundle, validUntil, notes } = verdict;
  const all: [name: string, value: string | null | undefined][] = [
    ["Model’s name in the signature", model?.name == null ? undefined : shown(model.name)],
    ["Root digest", model?.rootDigest],
    ["Digest of the signature file", `sha256:${bundle.sha256}`],
    ["Judged as of", instant(verdict.judgedAt) + BASES[verdict.judgedAtBasis]],
    ...signerFacts(verdict),
    ["Certificates valid until", validUntil === null ? undefined : instant(validUntil)],
    ["Notes", notes.length === 0 ? undefined : notes.join(", ")],
    ["Checked by", `modelseal ${verdict.modelseal}`],
  ];
  return all.filter((fact): fact is [string, string] => typeof fact[1] === "string");
}

const BASES = {
  now: "",
  caller: " (your choice)",
  "signed-time": " (the signature proves this time)",
} as const;

/** Where the model is one file, a signature calls it by no name. */
function shownPath(path: string): string {
  return path === "." ? "the file itself" : shown(path);
}

/** A clause of the core made a sentence. */
export function sentence(clause: string): string {
  const text = clause.charAt(0).toUpperCase() + clause.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function list(items: readonly string[]): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}
