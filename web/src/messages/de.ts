import type { Answer } from "../check/answer.js";
import { codes } from "./codes.de.js";
import { type Format, fingerprint, short as shown } from "./format.js";
import type { Messages } from "./messages.js";

const FILES = { one: "# Datei", other: "# Dateien" };

/** Der Unterzeichner, für die Mitte eines Satzes. */
function who({ signer, known, expectation, modelName }: Answer): string {
  if (known !== undefined) return known.name;
  if (signer === undefined) return "der Unterzeichner";
  if (signer.method !== "key")
    return signer.name === "" ? "ein Unterzeichner ohne Namen" : shown(signer.name);
  if (expectation?.by === "example") return "der Inhaber des Beispielschlüssels";
  if (expectation?.by === "remembered") return "der Inhaber des von Ihnen bestätigten Schlüssels";
  return modelName === undefined ? "der Inhaber eines Schlüssels" : "der Inhaber des angegebenen Schlüssels";
}

/** Derselbe nach „von“. */
function by(answer: Answer): string {
  return who(answer)
    .replace(/^der /, "dem ")
    .replace(/^ein Unterzeichner/, "einem Unterzeichner");
}

/** Derselbe am Anfang eines Satzes. Ein Name bleibt, wie er ist. */
function atStart(answer: Answer): string {
  const { known, signer } = answer;
  const isName =
    known !== undefined || (signer !== undefined && signer.method !== "key" && signer.name !== "");
  return isName ? who(answer) : capital(who(answer));
}

function model({ modelName }: Answer): string {
  return modelName === undefined ? "dieses Modell" : `„${shown(modelName)}“`;
}

function all(count: number, format: Format): string {
  if (count === 1) return "die eine Datei ist";
  return count === 2 ? "beide Dateien sind" : `alle ${format.number(count)} Dateien sind`;
}

function first({ files }: Pick<Answer, "files">, format: Format): string {
  if (files === undefined) return "";
  const names = files.first.slice(0, 3).map((path) => (path === "." ? "die Datei" : shown(path)));
  const more = files.count - names.length;
  return more > 0 ? `${names.join(", ")} und ${format.number(more)} weitere` : format.list(names);
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Was an den Dateien nicht stimmt, alles, jeweils mit den ersten Namen. */
function faults({ brief, ...answer }: Answer, format: Format): string {
  if (brief === undefined) return "";
  const { coverage, bytes } = brief.verdict;
  const { changed, missing, unsigned } = brief;
  const parts: [count: number, text: string, names: readonly string[]][] = [
    [
      changed,
      `${format.plural(changed, { one: "# Datei ist nicht so", other: "# Dateien sind nicht so" })}, wie ${who(answer)} sie signiert hat`,
      bytes.changed.map(({ path }) => path),
    ],
    [
      missing,
      format.plural(missing, { one: "# signierte Datei fehlt", other: "# signierte Dateien fehlen" }),
      coverage.missing,
    ],
    [
      unsigned,
      `${format.plural(unsigned, { one: "# Datei ist", other: "# Dateien sind" })} von der Signatur nicht erfasst`,
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
  const { signature } = answer.brief?.verdict ?? {};
  const time = signature?.status === "valid" ? signature.verifiedTimes[0]?.at : undefined;
  const when = time === undefined ? "" : ` am ${format.day(time)}`;
  return `${capital(all(answer.signed ?? 0, format))} genau so, wie ${who(answer)} sie${when} signiert hat.`;
}

function codeOf(answer: Answer): string {
  const { signature } = answer.brief?.verdict ?? {};
  const code =
    answer.error?.code ?? (signature && signature.status !== "valid" ? signature.error.code : undefined);
  return code === undefined ? "" : codes[code];
}

function claimed({ signer }: Answer): string {
  return signer === undefined || signer.name === "" ? "einen Namen" : shown(signer.name);
}

function expected({ brief }: Answer): string {
  const publisher = brief?.verdict.publisher;
  if (publisher?.status !== "unexpected") return "jemand anderen";
  const [first] = publisher.expected;
  return first === undefined
    ? "jemand anderen"
    : shown(first.identity ?? first.sourceRepositoryUri ?? first.issuer ?? "");
}

function before({ before: signer }: Answer): string {
  if (signer === undefined) return "jemand anderem";
  if (signer.method === "sigstore") return shown(signer.identity);
  return signer.method === "key" ? `dem Schlüssel ${fingerprint(signer.sha256)}` : shown(signer.subject);
}

function ways(signature: object | undefined): string {
  const method = signature !== undefined && "method" in signature ? signature.method : undefined;
  if (method === "key") return "mit einem Schlüssel";
  return method === "certificate" ? "mit einem Zertifikat" : "nach einer Anmeldung (Sigstore)";
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, "");
}

/** Ob das Zertifikat erst nach der Zeit beginnt, nach deren Stand geprüft wird. */
function isEarly({ brief }: Answer): boolean {
  const { signature } = brief?.verdict ?? {};
  return signature?.status === "invalid" && signature.error.code === "certificate-not-yet-valid";
}

const keyNeeded =
  "Holen Sie den öffentlichen Schlüssel von der Website des Herausgebers, nicht aus diesem Ordner, und legen Sie ihn hier ab.";

export const de: Messages = {
  language: "de",
  page: {
    title: "modelseal: ein heruntergeladenes Modell prüfen",
    heading: "Ein heruntergeladenes Modell prüfen",
    intro: "Sehen Sie, wer es signiert hat und ob jede Datei genau die signierte ist.",
    drop: "Legen Sie den heruntergeladenen Ordner hier ab",
    dropNow: "Ablegen und prüfen",
    folder: "Ordner wählen",
    files: "Dateien wählen",
    private: "Ihre Dateien bleiben auf diesem Gerät. Es wird nichts hochgeladen.",
    examples: "Nur ansehen? Probieren Sie:",
    exampleGood: "Echtes Modell",
    exampleAltered: "Eine Datei verändert",
    exampleOther: "Von jemand anderem signiert",
    exampleExtra: "Mit zusätzlichen Dateien",
    what: "Was ist das?",
    whatText:
      "Manche Herausgeber signieren ihre Modelle. Mit der Signatur lässt sich prüfen, ob die Dateien die veröffentlichten sind und unterwegs niemand sie verändert hat. Diese Seite prüft das auf Ihrem Gerät, für Signaturen nach OpenSSF Model Signing. Eine Signatur sagt, wer ein Modell gemacht hat, nicht, ob es gut ist.",
    trustRoot: "Vertrauensliste vom",
    footer: "Geprüft wird in diesem Tab. Links werden nur auf Ihren Klick hin geöffnet.",
    language: "English",
    noWasm:
      "In diesem Browser läuft das Prüfprogramm nicht: Es braucht Worker und WebAssembly mit SIMD, wie Chrome 91, Firefox 89, Safari 16.4 und neuere es haben. Auf der Kommandozeile prüft npx modelseal dasselbe.",
    checkAnother: "Ein anderes Modell prüfen",
    cancel: "Abbrechen",
    stopHere: "Hier aufhören",
    busy: "Eine Prüfung läuft. Brechen Sie sie zuerst ab.",
  },
  working: {
    title: (name) => (name === "" ? "Prüfung läuft" : `${name} wird geprüft`),
    listing: (count) => `Der Ordner wird durchgesehen: bisher ${count}`,
    signature: "Die Signatur wird geprüft",
    found: (signature) => `Signatur gefunden und unversehrt (${signature})`,
    signedBy: (name) => `Signiert von ${name}`,
    named: (name) => `Signiert als „${name}“`,
    here: (here, signed) => `${here} von ${signed} signierten Dateien sind da`,
    comparing: "Inhalte werden verglichen",
    contradiction: (path) => `${path} ist nicht die signierte Datei.`,
    amount: (done, whole) => `${done} von ${whole}`,
    rest: (speed, time) => ` · ${speed}/s · noch etwa ${time}`,
    documentTitle: (percent) => `${percent} – Prüfung läuft`,
  },
  states: {
    verified: (answer, format) => ({
      title: "Geprüft und echt",
      sentence: `${atStart(answer)} hat ${model(answer)} signiert, und ${all(answer.signed ?? 0, format)} genau so, wie signiert.`,
    }),
    confirm: (answer, format) => ({
      title: "Unverändert. Haben Sie diesen Unterzeichner erwartet?",
      sentence: `${unchanged(answer, format)} ${
        answer.signer?.issuer == null
          ? "Sehen Sie nach, ob das Ihr Herausgeber ist."
          : `${shown(answer.signer.issuer)} hat bestätigt, dass der Unterzeichner in diesem Konto angemeldet war. Jeder mit einem Konto kann ein Modell signieren: Sehen Sie nach, ob das Ihr Herausgeber ist.`
      }`,
    }),
    declined: (answer) => ({
      title: "Von jemand anderem signiert",
      sentence: `Signiert hat ${who(answer)}, nicht der gewünschte Herausgeber. Verwenden Sie dieses Modell nicht.`,
      next: "Holen Sie das Modell von der Seite Ihres Herausgebers.",
    }),
    "signed-by-other": (answer) => ({
      title: "Von jemand anderem signiert",
      sentence: `Erwartet haben Sie ${expected(answer)}. Signiert hat ${who(answer)}.`,
      next: "Fragen Sie den Herausgeber, wer für ihn signiert, bevor Sie es verwenden.",
    }),
    "signer-changed": (answer) => ({
      title: "Der Unterzeichner ist ein anderer",
      sentence: `Zuletzt war ${model(answer)} von ${before(answer)} signiert. Diese Kopie hat ${who(answer)} signiert.`,
      next: "Fragen Sie den Herausgeber, bevor Sie es verwenden.",
    }),
    "authority-unknown": (answer) => ({
      title: "Nicht erkennbar, wer signiert hat",
      sentence: `Die Signatur nennt ${claimed(answer)}, aber das kann jeder schreiben. Die Stelle dahinter${
        answer.signer?.authority == null ? "" : ` (${shown(answer.signer.authority)})`
      } kennt diese Seite nicht${answer.expectation?.by === "given" ? ", und Sie haben sie nicht angegeben" : ""}.`,
      next: "Wenn Ihr Herausgeber Ihnen ein Zertifikat seiner Stelle (.pem) gegeben hat, legen Sie es hier ab.",
    }),
    "key-needed": ({ signer }) => ({
      title: "Sie brauchen den Schlüssel des Herausgebers",
      sentence: `Dieses Modell wurde mit einem Schlüssel signiert. ${keyNeeded}${
        signer?.key == null ? "" : ` Sein Fingerabdruck: ${fingerprint(signer.key)}`
      }`,
      next: "Legen Sie den Schlüssel hier ab, oder fügen Sie ihn unten ein.",
    }),
    "other-key": (answer) => ({
      title: "Mit einem anderen Schlüssel signiert",
      sentence:
        "Die Signatur nennt einen anderen Schlüssel als den angegebenen. Ob sie gültig ist, lässt sich mit diesem nicht prüfen.",
      next:
        answer.expectation?.by === "remembered"
          ? "Fragen Sie den Herausgeber, ob sein Schlüssel gewechselt hat."
          : keyNeeded,
    }),
    "other-method": () => ({
      title: "Auf andere Weise signiert",
      sentence:
        "Sie haben angegeben, woran der Unterzeichner zu erkennen ist; diese Signatur wurde auf andere Weise gemacht: mit einem Schlüssel, einem Zertifikat oder einem Konto.",
      next: "Prüfen Sie noch einmal ohne Ihre Erwartung, um zu sehen, wer signiert hat.",
    }),
    changed: (answer, format) => ({
      title: "Verwenden Sie dieses Modell nicht",
      sentence:
        answer.brief === undefined
          ? `Sie haben die Prüfung angehalten, aber das steht fest: ${first(answer, format)} ist nicht, was signiert wurde.`
          : `${capital(faults(answer, format))}.`,
      next:
        answer.webPage === undefined
          ? "Laden Sie, was abweicht, noch einmal herunter. Weicht es wieder ab, sagen Sie es dem Herausgeber."
          : `${shown(answer.webPage)} ist eine Webseite. Wahrscheinlich wurde eine Fehlerseite gespeichert: Laden Sie diese Datei noch einmal herunter.`,
    }),
    missing: (answer, format) => ({
      title: "Unvollständig heruntergeladen",
      sentence: `${format.plural(answer.files?.count ?? 0, { one: "# signierte Datei fehlt", other: "# signierte Dateien fehlen" })}: ${first(answer, format)}. Die anderen sind genau so, wie signiert.`,
      next: "Laden Sie nach, was fehlt, und prüfen Sie noch einmal.",
    }),
    unsigned: (answer, format) => ({
      title: "Dateien, für die niemand einsteht",
      sentence: `${capital(faults(answer, format))}. Alles andere stimmt.`,
      next: "Entfernen Sie, was nicht signiert ist, oder finden Sie heraus, woher es kommt.",
    }),
    pointers: (answer, format) => ({
      title: "Die Gewichte sind nicht heruntergeladen",
      sentence: `${first(answer, format)}: nur ${answer.files?.count === 1 ? "ein Platzhalter" : "Platzhalter"} von Git LFS, nicht die Datei selbst.`,
      next: "Führen Sie im Ordner git lfs pull aus, und prüfen Sie noch einmal.",
    }),
    "set-aside": (answer, format) => ({
      title: `Signierte Dateien stimmen; ${format.number(answer.setAside?.count ?? 0)} außer Betracht`,
      sentence: `${unchanged(answer, format)} Nicht Teil des Modells und nicht signiert: ${first(
        answer.setAside === undefined ? {} : { files: answer.setAside },
        format,
      )}.`,
    }),
    part: (answer, format) => ({
      title: answer.matched === 1 ? "Diese Datei stimmt" : "Diese Dateien stimmen",
      sentence: `${answer.matched === 1 ? "Sie ist genau eine" : "Sie sind genau"} der von ${by(answer)} in ${model(answer)} signierten Dateien. Die anderen ${format.number((answer.signed ?? 0) - (answer.matched ?? 0))} wurden nicht geprüft.`,
      next: "Legen Sie den ganzen Ordner ab, um alles zu prüfen.",
    }),
    "cache-matched": (answer, format) => ({
      title:
        answer.matched === answer.signed
          ? "Alle signierten Inhalte sind da"
          : "Einige signierte Inhalte fehlen",
      sentence: `Der Zwischenspeicher enthält ${format.plural(answer.matched ?? 0, FILES)} der ${format.number(answer.signed ?? 0)}, die ${who(answer)} in ${model(answer)} signiert hat. Ihre Namen waren nicht zu sehen: Ein Browser kann den Verweisen nicht folgen. Andere Inhalte sind andere Fassungen.`,
      next: "Um auch die Namen zu prüfen: hf download REPOSITORY --local-dir ORDNER, dann diesen Ordner ablegen.",
    }),
    "wrong-level": ({ folder = "" }) => ({
      title: "Der falsche Ordner?",
      sentence: `Die Signatur erfasst den Ordner ${shown(folder)}.`,
    }),
    "signature-broken": (answer) => ({
      title: "Die Signatur ist kaputt",
      sentence: `Die Signatur ist ungültig, also ist auf nichts hier Verlass. ${codeOf(answer)}`,
      next: "Holen Sie die Signatur noch einmal vom Herausgeber.",
    }),
    expired: (answer) => ({
      title: isEarly(answer)
        ? "Mit einem noch nicht gültigen Zertifikat signiert"
        : "Mit einem abgelaufenen Zertifikat signiert",
      sentence: isEarly(answer)
        ? codeOf(answer)
        : `${codeOf(answer)} Nichts beweist, dass die Signatur älter ist.`,
      next: "Wenn Sie wissen, wann signiert wurde, prüfen Sie nach dem Stand dieser Zeit.",
    }),
    uncheckable: (answer) => ({
      title: "Die Signatur ließ sich nicht prüfen",
      sentence: `Nichts widerspricht ihr, aber diese Seite kann sie nicht prüfen. ${codeOf(answer)}`,
      next: "Eine neuere Fassung dieser Seite oder von modelseal kann mehr wissen.",
    }),
    "not-signed": ({ given = "" }) => ({
      title: "Nicht signiert",
      sentence: `In ${given === "" ? "dem, was Sie abgelegt haben," : shown(given)} ist keine Signatur. Daran lässt sich nicht erkennen, wer diese Dateien gemacht hat. Die meisten Modelle sind nicht signiert.`,
      next: "Suchen Sie auf der Download-Seite nach model.sig oder *.oms.sig, und legen Sie die Datei hier ab.",
    }),
    "not-a-signature": ({ given = "", kind = "other" }) => ({
      title: "Das ist keine Signatur",
      sentence: `${shown(given)} ist ${de.kinds[kind]}.${kind === "html" ? " Wahrscheinlich wurde eine Fehlerseite gespeichert." : ""}`,
      next:
        kind === "lfs-pointer"
          ? "Führen Sie git lfs pull aus, und prüfen Sie noch einmal."
          : "Laden Sie die Signatur noch einmal herunter.",
    }),
    attestation: ({ given = "", attestation, folders = [] }) => ({
      title: "Ein Herkunftsnachweis, keine Modellsignatur",
      sentence: `${shown(given)} sagt etwas über ${
        attestation === undefined || attestation.subjects.count === 0
          ? "eine Datei"
          : shown(attestation.subjects.first[0] || "eine Datei")
      }${attestation === undefined ? "" : ` (${shown(attestation.predicateType)})`}, nicht über ein Modell.`,
      ...(folders.length !== 1 && {
        next: "Legen Sie ihn zusammen mit der einen Datei ab, um die es geht.",
      }),
    }),
    "build-record": (answer) => ({
      title:
        answer.tone === "bad"
          ? "Der Nachweis betrifft nicht diese Datei"
          : "Der Nachweis betrifft diese Datei",
      sentence:
        answer.tone === "bad"
          ? `${shown(answer.given ?? "")} ist nicht, was der Nachweis beschreibt, oder auf ihn ist kein Verlass. ${codeOf(answer)}`
          : `${shown(answer.given ?? "")} ist die Datei, zu der ${who(answer)} einen Nachweis gemacht hat. Ob das der Richtige ist, wissen nur Sie.`,
    }),
    "two-folders": () => ({
      title: "Einen Ordner auf einmal",
      sentence: "Sie haben mehrere Ordner abgelegt. Welcher soll geprüft werden?",
    }),
    archive: ({ given = "" }) => ({
      title: "Das ist ein Archiv",
      sentence: `${shown(given)} ist ein Archiv. Entpacken Sie es, und legen Sie dann den Ordner ab.`,
    }),
    "cache-links": ({ given = "" }) => ({
      title: "Verweise, keine Dateien",
      sentence: `${shown(given)} gehört wohl zum Zwischenspeicher von Hugging Face. Darin sind Verweise, denen ein Browser nicht folgen kann.`,
      next: "Legen Sie stattdessen den Ordner models--… ab, oder führen Sie hf download REPOSITORY --local-dir ORDNER aus.",
    }),
    unreadable: (answer, format) => ({
      title: "Eine Datei ließ sich nicht lesen",
      sentence:
        answer.host === undefined
          ? `${first(answer, format)} war da, als Sie den Ordner abgelegt haben, und ist seitdem verschwunden oder verändert.`
          : `${first(answer, format)} ließ sich nicht von ${shown(answer.host)} holen.`,
      next:
        answer.host === undefined
          ? "Legen Sie den Ordner noch einmal ab."
          : "Laden Sie das Modell herunter, und legen Sie seinen Ordner ab.",
    }),
    "private-key": () => ({
      title: "Das ist ein privater Schlüssel",
      sentence:
        "Geben Sie ihn nie weiter, weder hier noch anderswo. Diese Seite braucht den öffentlichen Schlüssel; was Sie ihr gegeben haben, hat sie vergessen.",
    }),
    stopped: (answer, format) => ({
      title: "Angehalten",
      sentence:
        answer.signed === undefined
          ? "Es wurde nichts entschieden."
          : `Bis dahin stimmten ${format.plural(answer.matched ?? 0, FILES)} von ${format.number(answer.signed)}. Die übrigen wurden nicht gelesen, also ist nichts entschieden.`,
    }),
    empty: ({ given = "" }) => ({
      title: "Keine Dateien",
      sentence: given === "" ? "Darin sind keine Dateien." : `In ${shown(given)} sind keine Dateien.`,
      next: "Legen Sie den Ordner mit den Dateien des Modells ab.",
    }),
    waiting: ({ has = [] }) => ({
      title: "Jetzt das Modell ablegen",
      sentence: `Da ist ${has.length === 0 ? "noch nichts" : has.map((kind) => de.kinds[kind]).join(", ")}. Für eine Prüfung braucht die Seite den Ordner des Modells.`,
    }),
    "signature-only": (answer) => ({
      title: "Jetzt das Modell ablegen",
      sentence: `${shown(answer.given ?? "")} ist eine Signatur für ${model(answer)}${
        answer.signer === undefined
          ? ""
          : `, die sagt, sie sei von ${answer.signer.claimed ? claimed(answer) : by(answer)}`
      }. Legen Sie den Ordner des Modells ab, um seine Dateien zu prüfen.`,
    }),
    "name-unexpected": (answer) => ({
      title: "Ein anderes Modell",
      sentence: `Erwartet haben Sie „${shown(answer.expectedName ?? "")}“. ${atStart(answer)} hat dieses als ${model(answer)} signiert.`,
      next: "Sehen Sie nach, ob Sie das richtige Modell heruntergeladen haben.",
    }),
    "single-file": (answer) => ({
      title: "Die Signatur gilt für eine Datei",
      sentence: `${atStart(answer)} hat eine einzelne Datei signiert, keinen Ordner.`,
      next: "Wählen Sie diese Datei zusammen mit ihrer Signatur.",
    }),
    "remote-ready": (answer, format) => ({
      title: "Signatur gefunden",
      sentence: `${atStart(answer)} hat ${model(answer)} signiert: ${format.plural(answer.signed ?? 0, FILES)}. Sie sind noch nicht geprüft.`,
    }),
    remote: (answer, format) => ({
      title: answer.matched === 1 ? "Die signierte Datei stimmt" : "Alle signierten Dateien stimmen",
      sentence: `${unchanged(answer, format)} Sie kommen von ${shown(answer.host ?? "")}. Was dort sonst liegt, war nicht zu sehen.`,
      next: "Was Sie später herunterladen, kann anders sein: Prüfen Sie den Ordner, den Sie verwenden.",
    }),
    incomplete: (answer, format) => ({
      title: "Nicht vollständig geprüft",
      sentence: `Nichts widerspricht der Signatur von ${by(answer)}, aber: ${format.list(
        (answer.brief?.verdict.reasons ?? []).map((code) => lower(codes[code])),
      )}.`,
    }),
    "unusable-material": (answer) => ({
      title: "Das lässt sich nicht verwenden",
      sentence: codeOf(answer),
      next: "Geben Sie Schlüssel, Zertifikat oder Vertrauensliste noch einmal an.",
    }),
    refused: (answer) => ({
      title: "Die Prüfung ließ sich nicht beenden",
      sentence: codeOf(answer),
      next: "Versuchen Sie es noch einmal.",
    }),
  },
  questions: {
    signature: "Ist die Signatur gültig?",
    publisher: "Ist sie von dem, den Sie erwarten?",
    coverage: "Erfasst sie jede Datei?",
    bytes: "Ist jedes Byte wie signiert?",
  },
  answers: {
    signature: {
      yes: ({ brief }) => ({
        label: "Ja",
        sentence: `Gemacht ${ways(brief?.verdict.signature)}, seitdem unverändert.`,
      }),
      no: (answer) => ({ label: "Nein", sentence: codeOf(answer) }),
      unchecked: (answer) => ({ label: "Nicht prüfbar", sentence: codeOf(answer) }),
    },
    publisher: (answer) => {
      const { brief, state } = answer;
      if (state === "declined") return { label: "Nein", sentence: "Das haben Sie gesagt." };
      if (state === "signer-changed") return { label: "Nein", sentence: "Sie kennen jemand anderen." };
      if (state === "other-key") return { label: "Nein", sentence: "Sie nennt einen anderen Schlüssel." };
      const publisher = brief?.verdict.publisher;
      switch (publisher?.status) {
        case "expected":
          if (state === "confirm")
            return { label: "Nicht bekannt", sentence: `Signiert hat ${who(answer)}.` };
          return { label: "Ja", sentence: `Signiert hat ${who(answer)}.` };
        case "unexpected":
          return { label: "Nein", sentence: `Signiert hat ${who(answer)}.` };
        default:
          return {
            label: "Nicht bekannt",
            sentence:
              answer.signer === undefined || answer.signer.claimed
                ? "Nichts beweist, wer signiert hat."
                : `Signiert hat ${who(answer)}.`,
          };
      }
    },
    coverage: ({ brief, setAside }, format) => {
      if (brief === undefined) return { label: "Nicht bekannt", sentence: "" };
      const { coverage } = brief.verdict;
      switch (coverage.status) {
        case "complete":
          return {
            label: "Ja",
            sentence: `${format.plural(coverage.signedFiles, { one: "# signierte Datei", other: "# signierte Dateien" })}, sonst nichts.`,
          };
        case "partial":
          return {
            label: "Bis auf Ausgenommenes",
            sentence: `${format.plural(setAside?.count ?? brief.ignored, FILES)} außer Betracht.`,
          };
        case "failed":
          return {
            label: "Nein",
            sentence: capital(
              `${format.list(
                [
                  brief.missing > 0 && `${format.number(brief.missing)} fehlen`,
                  brief.unsigned > 0 && `${format.number(brief.unsigned)} nicht signiert`,
                ].filter((part) => part !== false),
              )}.`,
            ),
          };
        case "unobserved":
          return { label: "Nicht bekannt", sentence: "Nur ein ganzer Ordner zeigt, was noch darin ist." };
        case "unknown":
          return { label: "Nicht bekannt", sentence: "Verglichen wird nur unter einer gültigen Signatur." };
      }
    },
    bytes: ({ brief, matched = 0 }, format) => {
      if (brief === undefined) return { label: "Nicht bekannt", sentence: "" };
      switch (brief.verdict.bytes.status) {
        case "hashed":
          return { label: "Ja", sentence: `${format.plural(matched, FILES)} bis zum letzten Byte gelesen.` };
        case "failed":
          return {
            label: "Nein",
            sentence: `${format.plural(brief.changed, { one: "# Datei weicht ab", other: "# Dateien weichen ab" })}, ${format.number(matched)} stimmen.`,
          };
        case "partial":
          return {
            label: "Zum Teil",
            sentence: `${format.plural(matched, FILES)} gelesen und richtig; die anderen wurden nicht gelesen.`,
          };
        default:
          return { label: "Nicht bekannt", sentence: "Es wurde keine Datei gelesen." };
      }
    },
  },
  asides: {
    nameDiffers: (given, signed) =>
      `Ihr Ordner heißt „${given}“. Die Signatur gilt für „${signed}“. Ist das das gewünschte Modell?`,
    trustBasis: ({ expectation, known, signer }, format) => {
      if (known !== undefined) return `Diese Seite kennt den Unterzeichner von ${known.source}.`;
      if (expectation?.by === "remembered" && expectation.since !== undefined)
        return `Sie haben diesen Unterzeichner am ${format.day(expectation.since)} bestätigt.`;
      if (expectation?.by === "example")
        return "Ein Beispiel dieser Seite, signiert mit einem dafür gemachten Schlüssel.";
      if (expectation?.by === "given" && signer?.method === "key")
        return "Das taugt so viel wie die Stelle, von der Sie den Schlüssel haben.";
      if (expectation?.by === "given" && signer?.method === "certificate")
        return "Das taugt so viel wie die Stelle, von der Sie das Zertifikat haben.";
      if (expectation?.by === "given") return "Sie haben gesagt, dass Sie diesen Unterzeichner erwarten.";
      return undefined;
    },
    signatures: (count) =>
      `Dieses Modell hat ${count} Signaturen. Jede wird für sich beurteilt, und keine gilt als zusätzliche Datei.`,
  },
  actions: {
    yes: "Ja, den habe ich erwartet",
    no: "Nein",
    unsure: "Ich bin nicht sicher",
    checkAgain: "Noch einmal prüfen",
    showLeftovers: "Noch einmal prüfen, ohne Ausnahmen",
    checkArtifact: "Die Datei daran prüfen",
    pasteKey: "Schlüssel einfügen",
    copy: "Kopieren",
    copied: "Kopiert",
    report: "Bericht speichern (JSON)",
    print: "Drucken",
    link: "Link kopieren, der dies noch einmal prüft",
    linkCopied: "Der Link ist kopiert",
    forget: "Diesen Unterzeichner vergessen",
    forgotten: "Vergessen",
    rememberModel: "Für dieses Modell merken",
    rememberAny: "Für jedes Modell merken",
    remembered: "Nur in diesem Browser gemerkt.",
    notRemembered: "Dieser Browser lässt die Seite nichts merken.",
    judgeThen: "Nach dem Stand einer anderen Zeit prüfen",
    useLink: "Verwenden",
    ignoreLink: "Nicht beachten",
    keep: "Bei diesem bleiben",
    checkFolder: (folder) => `${folder} prüfen`,
  },
  unsureText:
    "Suchen Sie das Konto, mit dem der Herausgeber signiert, auf seiner eigenen Website, nicht in diesem Ordner, und vergleichen Sie es Buchstabe für Buchstabe.",
  sections: {
    evidence: "Belege",
    files: "Dateien",
    notChecked: "Nicht geprüft",
    raw: "Die Signaturdatei",
    signatures: "Signaturen",
    expert: "Ich weiß, wer signiert haben sollte",
    signers: "Von Ihnen bestätigte Unterzeichner",
  },
  evidence: {
    algorithm: "Verfahren",
    signer: "Unterzeichner",
    howKnown: "Woher bekannt",
    when: "Wann",
    log: "Öffentliches Protokoll",
    openLog: "Im öffentlichen Protokoll öffnen",
    build: "Herkunft",
    name: "Signierter Name",
    rootDigest: "Gesamtprüfsumme",
    bundleDigest: "Signaturdatei",
    key: "Schlüssel",
    trustRoot: "Vertrauensliste",
    rule: (chosen: string) => `Regel, gewählt von ${chosen}`,
    repeat: "Wiederholen",
    checkedBy: "Geprüft mit",
    judgedAt: "Nach dem Stand von",
    validUntil: "Zertifikate gültig bis",
    notes: "Anmerkungen",
    code: "Code",
    never: "Nicht bewiesen: Die Signatur enthält keinen Beweis, wann sie gemacht wurde.",
    leaves: "verlässt diese Seite",
    verifiedNode: "geprüft",
    claimedNode: "nur behauptet",
    claimed: "behauptet, nicht geprüft",
    rawHint:
      "Jeder Teil ist gekennzeichnet: von dieser Prüfung bestätigt, oder nur behauptet von dem, der die Datei geschrieben hat.",
    noIssuer: "keiner im Zertifikat",
    ownRoot: "Ihre eigene",
    before: (time, authority) => `Vor ${time}, sagt ${authority}`,
    entry: (index, log, proved) => `Eintrag ${index} in ${log}, Aufnahme ${proved ? "bewiesen" : "zugesagt"}`,
    valid: (from, to) => `gültig ${from} – ${to}`,
    by: {
      example: "dem Beispiel dieser Seite",
      given: "Ihnen",
      link: "dem Link, dem Sie gefolgt sind",
      preset: "dieser Seite",
      remembered: "Ihnen, früher",
      nobody: "niemandem: Der Unterzeichner wurde nur gemeldet",
    },
    basis: { now: "jetzt", caller: "Ihre Wahl", "signed-time": "die Signatur beweist diese Zeit" },
    fields: {
      buildConfigUri: "Gebaut nach",
      buildConfigDigest: "Stand dieser Anleitung",
      buildTrigger: "Ausgelöst durch",
      buildSignerUri: "Signiert vom Ablauf",
      buildSignerDigest: "Stand dieses Ablaufs",
      runInvocationUri: "Lauf",
      runnerEnvironment: "Maschine",
      sourceRepositoryDigest: "Commit",
      sourceRepositoryIdentifier: "Nummer des Repositorys",
      sourceRepositoryOwnerIdentifier: "Nummer seines Eigentümers",
      sourceRepositoryOwnerUri: "Eigentümer",
      sourceRepositoryRef: "Zweig oder Marke",
      sourceRepositoryUri: "Repository",
      sourceRepositoryVisibilityAtSigning: "Das Repository war damals",
    },
  },
  table: {
    status: "Stand",
    file: "Datei",
    size: "Größe",
    digest: "Signierte Prüfsumme",
    search: "Dateien suchen",
    only: "Nur zeigen",
    all: "Alle",
    caption: "Dateien des Modells und was gefunden wurde",
    none: "Keine Datei passt.",
    shown: (count) => `${count} gezeigt`,
    files: FILES,
    statuses: {
      changed: "Verändert",
      missing: "Fehlt",
      unsigned: "Nicht signiert",
      unreadable: "Nicht lesbar",
      "not-checked": "Nicht geprüft",
      ignored: "Außer Betracht",
      ok: "Wie signiert",
    },
  },
  notChecked: {
    "newest-version":
      "Ob es die neueste Fassung ist. Ein älteres Modell mit eigener Signatur ist genauso gültig.",
    revocation: "Ob der Schlüssel oder ein Zertifikat seitdem widerrufen wurde.",
    symlinks: "Verweise. Ein Browser zeigt sie einer Seite nicht.",
    quality:
      "Ob das Modell gut oder harmlos ist. Eine Signatur sagt, wer diese Bytes signiert hat, nicht, was sie tun.",
  },
  kinds: {
    archive: "ein Archiv",
    bundle: "eine Signatur",
    certificate: "ein Zertifikat",
    empty: "leer",
    html: "eine Webseite",
    json: "anderes JSON",
    key: "ein öffentlicher Schlüssel",
    "lfs-pointer": "ein Platzhalter von Git LFS",
    other: "etwas anderes",
    "private-key": "ein privater Schlüssel",
    "trust-root": "eine Vertrauensliste",
  },
  signatureResults: {
    checked: "Oben geprüft",
    good: "Gültig",
    bad: "Kaputt",
    open: "Nicht erkennbar, wer signiert hat",
    unreadable: "Keine Signatur",
  },
  expert: {
    title: "Ich weiß, wer signiert haben sollte",
    hint: "Geben Sie eines davon an, bevor Sie das Modell ablegen, oder danach. Nehmen Sie es vom Herausgeber, nicht aus dem Ordner des Modells.",
    key: "Öffentlicher Schlüssel (PEM)",
    keyHint: "Sie können die Datei des Schlüssels auch auf dieser Seite ablegen.",
    certificate: "Zertifikate der Stellen (PEM)",
    certificateHint: "Jeder Herausgeber, den sie zertifizieren, wird angenommen.",
    identity: "Konto",
    identityHint:
      "Der genaue Name des Herausgebers dort: eine E-Mail-Adresse oder die Adresse eines Ablaufs.",
    issuer: "Aussteller",
    issuerHint: "Der Dienst, bei dem sich der Herausgeber anmeldet, als Adresse.",
    preset: "Ein Herausgeber, den diese Seite kennt",
    trustRoot: "Vertrauensliste",
    trustRootHint: "Wessen Wort für Konten, Protokolleinträge und Zeiten des Signierens zählt.",
    rootProduction: "Sigstore (eingebaut)",
    rootStaging: "Sigstore Staging, für Versuche",
    rootGithub: "GitHub",
    rootFile: "Eine eigene Datei",
    time: "Nach dem Stand dieser Zeit prüfen (UTC)",
    timeHint: "Leer: Zertifikate müssen jetzt gültig sein. Eine Zeit, die die Signatur beweist, geht vor.",
    name: "Name des Modells",
    nameHint: "Leer: Jeder Name wird angenommen und gezeigt.",
    use: "Verwenden",
    inUse: "In Gebrauch. Was Sie ablegen, wird daran geprüft.",
    clear: "Nicht mehr verwenden",
    missing: "Füllen Sie das zuerst aus.",
    method: "Woran der Unterzeichner zu erkennen ist",
    readFile: "Aus einer Datei lesen",
    tooLarge: "Dafür ist diese Datei zu groß.",
  },
  signers: {
    none: "Noch keine. Nach einer Prüfung kann sich dieser Browser merken, wer signiert hat.",
    hint: "Diese Liste hat nur dieser Browser.",
    any: "für jedes Modell",
    forModel: (name) => `für „${name}“`,
    since: (day) => `seit ${day}`,
    key: (key) => `Schlüssel ${key}`,
  },
  link: {
    says: (name) => `Der Link, dem Sie gefolgt sind, erwartet ${name}.`,
    suggestion: "Das ist ein Vorschlag von dem, der den Link gemacht hat.",
    wrong:
      "Der Link nennt einen Unterzeichner in einer Form, die diese Seite nicht kennt. Er bleibt unbeachtet.",
    key: (key) => `den Inhaber des Schlüssels ${key}`,
  },
  remote: {
    title: (host) => `Ein Modell bei ${host} prüfen`,
    ask: (host) => `Die Signatur von ${host} holen`,
    fetch: (count, size, host) => `${count} (${size}) von ${host} prüfen`,
    hint: "Ein Link verlangt das. Vor Ihrem Klick wird nichts geholt. Danach sieht der Host Ihre Adresse, aber nicht, von welcher Seite Sie kommen.",
    wrong:
      "Der Link nennt keine brauchbare Adresse: Sie muss mit https:// beginnen und darf kein Passwort enthalten.",
    unknownSize: "Größe unbekannt",
  },
  notes: {
    "anchor-ignored": "ein von Ihnen angegebenes Zertifikat ist nicht verwendbar und blieb außer Betracht",
    "clock-behind": "die Uhr dieses Geräts geht gegenüber der Zeit des Signierens nach",
    "digests-v0.1-form": "die Signatur hat die Form von v0.2.0, die kein Modell nennt",
    "hugging-face-records": "der Ordner enthält Aufzeichnungen eines Downloads",
    "key-hint-missing": "die Signatur sagt nicht, welcher Schlüssel sie gemacht hat",
    "resources-not-in-order": "die Signatur führt ihre Dateien in anderer Reihenfolge auf",
    "root-in-chain": "die Signatur enthält ein Stammzertifikat, das außer Betracht blieb",
    "timestamp-ignored": "ein Zeitstempel einer unbekannten Stelle blieb außer Betracht",
    "trust-root-expired": "die Vertrauensliste ist abgelaufen",
    "trust-root-old": "die Vertrauensliste ist alt",
    "trust-root-without-certificate-logs": "die Vertrauensliste nennt kein Zertifikatsprotokoll",
    "trust-root-without-logs": "die Vertrauensliste nennt kein Protokoll",
  },
  codes,
};
