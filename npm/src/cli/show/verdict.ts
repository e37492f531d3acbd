// A verdict over a model.
import { escapeNonAscii, escapeText } from "../../core/escape.js";
import type {
  Bytes,
  ChangedFile,
  Coverage,
  LinkRefusal,
  ModelName,
  UnsignedKind,
  Verdict,
} from "../../types/index.js";
import type { Page } from "./page.js";
import { sentenceOf } from "./sentences.js";
import { showEvaluation, showNotes, showSignature, signer } from "./signature.js";

/** What no verdict proves. */
export const NOT_CHECKED = "revocation; whether this is the newest version";

/** The page of a verdict. `unreadable` has the host's reasons, `rules` the caller's ignore rules. */
export function showVerdict(
  page: Page,
  verdict: Verdict,
  unreadable: ReadonlyMap<string, string>,
  rules: readonly string[],
): void {
  page.outcome(verdict.outcome, headline(verdict));
  if (verdict.reasons.length > 0) page.row("reasons", verdict.reasons.join(", "));
  showSigner(page, verdict);
  showDifferences(page, verdict, unreadable);
  showSkipped(page, verdict, rules);
  showNotes(page, verdict.notes);
  if (verdict.outcome !== "failed") page.row("not checked", NOT_CHECKED);
}

function headline(verdict: Verdict): string {
  const { signature, publisher, reasons, coverage, bytes, outcome } = verdict;
  if (signature.status !== "valid") return signature.error.message;
  const who = signer(publisher, signature);
  if (publisher.status === "unexpected") return `signed by ${who}, who is not the expected publisher`;
  // A pin of the policy ended the check before the files.
  const pin = sentenceOf(reasons);
  if (pin !== undefined) return `${pin}; it is signed by ${who}`;
  const parts = findings(verdict);
  if (parts.length === 0) {
    parts.push(`${count(bytes.hashed, "file is", "files are")} exactly as signed by ${who}`);
  }
  if (outcome === "incomplete" && coverage.ignoredByCaller.length + coverage.allowedUnsigned.length > 0) {
    parts.push("what you ignored or allowed was not checked");
  }
  if (publisher.status === "unchecked") parts.push("no expected publisher was given");
  return parts.join("; ");
}

/** What contradicts, or could not be checked. */
function findings({ coverage, bytes, reasons }: Verdict): string[] {
  const counted = [
    [bytes.changed, "file differs", "files differ"],
    [bytes.notFollowed, "symlink was not followed", "symlinks were not followed"],
    [coverage.missing, "file is missing", "files are missing"],
    [coverage.unsigned, "entry is not signed", "entries are not signed"],
    [bytes.unreadable, "file could not be read", "files could not be read"],
    [bytes.notChecked, "file was not checked", "files were not checked"],
  ] as const;
  const found = counted
    .filter(([items]) => items.length > 0)
    .map(([items, one, many]) => count(items.length, one, many));
  if (reasons.includes("single-file-invalid")) {
    found.push("the signature is for a single file, not for a folder");
  }
  return found;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

function showSigner(page: Page, verdict: Verdict): void {
  const { model, signature, bytes, coverage } = verdict;
  if (model !== null) showModel(page, model);
  showSignature(page, signature, verdict);
  if (model !== null) {
    page.row("files", `${bytes.hashed} of ${coverage.signedFiles} hashed and right`);
    if (coverage.followedLinks !== null) {
      const { count: links, targets } = coverage.followedLinks;
      const place =
        targets === "hugging-face-cache"
          ? "the blobs of this Hugging Face cache"
          : "the folder of --link-targets";
      page.row("followed", `${count(links, "symlink", "symlinks")} into ${place}`);
    }
  }
  showEvaluation(page, verdict);
}

/** What the signature calls the model. */
export function showModel(page: Page, { name, rootDigest }: ModelName): void {
  if (name !== null) page.row("model", name);
  if (rootDigest !== null) page.row("root digest", rootDigest);
}

function showDifferences(
  page: Page,
  { coverage, bytes }: Verdict,
  unreadable: ReadonlyMap<string, string>,
): void {
  page.list("changed", bytes.changed, (changed) => `${changed.path}  (${change(changed)})`);
  showNotFollowed(page, bytes);
  const isTwin = twins(coverage);
  const entry = (path: string, what: string, other: string) => {
    if (isTwin(path)) {
      return `${escapeNonAscii(path)}  (differs from ${other} only in its Unicode normalization)`;
    }
    return what === "" ? escapeText(path) : `${escapeText(path)}  (${what})`;
  };
  page.escapedList("missing", coverage.missing, (path) => entry(path, "", "an unsigned name"));
  page.escapedList("unsigned", coverage.unsigned, ({ path, kind }) =>
    entry(path, KINDS[kind], "a missing name"),
  );
  page.list("unreadable", bytes.unreadable, (path) => {
    const why = unreadable.get(path);
    return why === undefined ? path : `${path}  (${why})`;
  });
  page.list("not checked", bytes.notChecked, (path) => path);
}

const KINDS: { readonly [kind in UnsignedKind]: string } = {
  directory: "folder",
  file: "",
  "followed-link": "",
  "not-utf8": "a name that is not UTF-8",
  special: "special file",
  symlink: "symlink",
};

/** Names that are missing in one Unicode normalization and there in another: they look the same. */
function twins({ missing, unsigned }: Coverage): (path: string) => boolean {
  const names = new Set(missing.map((path) => path.normalize("NFC")));
  const both = new Set(unsigned.map(({ path }) => path.normalize("NFC")).filter((name) => names.has(name)));
  return (path) => both.has(path.normalize("NFC"));
}

/** Why a symlink was not followed, and what would help. */
function showNotFollowed(page: Page, { notFollowed }: Bytes): void {
  page.list("not followed", notFollowed, ({ path, reason }) => `${path}  (${REFUSALS[reason]})`);
}

const REFUSALS: { readonly [reason in LinkRefusal]: string } = {
  "by-caller": "a symlink within the model needs --allow-symlinks",
  "by-signature":
    "the signature does not allow symlinks; for links that are not the model's own, name the folder they lead to with --link-targets",
  "leads-out": "leads out of the model; name the folder it leads to with --link-targets",
};

function change({ reason, expected, actual }: ChangedFile): string {
  switch (reason) {
    case "digest":
      return expected === null || actual === null
        ? "other bytes"
        : `signed ${short(expected)}, found ${short(actual)}`;
    case "length":
      return "another length";
    case "directory":
      return "now a folder";
    case "special":
      return "now a special file";
  }
}

function showSkipped(page: Page, { coverage, signature }: Verdict, rules: readonly string[]): void {
  const { ignoredBySignature, ignoredByCaller, allowedUnsigned } = coverage;
  page.list("not covered", ignoredBySignature, ({ path, basis }) => `${path}  (${BASES[basis]})`);
  page.list("ignored", ignoredByCaller, (path) => `${path}  (as you asked)`);
  page.list("unsigned", allowedUnsigned, (path) => `${path}  (as you allowed)`);
  if (signature.status !== "valid") return;
  const unmatched = rules.filter((rule) => !ignoredByCaller.includes(rule));
  page.list("note", unmatched, (rule) => `--ignore-paths ${rule} matched nothing`);
}

const BASES: { readonly [basis in Coverage["ignoredBySignature"][number]["basis"]]: string } = {
  recorded: "ignored by the signer",
  "git-default": "git's, never signed",
  "signature-file": "the signature itself",
};

/** The first digits of a digest, enough to tell two apart by eye. */
function short(digest: string): string {
  const [name = "", hex = ""] = digest.split(":");
  return hex.length > 16 ? `${name}:${hex.slice(0, 16)}…` : digest;
}
