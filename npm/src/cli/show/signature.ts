// The answers about signature and publisher, which verdicts over models and artifacts share.
import type { ArtifactSignature, ArtifactVerdict } from "../../api/verify-artifact.js";
import type {
  Certificate,
  CertificateFields,
  ErrorAnswer,
  ErrorCode,
  Note,
  Publisher,
  PublisherUnexpected,
  SignatureInvalid,
  SignatureUnchecked,
  SignatureValid,
  SignerIdentity,
  TrustRootId,
  Verdict,
} from "../../types/index.js";
import type { Page } from "./page.js";

type Valid = SignatureValid | ArtifactSignature;
type Signature = Valid | SignatureUnchecked | SignatureInvalid;

/** The signer in a few words. */
export function signer({ name, issuer }: Publisher, signature: Signature): string {
  if (name !== null) return issuer === null ? name : `${name} (issuer ${issuer})`;
  // The first digits of a key's digest, enough to tell two keys apart by eye.
  return signature.status === "valid" ? `the key ${signature.key.slice(0, 23)}…` : "no one";
}

/** The lines of any signature. */
export function showSignature(
  page: Page,
  signature: Signature,
  { publisher, reasons }: Pick<Verdict | ArtifactVerdict, "publisher" | "reasons">,
): void {
  if (signature.status === "valid") showValid(page, signature, publisher);
  else if (signature.status === "unchecked") showUnchecked(page, signature);
  else showError(page, signature.error, reasons);
}

/** Where it went wrong. */
function showError(page: Page, { stage, code }: ErrorAnswer, reasons: readonly ErrorCode[]): void {
  page.row("refused at", `the stage \`${stage}\``);
  if (reasons.length !== 1 || reasons[0] !== code) page.row("code", code);
}

/** What is claimed about a signature that nothing confirms. */
function showUnchecked(page: Page, { method, keyHint, claimedChain }: SignatureUnchecked): void {
  page.row("signature", `not checked (${method})`);
  if (keyHint !== null) page.row("key hint", keyHint);
  page.list("claims", claimedChain, describe);
}

/** A valid signature, and who made it. */
function showValid(page: Page, valid: Valid, publisher: Publisher): void {
  page.row("signature", `valid (${valid.method}, ${valid.algorithm})`);
  const basis = {
    expected: "as you expect",
    unexpected: "not the expected one",
    unchecked: "not compared with an expected one",
  }[publisher.status];
  const [leaf, ...issuers] = valid.chain;
  if (valid.identity !== null) showIdentity(page, valid.identity, leaf, basis);
  else if (leaf !== undefined) page.row("signer", `${describe(leaf)}, ${basis}`);
  else page.row("signer", `the key ${valid.key}, ${basis}`);
  if (publisher.status === "unexpected") showMismatches(page, publisher);
  for (const certificate of issuers) page.row("issued by", describe(certificate));
  page.list(
    "logged",
    valid.logEntries,
    ({ log, index, kind, version, inclusion }) =>
      `${log}, entry ${index} (${kind} ${version}), inclusion ${inclusion}`,
  );
  page.list("signed at", valid.verifiedTimes, ({ at, source, authority }) => {
    const by = source === "log" ? "the log" : "the timestamp authority";
    return `${at}, according to ${by} ${authority}`;
  });
}

function showIdentity(
  page: Page,
  { identity, issuer, fields }: SignerIdentity,
  leaf: Certificate | undefined,
  basis: string,
): void {
  page.row("signer", `${identity}, ${basis}`);
  page.row("issuer", issuer ?? NO_ISSUER);
  const { sourceRepositoryUri: source } = fields;
  if (source !== undefined) {
    const more = ([field, before]: readonly [keyof CertificateFields, string]) =>
      fields[field] === undefined ? "" : before + fields[field];
    page.row("source", source + SOURCE.map(more).join(""));
  }
  if (leaf !== undefined) {
    page.row("certificate", `sha256:${leaf.sha256}, valid ${leaf.notBefore} to ${leaf.notAfter}`);
  }
}

/** What stands in place of an issuer that is not there. */
export const NO_ISSUER = "none: the certificate does not name one";

const SOURCE = [
  ["sourceRepositoryRef", " at "],
  ["sourceRepositoryDigest", ", commit "],
  ["buildTrigger", ", started by "],
] as const;

/** In which fields the signer differs from the nearest expected one. */
function showMismatches(page: Page, { expected, mismatches }: PublisherUnexpected): void {
  page.list("differs", mismatches, ({ field, expected, found }) =>
    found === null
      ? `${field}: expected ${expected ?? "none"}, the certificate has none`
      : `${field}: expected ${expected ?? "none"}, found ${found}`,
  );
  if (expected.length > 1) page.row("", `the nearest of ${expected.length} expected signers is shown`);
}

/** A certificate in a few words. The leaf of a keyless signature has no subject. */
export function describe({ subject, sha256 }: Certificate): string {
  return `${subject === "" ? "" : `${subject}, `}certificate sha256:${sha256}`;
}

/** What was checked when, and with what. */
export function showEvaluation(page: Page, verdict: Verdict | ArtifactVerdict): void {
  const { trustRoot, ignoredAnchors, judgedAt, judgedAtBasis, validUntil } = verdict;
  if (trustRoot !== null) {
    page.row("trust root", `${describeRoot(trustRoot)}, sha256:${trustRoot.sha256}`);
  }
  page.list("not used", ignoredAnchors, ({ subject, reason }) =>
    subject === null ? `a block in the anchors: ${reason}` : `the anchor ${subject}: ${reason}`,
  );
  if (judgedAtBasis !== "now") {
    const why = judgedAtBasis === "caller" ? "the time that you gave" : "a verified signing time";
    page.row("checked for", `${judgedAt}, ${why}`);
  }
  if (validUntil !== null) page.row("valid until", validUntil);
}

function describeRoot({ name, date, fetchedAt }: TrustRootId): string {
  if (fetchedAt !== null) return `fetched at ${fetchedAt}`;
  return name === null || date === null ? "your own" : `${name} of ${date}`;
}

/** Harmless observations. */
export function showNotes(page: Page, notes: readonly Note[]): void {
  page.list("note", notes, (note) => NOTES[note]);
}

const NOTES: { readonly [note in Note]: string } = {
  "anchor-ignored": "some of what you gave as anchors cannot be used and was skipped",
  "clock-behind": "this machine's clock is a little behind the signing time",
  "digests-v0.1-form": "the signature has the form of v0.2.0, without a root digest",
  "hugging-face-records":
    ".cache/huggingface holds records of the download: --ignore-paths .cache/huggingface skips it",
  "key-hint-missing": "the bundle does not name its key",
  "resources-not-in-order": "the signed list is not in the order of the standard",
  "root-in-chain": "the bundle contains a self-signed certificate, which was skipped",
  "timestamp-ignored": "a timestamp from an authority that is not in the trust root was skipped",
  "trust-root-expired": "the TUF root of the fetched trust root has expired: run `modelseal roots update`",
  "trust-root-old": "the trust root is more than 180 days old: run `modelseal roots update`",
  "trust-root-without-certificate-logs":
    "the trust root names no logs of certificates, so no SCT was required",
  "trust-root-without-logs": "the trust root names no transparency logs, so no entry was required",
};
