// From a verdict to the state that the page shows. Red is for contradictions alone; what could not be checked is open.
import type { Claims, ErrorCode, Verdict } from "modelseal";
import { isGenericName } from "../given/place.js";
import type { Answer, BriefVerdict, PageCode, Some, State, Tone } from "./answer.js";
import { type Lead, signerIn } from "./lead.js";

/** Names shown with a sentence; the table has all. */
const FIRST = 20;

export function some<T>(all: readonly T[]): Some<T> {
  return { first: all.slice(0, FIRST), count: all.length };
}

/** A verdict whose lists are cut to what is shown. */
export function briefOf(verdict: Verdict): BriefVerdict {
  const { coverage, bytes } = verdict;
  const few = <T>(list: readonly T[]) => list.slice(0, FIRST);
  return {
    verdict: {
      ...verdict,
      coverage: {
        ...coverage,
        ignoredBySignature: few(coverage.ignoredBySignature),
        ignoredByCaller: few(coverage.ignoredByCaller),
        allowedUnsigned: few(coverage.allowedUnsigned),
        unsigned: few(coverage.unsigned),
        missing: few(coverage.missing),
      },
      bytes: {
        ...bytes,
        changed: few(bytes.changed),
        resumed: few(bytes.resumed),
        notFollowed: few(bytes.notFollowed),
        unreadable: few(bytes.unreadable),
        notChecked: few(bytes.notChecked),
      },
    },
    changed: bytes.changed.length,
    missing: coverage.missing.length,
    unsigned: coverage.unsigned.length,
    unreadable: bytes.unreadable.length,
    notChecked: bytes.notChecked.length,
    ignored: coverage.ignoredBySignature.length + coverage.ignoredByCaller.length,
  };
}

/**
 * Codes that contradict nothing: something is not known, or is of a kind that is not supported. All other codes of
 * an invalid signature say that it is not what it claims to be.
 */
const UNCHECKABLE: ReadonlySet<string> = new Set<ErrorCode>([
  "certificate-key-unsupported",
  "digest-algorithm-unsupported",
  "issuer-unknown",
  "key-unsupported",
  "legacy-not-allowed",
  "log-entry-kind-unsupported",
  "log-outside-validity",
  "log-unknown",
  "media-type-unsupported",
  "message-hash-unsupported",
  "predicate-type-unsupported",
  "sct-log-outside-validity",
  "sct-log-unknown",
  "serialization-method-unsupported",
  "signature-algorithm-unsupported",
  "statement-type-unsupported",
  "time-in-future",
  "timestamp-algorithm-unsupported",
  "timestamp-authority-unknown",
  "trust-root-missing",
]);

/** The value of the signature's answer. */
export type SignatureValue = "yes" | "no" | "unchecked";

/** Whether the signature holds, does not, or could not be checked. */
export function signatureValue({ signature }: Pick<Verdict, "signature">): SignatureValue {
  if (signature.status === "valid") return "yes";
  if (signature.status === "unchecked") return "unchecked";
  return isUncheckable(signature.error.code) ? "unchecked" : "no";
}

const OTHER_SIGNER: ReadonlySet<string> = new Set<ErrorCode>([
  "key-hint-mismatch",
  "key-raw-bytes-mismatch",
  "material-mismatch",
]);

export function isUncheckable(code: ErrorCode | PageCode): boolean {
  return UNCHECKABLE.has(code) || OTHER_SIGNER.has(code);
}

/** What the state depends on beside the verdict. */
export interface Judged {
  readonly verdict: Verdict;
  readonly claims: Claims;
  readonly lead: Lead;
  readonly given: string;
  /** What was given is the model's folder, a part of it, or a cache of the hub. */
  readonly scope: "whole" | "part" | "cache" | "remote";
  readonly setAside: readonly string[];
  /** Signed files that are Git LFS pointers on the disk. */
  readonly pointers: readonly string[];
  /** The person said that this is the signer, or is not. */
  readonly confirmed?: boolean;
  /** The signer that was remembered under this name, where it is another one. */
  readonly before?: Answer["before"];
}

/** The state, its tone, and what its sentence is about. */
export function answerOf(judged: Judged): Omit<Answer, "rows"> {
  const { verdict, lead, given, setAside, confirmed } = judged;
  const { signature } = verdict;
  const signer = signerIn(signature, judged.claims);
  const modelName = verdict.model?.name ?? undefined;
  const expectation: Answer["expectation"] = confirmed === true ? { by: "given" } : lead.expectation;
  const [state, tone, files] = stateOf(judged);
  return {
    state,
    tone,
    brief: briefOf(verdict),
    given,
    signer,
    ...(modelName !== undefined && { modelName }),
    ...(files && { files: some(files) }),
    ...(expectation && {
      expectation: { by: expectation.by, ...(expectation.since && { since: expectation.since }) },
    }),
    ...(lead.expectation?.modelName !== undefined && { expectedName: lead.expectation.modelName }),
    ...(lead.known && { known: { name: lead.known.name, source: lead.known.source } }),
    ...(judged.before && { before: judged.before }),
    ...(setAside.length > 0 && { setAside: some(setAside) }),
    signed: verdict.coverage.signedFiles,
    matched: verdict.bytes.hashed - verdict.bytes.changed.length,
    policy: JSON.stringify(lead.policy),
  };
}

type Said = readonly [state: State, tone: Tone, files?: readonly string[]];

function stateOf(judged: Judged): Said {
  const { verdict, lead, confirmed, before } = judged;
  const { signature, publisher } = verdict;
  if (signature.status !== "valid") return ofSignature(verdict, lead);
  if (confirmed === false) return ["declined", "bad"];
  if (publisher.status === "unexpected") return ["signed-by-other", "bad"];
  if (verdict.reasons.includes("model-name-unexpected")) return ["name-unexpected", "bad"];
  if (verdict.reasons.includes("single-file-invalid")) return ["single-file", "open"];
  if (before !== undefined) return ["signer-changed", "bad"];
  const faulty = ofFiles(judged);
  if (faulty !== undefined) return faulty;
  if (confirmed !== true && lead.ask) return ["confirm", "open"];
  if (judged.scope === "cache") return ["cache-matched", "open"];
  if (judged.scope === "part") return ["part", "open"];
  if (judged.scope === "remote") return ["remote", "open"];
  if (verdict.outcome === "verified") return ["verified", "good"];
  const reasons = verdict.reasons.filter((code) => code !== "publisher-unchecked");
  if (judged.setAside.length > 0 && reasons.every((code) => code === "coverage-partial"))
    return ["set-aside", "open"];
  return ["incomplete", "open"];
}

function ofSignature({ signature }: Verdict, { expectation }: Lead): Said {
  if (signature.status === "unchecked") {
    return [signature.error.code === "key-needed" ? "key-needed" : "authority-unknown", "open"];
  }
  if (signature.status !== "invalid") return ["incomplete", "open"];
  const { code } = signature.error;
  if (code === "issuer-unknown") return ["authority-unknown", "open"];
  if (code === "material-mismatch") return ["other-method", "open"];
  if (OTHER_SIGNER.has(code)) return ["other-key", expectation === undefined ? "open" : "bad"];
  if (code === "certificate-expired" || code === "certificate-not-yet-valid") return ["expired", "bad"];
  return isUncheckable(code) ? ["uncheckable", "open"] : ["signature-broken", "bad"];
}

function ofFiles({ verdict, pointers, scope }: Judged): Said | undefined {
  const { coverage, bytes } = verdict;
  const changed = bytes.changed.map(({ path }) => path);
  const pointed = new Set(pointers);
  const really = changed.filter((path) => !pointed.has(path));
  if (really.length > 0) return ["changed", "bad", really];
  const unsigned = coverage.unsigned.map(({ path }) => path);
  if (unsigned.length > 0 && scope === "whole") return ["unsigned", "bad", unsigned];
  if (coverage.missing.length > 0 && scope === "whole") return ["missing", "bad", coverage.missing];
  if (pointers.length > 0) return ["pointers", "open", pointers];
  if (bytes.unreadable.length > 0) return ["unreadable", "open", bytes.unreadable];
  return undefined;
}

/** Whether something may be remembered for this model alone: others must not have the same name. */
export function isOwnName(name: string | undefined): name is string {
  return name !== undefined && !isGenericName(name);
}
