import type { ErrorCode, Note } from "modelseal";
import type { Answer, PageCode, State } from "../check/answer.js";
import type { SignatureValue } from "../check/judged.js";
import type { Status } from "../check/rows.js";
import type { Kind } from "../given/content.js";
import type { Format, Forms } from "./format.js";

/** What is said of a state: a title, one sentence or two, and one thing to do. */
export interface Said {
  readonly title: string;
  readonly sentence: string;
  readonly next?: string;
}

/** One of the four answers, in a line. */
export interface Line {
  readonly label: string;
  readonly sentence: string;
}

type Texts<K extends string> = Readonly<Record<K, string>>;

/** All that the page says, in one language. A file that lacks a member does not compile. */
export interface Messages {
  readonly language: "en" | "de";
  readonly page: Texts<
    | "title"
    | "heading"
    | "intro"
    | "drop"
    | "dropNow"
    | "folder"
    | "files"
    | "private"
    | "examples"
    | "exampleGood"
    | "exampleAltered"
    | "exampleOther"
    | "exampleExtra"
    | "what"
    | "whatText"
    | "footer"
    | "trustRoot"
    | "language"
    | "noWasm"
    | "checkAnother"
    | "cancel"
    | "stopHere"
    | "busy"
  >;
  readonly working: {
    title(name: string): string;
    listing(count: string): string;
    readonly signature: string;
    found(signature: string): string;
    signedBy(who: string): string;
    named(name: string): string;
    here(here: string, signed: string): string;
    readonly comparing: string;
    contradiction(path: string): string;
    amount(done: string, all: string): string;
    rest(speed: string, time: string): string;
    documentTitle(percent: string): string;
  };
  readonly states: { readonly [S in State]: (answer: Answer, format: Format) => Said };
  readonly questions: Texts<"signature" | "publisher" | "coverage" | "bytes">;
  readonly answers: {
    readonly signature: Readonly<Record<SignatureValue, (answer: Answer, format: Format) => Line>>;
    publisher(answer: Answer, format: Format): Line;
    coverage(answer: Answer, format: Format): Line;
    bytes(answer: Answer, format: Format): Line;
  };
  readonly asides: {
    nameDiffers(given: string, signed: string): string;
    trustBasis(answer: Answer, format: Format): string | undefined;
    signatures(count: string): string;
  };
  readonly actions: Texts<
    | "yes"
    | "no"
    | "unsure"
    | "checkAgain"
    | "showLeftovers"
    | "checkArtifact"
    | "pasteKey"
    | "copy"
    | "copied"
    | "report"
    | "print"
    | "link"
    | "linkCopied"
    | "forget"
    | "forgotten"
    | "rememberModel"
    | "rememberAny"
    | "remembered"
    | "notRemembered"
    | "judgeThen"
    | "useLink"
    | "ignoreLink"
    | "keep"
  > & {
    checkFolder(folder: string): string;
  };
  readonly unsureText: string;
  readonly sections: Texts<"evidence" | "files" | "notChecked" | "raw" | "signatures" | "expert" | "signers">;
  readonly evidence: Texts<
    | "algorithm"
    | "signer"
    | "howKnown"
    | "when"
    | "log"
    | "openLog"
    | "build"
    | "name"
    | "rootDigest"
    | "bundleDigest"
    | "key"
    | "trustRoot"
    | "repeat"
    | "checkedBy"
    | "judgedAt"
    | "validUntil"
    | "notes"
    | "code"
    | "never"
    | "leaves"
    | "verifiedNode"
    | "claimedNode"
    | "claimed"
    | "rawHint"
    | "noIssuer"
    | "ownRoot"
  > & {
    before(time: string, authority: string): string;
    entry(index: string, log: string, proved: boolean): string;
    valid(from: string, to: string): string;
    rule(by: string): string;
    readonly by: Texts<"example" | "given" | "link" | "preset" | "remembered" | "nobody">;
    readonly basis: Texts<"now" | "caller" | "signed-time">;
    readonly fields: Texts<
      | "buildConfigUri"
      | "buildConfigDigest"
      | "buildTrigger"
      | "buildSignerUri"
      | "buildSignerDigest"
      | "runInvocationUri"
      | "runnerEnvironment"
      | "sourceRepositoryDigest"
      | "sourceRepositoryIdentifier"
      | "sourceRepositoryOwnerIdentifier"
      | "sourceRepositoryOwnerUri"
      | "sourceRepositoryRef"
      | "sourceRepositoryUri"
      | "sourceRepositoryVisibilityAtSigning"
    >;
  };
  readonly table: Texts<
    "status" | "file" | "size" | "digest" | "search" | "only" | "all" | "caption" | "none"
  > & {
    shown(count: string): string;
    readonly files: Forms;
    readonly statuses: Texts<Status>;
  };
  readonly notChecked: Texts<"newest-version" | "revocation" | "symlinks" | "quality">;
  readonly kinds: Texts<Kind>;
  readonly signatureResults: Texts<"checked" | "good" | "bad" | "open" | "unreadable">;
  readonly expert: Texts<
    | "title"
    | "hint"
    | "key"
    | "keyHint"
    | "certificate"
    | "certificateHint"
    | "identity"
    | "identityHint"
    | "issuer"
    | "issuerHint"
    | "preset"
    | "trustRoot"
    | "trustRootHint"
    | "rootProduction"
    | "rootStaging"
    | "rootGithub"
    | "rootFile"
    | "time"
    | "timeHint"
    | "name"
    | "nameHint"
    | "use"
    | "inUse"
    | "clear"
    | "missing"
    | "method"
    | "readFile"
    | "tooLarge"
  >;
  readonly signers: Texts<"none" | "hint" | "any"> & {
    forModel(name: string): string;
    since(day: string): string;
    key(key: string): string;
  };
  readonly link: {
    says(who: string): string;
    readonly suggestion: string;
    readonly wrong: string;
    key(key: string): string;
  };
  readonly remote: {
    title(host: string): string;
    ask(host: string): string;
    fetch(count: string, size: string, host: string): string;
    readonly hint: string;
    readonly wrong: string;
    readonly unknownSize: string;
  };
  readonly notes: Readonly<Record<Note, string>>;
  readonly codes: Readonly<Record<ErrorCode | PageCode, string>>;
}
