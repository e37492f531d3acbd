import type { Action, Answer, Tone } from "../check/answer.js";
import type { Client } from "../check/client.js";
import { signatureValue } from "../check/judged.js";
import { short, shown } from "../messages/format.js";
import type { Speech } from "../messages/index.js";
import {
  forget,
  hasSigned,
  isSame,
  type Remembered,
  remember,
  rememberedSigners,
} from "../signers/remembered.js";
import { button, copyButton, fold } from "./buttons.js";
import { freshId, h } from "./dom.js";
import { evidence } from "./evidence-view.js";
import { FileTable } from "./file-table.js";
import { toneMark, toneSign } from "./tone-mark.js";

/** What the page does on a press in an answer. */
export interface AnswerActions {
  act(action: Action): void;
  /** Opens the form of those who know the signer, at one of its fields. */
  expert(field: "key" | "time"): void;
  /** Checks again without the person's expectation. */
  withoutExpectation(): void;
  another(): void;
  /** A link that makes this check again; nothing where there is no way to write it. */
  link(answer: Answer): string | undefined;
}

/** States in which the expectation itself stands in the way. */
const BY_EXPECTATION: ReadonlySet<string> = new Set(["other-method"]);

/** States that a second try may change. */
const AGAIN: ReadonlySet<string> = new Set(["stopped", "refused", "unreadable"]);

/** What came of a check: title and sentence first, the four answers, and the rest folded. */
export class AnswerView {
  readonly element: HTMLElement;
  readonly #title: HTMLHeadingElement;
  readonly #answer: Answer;
  readonly #speech: Speech;
  readonly #client: Client;
  readonly #actions: AnswerActions;

  constructor(answer: Answer, speech: Speech, client: Client, actions: AnswerActions) {
    this.#answer = answer;
    this.#speech = speech;
    this.#client = client;
    this.#actions = actions;
    const { m, format } = speech;
    const { title, sentence, next } = m.states[answer.state](answer, format);
    const id = freshId("answer");
    this.#title = h(
      "h2",
      { id, class: "outcome__title", tabindex: "-1", "aria-describedby": `${id}-sentence` },
      toneMark(answer.tone),
      h("span", {}, title),
    );
    const name = answer.modelName ?? answer.given ?? "";
    document.title = `${toneSign(answer.tone)} ${title}${name === "" ? "" : ` – ${short(name)}`}`;
    this.element = h(
      "section",
      { class: "result", "aria-labelledby": id, "data-state": answer.state, "data-tone": answer.tone },
      h(
        "div",
        { class: `outcome outcome--${answer.tone}` },
        this.#title,
        h("p", { class: "outcome__sentence", id: `${id}-sentence` }, sentence),
        this.#nameAside(),
        this.#basis(),
        next === undefined ? undefined : h("p", { class: "outcome__next" }, next),
        this.#question(),
        this.#buttons(),
      ),
      this.#answers(),
      this.#memory(),
      this.#signatures(),
      ...this.#folds(),
      this.#end(),
    );
  }

  focus(): void {
    scrollTo(0, 0);
    this.#title.focus({ preventScroll: true });
  }

  /** The name is the signed one; another name of the folder is said beside it. */
  #nameAside(): HTMLElement | undefined {
    const { modelName, given = "", state, brief } = this.#answer;
    if (modelName === undefined || given === "" || given === modelName || brief === undefined)
      return undefined;
    if (state === "part" || state === "cache-matched") return undefined;
    return h(
      "p",
      { class: "outcome__aside", "data-aside": "name" },
      this.#speech.m.asides.nameDiffers(short(given), short(modelName)),
    );
  }

  #basis(): HTMLElement | undefined {
    const { m, format } = this.#speech;
    if (this.#answer.tone !== "good" && this.#answer.state !== "set-aside") return undefined;
    const text = m.asides.trustBasis(this.#answer, format);
    return text === undefined ? undefined : h("p", { class: "outcome__basis" }, text);
  }

  /** The one question that is asked, and only about what a signature proves. */
  #question(): HTMLElement | undefined {
    const { state, signer } = this.#answer;
    if (state !== "confirm" || signer === undefined) return undefined;
    const { m } = this.#speech;
    const copy = { copy: m.actions.copy, copied: m.actions.copied };
    const line = (text: string) =>
      h(
        "p",
        { class: "copy-line" },
        h("span", { class: "path", dir: "ltr" }, shown(text)),
        copyButton(copy, text),
      );
    const unsure = h(
      "div",
      { class: "unsure", hidden: true, tabindex: "-1" },
      h("p", {}, m.unsureText),
      line(signer.subject !== null && signer.method === "certificate" ? signer.subject : signer.name),
      signer.issuer === null ? undefined : line(signer.issuer),
    );
    const buttons = h(
      "p",
      { class: "buttons" },
      button(m.actions.yes, () => this.#actions.act({ type: "confirm" }), "button--main"),
      button(m.actions.no, () => this.#actions.act({ type: "decline" })),
      button(m.actions.unsure, () => {
        unsure.hidden = !unsure.hidden;
        if (!unsure.hidden) unsure.focus();
      }),
    );
    return h("div", { class: "question" }, buttons, unsure);
  }

  #buttons(): HTMLElement | undefined {
    const { state, folder, folders = [], setAside } = this.#answer;
    const { m } = this.#speech;
    const { act } = this.#actions;
    const buttons: HTMLElement[] = [];
    if (state === "wrong-level" && folder !== undefined) {
      buttons.push(
        button(m.actions.checkFolder(short(folder)), () => act({ type: "folder", folder }), "button--main"),
      );
    }
    if (state === "two-folders") {
      for (const name of folders.slice(0, 5))
        buttons.push(button(m.actions.checkFolder(short(name)), () => act({ type: "pick-folder", name })));
    }
    if (state === "attestation" && folders.length === 1)
      buttons.push(button(m.actions.checkArtifact, () => act({ type: "artifact" }), "button--main"));
    if (state === "remote-ready") {
      const { signed = 0, remoteBytes, host = "" } = this.#answer;
      const { m: texts, format } = this.#speech;
      const count = format.plural(signed, texts.table.files);
      const size = remoteBytes === undefined ? texts.remote.unknownSize : format.bytes(remoteBytes);
      const label = texts.remote.fetch(count, size, short(host));
      buttons.push(button(label, () => act({ type: "fetch", totalBytes: remoteBytes ?? 0 }), "button--main"));
    }
    if (state === "key-needed" || state === "other-key")
      buttons.push(button(m.actions.pasteKey, () => this.#actions.expert("key")));
    if (state === "expired") buttons.push(button(m.actions.judgeThen, () => this.#actions.expert("time")));
    if (BY_EXPECTATION.has(state))
      buttons.push(button(m.actions.checkAgain, () => this.#actions.withoutExpectation()));
    if (AGAIN.has(state)) buttons.push(button(m.actions.checkAgain, () => act({ type: "again" })));
    if (setAside !== undefined && this.#answer.brief !== undefined)
      buttons.push(button(m.actions.showLeftovers, () => act({ type: "again", withLeftovers: true })));
    return buttons.length === 0 ? undefined : h("p", { class: "buttons" }, ...buttons);
  }

  #answers(): HTMLElement | undefined {
    const answer = this.#answer;
    const { brief } = answer;
    if (brief === undefined) return undefined;
    const { m, format } = this.#speech;
    const { verdict } = brief;
    const value = signatureValue(verdict);
    const signature = m.answers.signature[value](answer, format);
    const lines: [string, { label: string; sentence: string }, Tone][] = [
      [m.questions.signature, signature, value === "yes" ? "good" : value === "no" ? "bad" : "open"],
      [m.questions.publisher, m.answers.publisher(answer, format), publisherTone(answer)],
      [m.questions.coverage, m.answers.coverage(answer, format), COVERAGE[verdict.coverage.status]],
      [m.questions.bytes, m.answers.bytes(answer, format), BYTES[verdict.bytes.status]],
    ];
    return h(
      "ol",
      { class: "answers" },
      ...lines.map(([question, { label, sentence }, tone]) =>
        h(
          "li",
          { class: `answer answer--${tone}` },
          toneMark(tone),
          h("span", { class: "answer__question" }, question),
          h("strong", { class: "answer__label" }, label),
          h("span", { class: "answer__sentence" }, sentence),
        ),
      ),
    );
  }

  /** What the person may have this browser remember, once the signer is theirs. */
  #memory(): HTMLElement | undefined {
    const { memory, state, expectation, modelName } = this.#answer;
    const { m } = this.#speech;
    const said = h("p", { class: "hint", role: "status" });
    if (expectation?.by === "remembered" && state === "verified") {
      const { brief } = this.#answer;
      const forgetIt = button(m.actions.forget, () => {
        const signature = brief?.verdict.signature;
        for (const signer of rememberedSigners())
          if (signature?.status === "valid" && hasSigned(signer, signature)) forget(signer);
        said.textContent = m.actions.forgotten;
        forgetIt.disabled = true;
      });
      return brief === undefined ? undefined : h("div", { class: "memory" }, forgetIt, said);
    }
    const signed =
      state === "verified" || state === "set-aside" || state === "part" || state === "cache-matched";
    if (memory === undefined || !signed || expectation?.by !== "given") return undefined;
    const choices: [string, Remembered][] = [[m.actions.rememberAny, { ...memory, model: null }]];
    if (memory.model !== null && modelName !== undefined) choices.unshift([m.actions.rememberModel, memory]);
    const boxes = choices.map(([label, signer]) => {
      const box = h("input", {
        type: "checkbox",
        checked: rememberedSigners().some((one) => isSame(one, signer)),
      });
      box.addEventListener("change", () => {
        const done = box.checked ? remember({ ...signer, since: new Date().toISOString() }) : forget(signer);
        said.textContent = done ? m.actions.remembered : m.actions.notRemembered;
        if (!done) box.checked = false;
      });
      return h("label", { class: "check" }, box, h("span", {}, label));
    });
    return h("div", { class: "memory" }, ...boxes, said);
  }

  #signatures(): HTMLElement | undefined {
    const { signatures = [] } = this.#answer;
    if (signatures.length < 2) return undefined;
    const { m, format } = this.#speech;
    const id = freshId("signatures");
    return h(
      "section",
      { class: "card", "aria-labelledby": id },
      h("h3", { id }, m.sections.signatures),
      h("p", { class: "hint" }, m.asides.signatures(format.number(signatures.length))),
      h(
        "ul",
        { class: "signatures" },
        ...signatures.map(({ name, result, signer }) =>
          h(
            "li",
            {},
            toneMark(SIGNATURE_TONES[result]),
            h("span", { class: "path", dir: "ltr" }, shown(name)),
            h("strong", {}, m.signatureResults[result]),
            signer === null ? undefined : h("span", { class: "hint" }, short(signer)),
          ),
        ),
      ),
    );
  }

  #folds(): (HTMLElement | undefined)[] {
    const answer = this.#answer;
    const { m, format } = this.#speech;
    const { brief, artifact, rows } = answer;
    const folds: HTMLElement[] = [];
    if (brief !== undefined || artifact !== undefined) {
      folds.push(fold(m.sections.evidence, () => evidence(answer, this.#speech, this.#client), "evidence"));
    }
    if (rows > 0) {
      const title = `${m.sections.files} (${format.number(rows)})`;
      folds.push(fold(title, () => [new FileTable(this.#speech, this.#client, rows).element], "files"));
    }
    if (brief !== undefined) {
      const { coverage, notChecked } = brief.verdict;
      folds.push(
        fold(
          m.sections.notChecked,
          () => [
            h(
              "ul",
              {},
              ...[...coverage.notObservable, ...notChecked, "quality" as const].map((code) =>
                h("li", {}, m.notChecked[code]),
              ),
            ),
          ],
          "not-checked",
        ),
      );
    }
    return folds;
  }

  #end(): HTMLElement {
    const { m } = this.#speech;
    const { brief, artifact } = this.#answer;
    const said = h("span", { class: "hint", role: "status" });
    const link = this.#actions.link(this.#answer);
    return h(
      "div",
      { class: "buttons result__end" },
      button(m.page.checkAnother, () => this.#actions.another(), "button--main"),
      brief === undefined && artifact === undefined
        ? undefined
        : button(m.actions.report, () => void this.#save()),
      brief === undefined ? undefined : button(m.actions.print, () => print()),
      link === undefined
        ? undefined
        : button(m.actions.link, () => {
            void navigator.clipboard.writeText(link).then(
              () => {
                said.textContent = m.actions.linkCopied;
              },
              () => {},
            );
          }),
      said,
    );
  }

  async #save(): Promise<void> {
    const report = await this.#client.report();
    if (report === undefined) return;
    const { modelName, given, brief, artifact } = this.#answer;
    const outcome = brief?.verdict.outcome ?? artifact?.outcome ?? "none";
    const name = (modelName ?? given ?? "model").replace(/[^A-Za-z0-9._-]+/g, "-").slice(0, 80);
    const url = URL.createObjectURL(report);
    h("a", {
      href: url,
      download: `${name}-${outcome}-${new Date().toISOString().slice(0, 10)}.json`,
    }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  }
}

function publisherTone({ state, brief }: Answer): Tone {
  if (state === "declined" || state === "signer-changed" || state === "other-key") return "bad";
  if (state === "confirm") return "open";
  const status = brief?.verdict.publisher.status;
  return status === "expected" ? "good" : status === "unexpected" ? "bad" : "open";
}

const COVERAGE = {
  complete: "good",
  partial: "open",
  unobserved: "open",
  unknown: "open",
  failed: "bad",
} as const satisfies Record<string, Tone>;

const BYTES = {
  hashed: "good",
  listing: "open",
  partial: "open",
  "not-hashed": "open",
  failed: "bad",
} as const satisfies Record<string, Tone>;

const SIGNATURE_TONES = {
  checked: "good",
  good: "good",
  bad: "bad",
  open: "open",
  unreadable: "quiet",
} as const satisfies Record<string, Tone>;
