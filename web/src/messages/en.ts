import type { Answer } from "../check/answer.js";
import { codes } from "./codes.en.js";
import { type Format, fingerprint, short as shown } from "./format.js";
import type { Messages } from "./messages.js";

const FILES = { one: "# file", other: "# files" };

/** The signer, for the middle of a sentence. */
function who({ signer, known, expectation, modelName }: Answer): string {
  if (known !== undefined) return known.name;
  if (signer === undefined) return "the signer";
  if (signer.method !== "key") return signer.name === "" ? "a signer without a name" : shown(signer.name);
  if (expectation?.by === "example") return "the holder of the example key";
  if (expectation?.by === "remembered") return "the holder of the key that you confirmed";
  return modelName === undefined ? "the holder of a key" : "the holder of the key you gave";
}

/** The same at the start of a sentence. A name is what it is: it gets no capital letter. */
function atStart(answer: Answer): string {
  const { known, signer } = answer;
  const isName =
    known !== undefined || (signer !== undefined && signer.method !== "key" && signer.name !== "");
  return isName ? who(answer) : capital(who(answer));
}

/** The model, under its signed name. */
function model({ modelName }: Answer): string {
  return modelName === undefined ? "this model" : `“${shown(modelName)}”`;
}

/** Both files, all 7 files, the one file. */
function all(count: number, format: Format): string {
  if (count === 1) return "the one file is";
  return count === 2 ? "both files are" : `all ${format.number(count)} files are`;
}

function first({ files }: Pick<Answer, "files">, format: Format): string {
  if (files === undefined) return "";
  const names = files.first.slice(0, 3).map((path) => (path === "." ? "the file" : shown(path)));
  const more = files.count - names.length;
  return more > 0 ? `${names.join(", ")} and ${format.number(more)} more` : format.list(names);
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** What is wrong with the files, all of it, each with its first names. */
function faults({ brief, ...answer }: Answer, format: Format): string {
  if (brief === undefined) return "";
  const { coverage, bytes } = brief.verdict;
  const { changed, missing, unsigned } = brief;
  const parts: [count: number, text: string, names: readonly string[]][] = [
    [
      changed,
      `${format.plural(changed, { one: "# file isn’t", other: "# files aren’t" })} what ${who(answer)} signed`,
      bytes.changed.map(({ path }) => path),
    ],
    [
      missing,
      `${format.plural(missing, { one: "# signed file is", other: "# signed files are" })} missing`,
      coverage.missing,
    ],
    [
      unsigned,
      `${format.plural(unsigned, { one: "# file isn’t", other: "# files aren’t" })} covered by the signature`,
      coverage.unsigned.map(({ path }) => path),
    ],
  ];
  const real = parts.filter(([count]) => count > 0);
  const named = (count: number, names: readonly string[]) =>
    first({ files: { first: names, count } }, format);
  if (real.length === 1)
    return real.map(([count, text, names]) => `${text}: ${named(count, names)}`).join("");
  return format.list(real.map(([count, text, names]) => `${text} (${named(count, names)})`));
}

function unchanged(answer: Answer, format: Format): string {
  const when = signedOn(answer, format);
  return `${capital(all(answer.signed ?? 0, format))} exactly what ${who(answer)} signed${when}.`;
}

function signedOn({ brief }: Answer, format: Format): string {
  const { signature } = brief?.verdict ?? {};
  const time = signature?.status === "valid" ? signature.verifiedTimes[0]?.at : undefined;
  return time === undefined ? "" : ` on ${format.day(time)}`;
}

function codeOf(answer: Answer): string {
  const { signature } = answer.brief?.verdict ?? {};
  const code =
    answer.error?.code ?? (signature && signature.status !== "valid" ? signature.error.code : undefined);
  return code === undefined ? "" : en.codes[code];
}

/** Whether the certificate begins after the time at which it is judged. */
function isEarly({ brief }: Answer): boolean {
  const { signature } = brief?.verdict ?? {};
  return signature?.status === "invalid" && signature.error.code === "certificate-not-yet-valid";
}

const keyNeeded = "Get the public key from the publisher’s website, not from this folder, and drop it here.";

export const en: Messages = {
  language: "en",
  page: {
    title: "modelseal: check a downloaded model",
    heading: "Check a downloaded model",
    intro: "See who signed it, and whether every file is exactly what they signed.",
    drop: "Drop the folder you downloaded",
    dropNow: "Drop to check",
    folder: "Choose a folder",
    files: "Choose files",
    private: "Your files stay on this device. Nothing is uploaded.",
    examples: "Just looking? Try:",
    exampleGood: "Genuine model",
    exampleAltered: "One file altered",
    exampleOther: "Signed by someone else",
    exampleExtra: "With extra files",
    what: "What is this?",
    whatText:
      "Some publishers sign their models. A signature lets you check that the files are the ones they released, and that no one changed them on the way. This page makes that check on your device, for signatures of OpenSSF Model Signing. A signature says who made a model, not whether it is good.",
    trustRoot: "trust root of",
    footer: "Checks run in this tab. Links are followed only when you click them.",
    language: "Deutsch",
    noWasm:
      "This browser can’t run the checker: it needs workers and WebAssembly with SIMD, which Chrome 91, Firefox 89, Safari 16.4 and newer have. On the command line, npx modelseal checks the same.",
    checkAnother: "Check another model",
    cancel: "Cancel",
    stopHere: "Stop here",
    busy: "A check is running. Cancel it first.",
  },
  working: {
    title: (name) => (name === "" ? "Checking" : `Checking ${name}`),
    listing: (count) => `Looking into the folder: ${count} so far`,
    signature: "Checking the signature",
    found: (signature) => `Signature found and intact (${signature})`,
    signedBy: (name) => `Signed by ${name}`,
    named: (name) => `Signed as “${name}”`,
    here: (here, signed) => `${here} of ${signed} signed files are here`,
    comparing: "Comparing contents",
    contradiction: (path) => `${path} isn’t what was signed.`,
    amount: (done, whole) => `${done} of ${whole}`,
    rest: (speed, time) => ` · ${speed}/s · about ${time} left`,
    documentTitle: (percent) => `${percent} – checking`,
  },
  states: {
    verified: (answer, format) => ({
      title: "Verified",
      sentence:
        answer.signed === 1
          ? `${atStart(answer)} signed ${model(answer)}, and its one file is exactly what they signed.`
          : `${atStart(answer)} signed ${model(answer)}, and ${all(answer.signed ?? 0, format)} exactly what they signed.`,
    }),
    confirm: (answer, format) => ({
      title: "Unchanged. Is this who you expected?",
      sentence: `${unchanged(answer, format)} ${
        answer.signer?.issuer == null
          ? "Check that this is your publisher."
          : `${shown(answer.signer.issuer)} confirmed that the signer was logged in to that account. Anyone with an account can sign a model, so check that this is your publisher.`
      }`,
    }),
    declined: (answer) => ({
      title: "Signed by someone else",
      sentence: `It was signed by ${who(answer)}, not by the publisher you wanted. Don’t use this model.`,
      next: "Get the model from your publisher’s own page.",
    }),
    "signed-by-other": (answer) => ({
      title: "Signed by someone else",
      sentence: `You expected ${expected(answer)}. This was signed by ${who(answer)}.`,
      next: "Ask the publisher who signs for them before you use it.",
    }),
    "signer-changed": (answer) => ({
      title: "The signer has changed",
      sentence: `Last time, ${model(answer)} was signed by ${before(answer)}. This copy was signed by ${who(answer)}.`,
      next: "Ask the publisher before you use it.",
    }),
    "authority-unknown": (answer) => ({
      title: "Can’t tell who signed this",
      sentence: `The signature says ${claimed(answer)}, but anyone can write that. The authority behind it${
        answer.signer?.authority == null ? "" : ` (${shown(answer.signer.authority)})`
      } isn’t one this page knows${answer.expectation?.by === "given" ? " or you named" : ""}.`,
      next: "If your publisher gave you an authority certificate (.pem), drop it here.",
    }),
    "key-needed": ({ signer }) => ({
      title: "You need the publisher’s key",
      sentence: `This model was signed with a key. ${keyNeeded}${
        signer?.key == null ? "" : ` The fingerprint it asks for: ${fingerprint(signer.key)}`
      }`,
      next: "Drop the key here, or paste it below.",
    }),
    "other-key": (answer) => ({
      title: "Signed with another key",
      sentence:
        "The signature says that it was made with another key than the one you gave. Whether it holds can’t be checked with yours.",
      next:
        answer.expectation?.by === "remembered"
          ? "Ask the publisher whether their key has changed."
          : keyNeeded,
    }),
    "other-method": (answer) => ({
      title: "Signed in another way",
      sentence: `You said how the signer should be known, and this signature was made in another way${methodOf(answer)}.`,
      next: "Check it again without your expectation to see who signed.",
    }),
    changed: (answer, format) => ({
      title: "Don’t use this model",
      sentence:
        answer.brief === undefined
          ? `You stopped the check, but this is certain: ${first(answer, format)} isn’t what was signed.`
          : `${capital(faults(answer, format))}.`,
      next:
        answer.webPage === undefined
          ? "Download what differs again. If it still differs, tell the publisher."
          : `${shown(answer.webPage)} is a web page. Your download probably saved an error page: download that file again.`,
    }),
    missing: (answer, format) => ({
      title: "Incomplete download",
      sentence: `${format.plural(answer.files?.count ?? 0, { one: "# signed file is", other: "# signed files are" })} missing: ${first(answer, format)}. The others match what ${who(answer)} signed.`,
      next: "Download what is missing, then check again.",
    }),
    unsigned: (answer, format) => ({
      title: "Files that no one vouches for",
      sentence: `${capital(faults(answer, format))}. Everything else matches.`,
      next: "Remove what isn’t signed, or find out where it came from.",
    }),
    pointers: (answer, format) => ({
      title: "The weights haven’t been downloaded",
      sentence: `${first(answer, format)} ${answer.files?.count === 1 ? "is a Git LFS placeholder" : "are Git LFS placeholders"}, not the file itself.`,
      next: "Run git lfs pull in the folder, then check again.",
    }),
    "set-aside": (answer, format) => ({
      title: `Signed files match; ${format.number(answer.setAside?.count ?? 0)} set aside`,
      sentence: `${unchanged(answer, format)} Not part of the model, and not signed: ${first(
        answer.setAside === undefined ? {} : { files: answer.setAside },
        format,
      )}.`,
    }),
    part: (answer, format) => ({
      title: answer.matched === 1 ? "This file matches" : "These files match",
      sentence: `${
        answer.matched === 1
          ? `It’s exactly a file that ${who(answer)} signed`
          : `They are exactly files that ${who(answer)} signed`
      } in ${model(answer)}. The other ${format.number((answer.signed ?? 0) - (answer.matched ?? 0))} weren’t checked.`,
      next: "Drop the whole folder to check everything.",
    }),
    "cache-matched": (answer, format) => ({
      title:
        answer.matched === answer.signed
          ? "All signed contents are here"
          : "Some signed contents are missing",
      sentence: `The cache holds ${format.plural(answer.matched ?? 0, FILES)} of the ${format.number(answer.signed ?? 0)} that ${who(answer)} signed in ${model(answer)}. Their names weren’t seen: a browser can’t follow the cache’s links. Other contents are other revisions.`,
      next: "To check the names too: hf download REPOSITORY --local-dir FOLDER, then drop that folder.",
    }),
    "wrong-level": ({ folder = "" }) => ({
      title: "Wrong folder?",
      sentence: `The signature covers the folder ${shown(folder)}.`,
    }),
    "signature-broken": (answer) => ({
      title: "The signature is broken",
      sentence: `The signature doesn’t hold, so nothing here can be relied on. ${codeOf(answer)}`,
      next: "Get the signature again from the publisher.",
    }),
    expired: (answer) => ({
      title: isEarly(answer)
        ? "Signed with a certificate that isn’t valid yet"
        : "Signed with an expired certificate",
      sentence: isEarly(answer)
        ? codeOf(answer)
        : `${codeOf(answer)} Nothing proves that the signature is older.`,
      next: "If you know when it was signed, judge it as of that time.",
    }),
    uncheckable: (answer) => ({
      title: "The signature couldn’t be checked",
      sentence: `Nothing contradicts it, but this page can’t check it. ${codeOf(answer)}`,
      next: "A newer version of this page, or of modelseal, may know more.",
    }),
    "not-signed": ({ given = "" }) => ({
      title: "Not signed",
      sentence: `There’s no signature in ${given === "" ? "what you gave" : shown(given)}, so no one can tell from it who made these files. Most models aren’t signed.`,
      next: "Look for model.sig or *.oms.sig on the download page, and drop it here.",
    }),
    "not-a-signature": ({ given = "", kind = "other" }) => ({
      title: "That isn’t a signature",
      sentence: `${shown(given)} is ${en.kinds[kind]}.${kind === "html" ? " Your download probably saved an error page." : ""}`,
      next: kind === "lfs-pointer" ? "Run git lfs pull, then check again." : "Download the signature again.",
    }),
    attestation: ({ given = "", attestation, folders = [] }) => ({
      title: "A build record, not a model signature",
      sentence: `${shown(given)} says something about ${
        attestation === undefined || attestation.subjects.count === 0
          ? "a file"
          : shown(attestation.subjects.first[0] || "a file")
      }${attestation === undefined ? "" : ` (${shown(attestation.predicateType)})`}. It doesn’t cover a model.`,
      ...(folders.length !== 1 && { next: "Drop it with the one file that it is about." }),
    }),
    "build-record": (answer) => ({
      title: answer.tone === "bad" ? "The record isn’t about this file" : "The record is about this file",
      sentence:
        answer.tone === "bad"
          ? `${shown(answer.given ?? "")} isn’t what the record describes, or the record can’t be relied on. ${codeOf(answer)}`
          : `${shown(answer.given ?? "")} is the file that ${who(answer)} made a record of. Whether that is the right signer, only you can tell.`,
    }),
    "two-folders": () => ({
      title: "One folder at a time",
      sentence: "You dropped more than one folder. Which one do you want to check?",
    }),
    archive: ({ given = "" }) => ({
      title: "That’s an archive",
      sentence: `${shown(given)} is an archive. Unpack it, then drop the folder.`,
    }),
    "cache-links": ({ given = "" }) => ({
      title: "Links, not files",
      sentence: `${shown(given)} seems to belong to the Hugging Face cache. Its files are links that a browser can’t follow.`,
      next: "Drop the folder models--… instead, or run hf download REPOSITORY --local-dir FOLDER.",
    }),
    unreadable: (answer, format) => ({
      title: "A file couldn’t be read",
      sentence:
        answer.host === undefined
          ? `${first(answer, format)} was there when you dropped the folder, and has gone or changed since.`
          : `${first(answer, format)} couldn’t be fetched from ${shown(answer.host)}.`,
      next:
        answer.host === undefined
          ? "Drop the folder again."
          : "Download the model and drop its folder instead.",
    }),
    "private-key": () => ({
      title: "That’s a private key",
      sentence:
        "Never share it, here or anywhere. This page needs the public key, and has forgotten what you gave it.",
    }),
    stopped: (answer, format) => ({
      title: "Stopped",
      sentence:
        answer.signed === undefined
          ? "Nothing was decided."
          : `${format.plural(answer.matched ?? 0, { one: "# file", other: "# files" })} of ${format.number(answer.signed)} matched so far. The rest weren’t read, so nothing was decided.`,
    }),
    empty: ({ given = "" }) => ({
      title: "There are no files",
      sentence: given === "" ? "What you gave has no files." : `${shown(given)} has no files.`,
      next: "Drop the folder that has the model’s files.",
    }),
    waiting: ({ has = [] }) => ({
      title: "Now drop the model",
      sentence: `The page has ${has.length === 0 ? "nothing yet" : has.map((kind) => en.kinds[kind]).join(", ")}. It needs the model’s folder to check anything.`,
    }),
    "signature-only": (answer) => ({
      title: "Now drop the model",
      sentence: `${shown(answer.given ?? "")} is a signature for ${model(answer)}${
        answer.signer === undefined
          ? ""
          : `, which says it is by ${answer.signer.claimed ? claimed(answer) : who(answer)}`
      }. Drop the model’s folder to check its files.`,
    }),
    "name-unexpected": (answer) => ({
      title: "Another model",
      sentence: `You expected “${shown(answer.expectedName ?? "")}”. ${atStart(answer)} signed this as ${model(answer)}.`,
      next: "Check that you downloaded the right model.",
    }),
    "single-file": (answer) => ({
      title: "The signature is for one file",
      sentence: `${atStart(answer)} signed a single file, not a folder.`,
      next: "Choose that file together with its signature.",
    }),
    "remote-ready": (answer, format) => ({
      title: "Signature found",
      sentence: `${atStart(answer)} signed ${model(answer)}: ${format.plural(answer.signed ?? 0, FILES)}. They aren’t checked yet.`,
    }),
    remote: (answer, format) => ({
      title: answer.matched === 1 ? "The signed file matches" : "All signed files match",
      sentence: `${unchanged(answer, format)} They come from ${shown(answer.host ?? "")}. What else lies there wasn’t seen.`,
      next: "What you download later may differ: check the folder that you use.",
    }),
    incomplete: (answer, format) => ({
      title: "Not fully checked",
      sentence: `Nothing contradicts the signature of ${who(answer)}, but ${format.list(
        (answer.brief?.verdict.reasons ?? []).map((code) => lower(en.codes[code])),
      )}.`,
    }),
    "unusable-material": (answer) => ({
      title: "That can’t be used",
      sentence: codeOf(answer),
      next: "Give the key, certificate or trust root again.",
    }),
    refused: (answer) => ({
      title: "The check couldn’t be finished",
      sentence: codeOf(answer),
      next: "Try again.",
    }),
  },
  questions: {
    signature: "Does the signature hold?",
    publisher: "Is it from who you expect?",
    coverage: "Does it cover every file?",
    bytes: "Is every byte as signed?",
  },
  answers: {
    signature: {
      yes: ({ brief }) => ({
        label: "Yes",
        sentence: `Made ${ways(brief?.verdict.signature)}, and unchanged since.`,
      }),
      no: (answer) => ({ label: "No", sentence: codeOf(answer) }),
      unchecked: (answer) => ({ label: "Couldn’t be checked", sentence: codeOf(answer) }),
    },
    publisher: (answer) => {
      const { brief, state } = answer;
      if (state === "declined") return { label: "No", sentence: "You said so." };
      if (state === "signer-changed") return { label: "No", sentence: `You know ${before(answer)}.` };
      if (state === "other-key") return { label: "No", sentence: "It names another key." };
      const publisher = brief?.verdict.publisher;
      switch (publisher?.status) {
        case "expected":
          if (state === "confirm")
            return { label: "Not known", sentence: `It was signed by ${who(answer)}.` };
          return { label: "Yes", sentence: `It was signed by ${who(answer)}.` };
        case "unexpected":
          return { label: "No", sentence: `It was signed by ${who(answer)}.` };
        default:
          return {
            label: "Not known",
            sentence:
              answer.signer === undefined || answer.signer.claimed
                ? "Nothing proves who signed it."
                : `It was signed by ${who(answer)}.`,
          };
      }
    },
    coverage: ({ brief, setAside }, format) => {
      if (brief === undefined) return { label: "Not known", sentence: "" };
      const { coverage } = brief.verdict;
      switch (coverage.status) {
        case "complete":
          return {
            label: "Yes",
            sentence: `${format.plural(coverage.signedFiles, { one: "# signed file", other: "# signed files" })}, and nothing else.`,
          };
        case "partial":
          return {
            label: "But for what was set aside",
            sentence: `${format.plural(setAside?.count ?? brief.ignored, FILES)} set aside.`,
          };
        case "failed":
          return {
            label: "No",
            sentence: capital(
              `${format.list(
                [
                  brief.missing > 0 && `${format.number(brief.missing)} missing`,
                  brief.unsigned > 0 && `${format.number(brief.unsigned)} not signed`,
                ].filter((part) => part !== false),
              )}.`,
            ),
          };
        case "unobserved":
          return { label: "Not known", sentence: "Only a whole folder shows what else is in it." };
        case "unknown":
          return { label: "Not known", sentence: "Files are compared only under a signature that holds." };
      }
    },
    bytes: ({ brief, matched = 0 }, format) => {
      if (brief === undefined) return { label: "Not known", sentence: "" };
      switch (brief.verdict.bytes.status) {
        case "hashed":
          return { label: "Yes", sentence: `${format.plural(matched, FILES)} read to the last byte.` };
        case "failed":
          return {
            label: "No",
            sentence: `${format.plural(brief.changed, { one: "# file differs", other: "# files differ" })}, ${format.number(matched)} match.`,
          };
        case "partial":
          return {
            label: "In part",
            sentence: `${format.plural(matched, FILES)} read and right; the others weren’t read.`,
          };
        default:
          return { label: "Not known", sentence: "No file was read." };
      }
    },
  },
  asides: {
    nameDiffers: (given, signed) =>
      `Your folder is called “${given}”. The signature is for “${signed}”. Is that the model you wanted?`,
    trustBasis: ({ expectation, known, signer }, format) => {
      if (known !== undefined) return `This page knows the signer from ${known.source}.`;
      if (expectation?.by === "remembered" && expectation.since !== undefined)
        return `You confirmed this signer on ${format.day(expectation.since)}.`;
      if (expectation?.by === "example") return "An example of this page, signed with a key made for it.";
      if (expectation?.by === "given" && signer?.method === "key")
        return "This is only as good as where you got the key.";
      if (expectation?.by === "given" && signer?.method === "certificate")
        return "This is only as good as where you got the certificate.";
      if (expectation?.by === "given") return "You said you expected this signer.";
      return undefined;
    },
    signatures: (count) =>
      `This model has ${count} signatures. Each is judged on its own, and none counts as an extra file.`,
  },
  actions: {
    yes: "Yes, that’s who I expected",
    no: "No",
    unsure: "I’m not sure",
    checkAgain: "Check again",
    showLeftovers: "Check again without setting aside",
    checkArtifact: "Check the file against it",
    pasteKey: "Paste a key",
    copy: "Copy",
    copied: "Copied",
    report: "Save the report (JSON)",
    print: "Print",
    link: "Copy a link that checks this again",
    linkCopied: "The link was copied",
    forget: "Forget this signer",
    forgotten: "Forgotten",
    rememberModel: "Remember for this model",
    rememberAny: "Remember for any model",
    remembered: "Remembered in this browser only.",
    notRemembered: "This browser doesn’t let the page remember anything.",
    judgeThen: "Judge it as of another time",
    useLink: "Use it",
    ignoreLink: "Ignore it",
    keep: "Keep this one",
    checkFolder: (folder) => `Check ${folder}`,
  },
  unsureText:
    "Look up the publisher’s signing account on their own website, not in this folder, and compare it letter by letter.",
  sections: {
    evidence: "Evidence",
    files: "Files",
    notChecked: "Not checked",
    raw: "The signature file",
    signatures: "Signatures",
    expert: "I know who should have signed it",
    signers: "Signers you confirmed",
  },
  evidence: {
    algorithm: "Algorithm",
    signer: "Signer",
    howKnown: "How known",
    when: "When",
    log: "Public log",
    openLog: "Open in the public log",
    build: "Build",
    name: "Signed name",
    rootDigest: "Root digest",
    bundleDigest: "Signature file",
    key: "Key",
    trustRoot: "Trust root",
    rule: (by: string) => `Rule used, chosen by ${by}`,
    repeat: "Repeat it",
    checkedBy: "Checked by",
    judgedAt: "Judged as of",
    validUntil: "Certificates valid until",
    notes: "Notes",
    code: "Code",
    never: "Not proven: the signature carries no proof of when it was made.",
    leaves: "leaves this page",
    verifiedNode: "verified",
    claimedNode: "only claimed",
    claimed: "claimed, not verified",
    rawHint: "Each part is marked: verified by this check, or only claimed by whoever wrote the file.",
    noIssuer: "none in the certificate",
    ownRoot: "your own",
    before: (time, authority) => `Before ${time}, says ${authority}`,
    entry: (index, log, proved) =>
      `Entry ${index} of ${log}, ${proved ? "inclusion proved" : "inclusion promised"}`,
    valid: (from, to) => `valid ${from} – ${to}`,
    by: {
      example: "this page’s example",
      given: "you",
      link: "the link you followed",
      preset: "this page",
      remembered: "you, earlier",
      nobody: "no one: the signer was only reported",
    },
    basis: { now: "now", caller: "your choice", "signed-time": "the signature proves this time" },
    fields: {
      buildConfigUri: "Built by",
      buildConfigDigest: "Version of those instructions",
      buildTrigger: "Started by",
      buildSignerUri: "Signed by the workflow",
      buildSignerDigest: "Version of that workflow",
      runInvocationUri: "Run",
      runnerEnvironment: "Machine",
      sourceRepositoryDigest: "Commit",
      sourceRepositoryIdentifier: "Number of the repository",
      sourceRepositoryOwnerIdentifier: "Number of its owner",
      sourceRepositoryOwnerUri: "Owner",
      sourceRepositoryRef: "Branch or tag",
      sourceRepositoryUri: "Repository",
      sourceRepositoryVisibilityAtSigning: "The repository was then",
    },
  },
  table: {
    status: "Status",
    file: "File",
    size: "Size",
    digest: "Signed digest",
    search: "Search files",
    only: "Show only",
    all: "All",
    caption: "Files of the model and what was found",
    none: "No file fits.",
    shown: (count) => `${count} shown`,
    files: FILES,
    statuses: {
      changed: "Changed",
      missing: "Missing",
      unsigned: "Not signed",
      unreadable: "Unreadable",
      "not-checked": "Not checked",
      ignored: "Set aside",
      ok: "As signed",
    },
  },
  notChecked: {
    "newest-version":
      "Whether it’s the newest version. An older model with its own signature is just as valid.",
    revocation: "Whether the key or a certificate has been revoked since.",
    symlinks: "Links. A browser doesn’t show them to a page.",
    quality:
      "Whether the model is any good, or harmless. A signature says who signed these bytes, not what they do.",
  },
  kinds: {
    archive: "an archive",
    bundle: "a signature",
    certificate: "a certificate",
    empty: "empty",
    html: "a web page",
    json: "other JSON",
    key: "a public key",
    "lfs-pointer": "a Git LFS placeholder",
    other: "something else",
    "private-key": "a private key",
    "trust-root": "a trust root",
  },
  signatureResults: {
    checked: "Checked above",
    good: "Holds",
    bad: "Broken",
    open: "Can’t tell who signed",
    unreadable: "Not a signature",
  },
  expert: {
    title: "I know who should have signed it",
    hint: "Give one of these before you drop the model, or afterwards. Take it from the publisher, not from the model’s folder.",
    key: "Public key (PEM)",
    keyHint: "You can also drop the key’s file on this page.",
    certificate: "Certificates of the authorities (PEM)",
    certificateHint: "Every publisher that they certify is accepted.",
    identity: "Account",
    identityHint: "The publisher’s name there, exactly: an e-mail address, or the address of a workflow.",
    issuer: "Issuer",
    issuerHint: "The service where the publisher signs in, as an address.",
    preset: "A publisher this page knows",
    trustRoot: "Trust root",
    trustRootHint: "Whose word counts for accounts, log entries and times of signing.",
    rootProduction: "Sigstore (built in)",
    rootStaging: "Sigstore staging, for tests",
    rootGithub: "GitHub",
    rootFile: "A file of yours",
    time: "Judge as of this time (UTC)",
    timeHint:
      "Left empty, certificates must be valid now. A time that the signature proves takes precedence.",
    name: "Name of the model",
    nameHint: "Left empty, any name is accepted and shown.",
    use: "Use this",
    inUse: "In use. What you drop is checked against it.",
    clear: "Stop using it",
    missing: "Fill this in first.",
    method: "How the signer is known",
    readFile: "Read it from a file",
    tooLarge: "This file is too large for that.",
  },
  signers: {
    none: "None yet. After a check you can have this browser remember who signed.",
    hint: "Only this browser has this list.",
    any: "for any model",
    forModel: (name) => `for “${name}”`,
    since: (day) => `since ${day}`,
    key: (key) => `Key ${key}`,
  },
  link: {
    says: (name) => `The link you followed says to expect ${name}.`,
    suggestion: "It’s a suggestion from whoever made the link.",
    wrong: "The link you followed names a signer in a form that this page doesn’t know. It is ignored.",
    key: (key) => `the holder of the key ${key}`,
  },
  remote: {
    title: (host) => `Check a model at ${host}`,
    ask: (host) => `Fetch the signature from ${host}`,
    fetch: (count, size, host) => `Check ${count} (${size}) from ${host}`,
    hint: "A link asks for this. Nothing is fetched before you press. The host then sees your address, and no page that you come from.",
    wrong:
      "The link doesn’t name an address that can be used: it must begin with https:// and have no password in it.",
    unknownSize: "size unknown",
  },
  notes: {
    "anchor-ignored": "a certificate that you gave can’t be used, and was left out",
    "clock-behind": "this device’s clock is behind the time of signing",
    "digests-v0.1-form": "the signature has the form of v0.2.0, which names no model",
    "hugging-face-records": "the folder has records of a download",
    "key-hint-missing": "the signature doesn’t say which key made it",
    "resources-not-in-order": "the signature lists its files in another order",
    "root-in-chain": "the signature contains a root certificate, which was left out",
    "timestamp-ignored": "a timestamp of an unknown authority was left out",
    "trust-root-expired": "the trust root has expired",
    "trust-root-old": "the trust root is old",
    "trust-root-without-certificate-logs": "the trust root names no certificate log",
    "trust-root-without-logs": "the trust root names no log",
  },
  codes,
};

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, "");
}

function claimed({ signer }: Answer): string {
  return signer === undefined || signer.name === "" ? "a name" : shown(signer.name);
}

function expected({ brief }: Answer): string {
  const publisher = brief?.verdict.publisher;
  if (publisher?.status !== "unexpected") return "someone else";
  const [first] = publisher.expected;
  return first === undefined
    ? "someone else"
    : shown(first.identity ?? first.sourceRepositoryUri ?? first.issuer ?? "");
}

function before({ before: signer }: Answer): string {
  if (signer === undefined) return "someone else";
  if (signer.method === "sigstore") return shown(signer.identity);
  return signer.method === "key" ? `the key ${fingerprint(signer.sha256)}` : shown(signer.subject);
}

function methodOf({ brief }: Answer): string {
  return brief === undefined ? "" : ": with a key, a certificate or an account";
}

function ways(signature: object | undefined): string {
  const method = signature !== undefined && "method" in signature ? signature.method : undefined;
  if (method === "key") return "with a key";
  return method === "certificate" ? "with a certificate" : "by someone who had signed in (Sigstore)";
}
