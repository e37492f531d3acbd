// What the worker tells the page of one check: data, no sentences. Strings in it are an attacker's.
import type { ArtifactVerdict, ErrorCode, Verdict } from "modelseal";
import type { Kind } from "../given/content.js";
import type { Expectation } from "../signers/known.js";
import type { Remembered } from "../signers/remembered.js";

/** How an answer is to be read at a glance: red only where something is contradicted. */
export type Tone = "good" | "open" | "bad" | "quiet";

/** What came of a check. Each has its title and sentence in the message files. */
export type State =
  | "archive"
  | "attestation"
  | "authority-unknown"
  | "build-record"
  | "cache-links"
  | "cache-matched"
  | "changed"
  | "confirm"
  | "declined"
  | "empty"
  | "expired"
  | "incomplete"
  | "key-needed"
  | "missing"
  | "name-unexpected"
  | "not-a-signature"
  | "not-signed"
  | "other-key"
  | "other-method"
  | "part"
  | "pointers"
  | "private-key"
  | "refused"
  | "remote"
  | "remote-ready"
  | "set-aside"
  | "signature-broken"
  | "signature-only"
  | "signed-by-other"
  | "signer-changed"
  | "single-file"
  | "stopped"
  | "two-folders"
  | "uncheckable"
  | "unreadable"
  | "unsigned"
  | "unusable-material"
  | "verified"
  | "waiting"
  | "wrong-level";

/** Who signed, as the page names it. */
export interface Signer {
  readonly method: "key" | "certificate" | "sigstore";
  /** The identity, the organisation of the certificate, or empty for a key. */
  readonly name: string;
  /** The whole subject of the certificate. */
  readonly subject: string | null;
  readonly issuer: string | null;
  /** The SHA-256 of the key (`sha256:` and hex), or the key that the bundle asks for. */
  readonly key: string | null;
  /** The authority at the end of the chain. */
  readonly authority: string | null;
  /** Nothing proves it: the bundle says so. */
  readonly claimed: boolean;
}

/** The first of many, and how many there are. */
export interface Some<T> {
  readonly first: readonly T[];
  readonly count: number;
}

/** One of several signatures of a model. */
export interface SignatureRow {
  readonly name: string;
  readonly result: "checked" | "good" | "bad" | "open" | "unreadable";
  readonly signer: string | null;
}

/** A verdict whose lists are cut: they can have a quarter of a million names. The report has them whole. */
export interface BriefVerdict {
  readonly verdict: Verdict;
  readonly changed: number;
  readonly missing: number;
  readonly unsigned: number;
  readonly unreadable: number;
  readonly notChecked: number;
  readonly ignored: number;
}

/** What came of a check, and what the page needs to say it. */
export interface Answer {
  readonly state: State;
  readonly tone: Tone;
  readonly signer?: Signer;
  /** The signed name of the model. */
  readonly modelName?: string;
  /** The folder's name, or the file's. */
  readonly given?: string;
  /** The name that was expected, where it is not the signed one. */
  readonly expectedName?: string;
  readonly expectation?: Pick<Expectation, "by" | "since">;
  /** The signer that is built into this page. */
  readonly known?: { readonly name: string; readonly source: string };
  readonly brief?: BriefVerdict;
  readonly artifact?: ArtifactVerdict;
  readonly attestation?: { readonly predicateType: string; readonly subjects: Some<string> };
  /** The files that the sentence is about. */
  readonly files?: Some<string>;
  /** A changed file that is a web page. */
  readonly webPage?: string;
  /** Signed files in all, and those that were compared and match. */
  readonly signed?: number;
  readonly matched?: number;
  /** Leftovers and other signatures that were set aside. */
  readonly setAside?: Some<string>;
  readonly error?: { readonly code: ErrorCode | PageCode; readonly message: string };
  /** What a file is that should have been something else. */
  readonly kind?: Kind;
  readonly folder?: string;
  readonly folders?: readonly string[];
  /** The signer that is remembered for this name. */
  readonly before?: Remembered;
  readonly signatures?: readonly SignatureRow[];
  /** What could be remembered, once the person has said yes. */
  readonly memory?: Remembered;
  /** The signature's file, for the command that repeats the check. */
  readonly signaturePath?: string;
  /** The policy used, as JSON. */
  readonly policy?: string;
  /** The signed files of a model at an address, to be fetched when the person wants it. */
  readonly remotePaths?: readonly string[];
  /** The host that the files come from. */
  readonly host?: string;
  /** How long all of them are said to be. */
  readonly remoteBytes?: number;
  /** What was handed in so far, where a check waits for more. */
  readonly has?: readonly Kind[];
  readonly rows: number;
}

/** Codes of the page's own, beside those of the core. */
export type PageCode = "fetch-failed" | "file-gone" | "internal" | "wasm-unavailable";

/** The answer where no check could be made. */
export function refused(code: PageCode): Answer {
  return { state: "refused", tone: "quiet", error: { code, message: "" }, rows: 0 };
}

/** What the person can ask for after an answer. */
export type Action =
  | { readonly type: "folder"; readonly folder: string }
  | { readonly type: "again"; readonly withLeftovers?: boolean }
  | { readonly type: "artifact" }
  | { readonly type: "fetch"; readonly totalBytes: number }
  | { readonly type: "confirm" }
  | { readonly type: "decline" }
  | { readonly type: "pick-folder"; readonly name: string };
