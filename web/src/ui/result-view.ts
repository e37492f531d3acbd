import type { Verdict } from "modelseal";
import type { Row } from "../model/file-rows.js";
import { answers, facts, headline, notChecked } from "../model/sentences.js";
import { shown } from "../model/shown.js";
import { AnswerCard } from "./answer-card.js";
import { freshId, h } from "./dom.js";
import { FileTable } from "./file-table.js";
import { toneMark } from "./tone-mark.js";

/** The verdict: one headline, four answers, what was not checked, the files, and the report. */
export class ResultView {
  readonly element: HTMLElement;
  readonly #title: HTMLHeadingElement;
  #reportUrl: string | undefined;

  constructor(verdict: Verdict, rows: readonly Row[], modelName: string) {
    const { tone, title, sentence } = headline(verdict);
    const id = freshId("result");
    this.#title = h("h2", { id, class: "outcome__title", tabindex: "-1" }, toneMark(tone), title);
    this.element = h(
      "section",
      { class: "result", "aria-labelledby": id, "data-outcome": verdict.outcome },
      h(
        "div",
        { class: `outcome outcome--${tone}` },
        this.#title,
        h("p", { class: "outcome__sentence" }, sentence),
        h(
          "p",
          { class: "outcome__model" },
          "Model: ",
          h("span", { class: "path", dir: "ltr" }, shown(modelName)),
        ),
      ),
      h("ol", { class: "answers" }, ...answers(verdict).map((answer) => new AnswerCard(answer).element)),
      section(
        "What this does not tell",
        h("ul", {}, ...notChecked(verdict).map((text) => h("li", {}, text))),
      ),
      new FileTable(rows).element,
      section(
        "For the record",
        h(
          "dl",
          { class: "facts" },
          ...facts(verdict).flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]),
        ),
        h("p", { class: "buttons" }, this.#download(verdict)),
      ),
    );
  }

  focus(): void {
    this.#title.focus();
  }

  /** Takes the view away for good. */
  remove(): void {
    this.element.remove();
    if (this.#reportUrl !== undefined) URL.revokeObjectURL(this.#reportUrl);
  }

  #download(verdict: Verdict): HTMLButtonElement {
    const button = h("button", { type: "button", class: "button" }, "Download the report (JSON)");
    button.addEventListener("click", () => {
      this.#reportUrl ??= URL.createObjectURL(
        new Blob([`${JSON.stringify(verdict, null, 2)}\n`], { type: "application/json" }),
      );
      h("a", { href: this.#reportUrl, download: "modelseal-verdict.json" }).click();
    });
    return button;
  }
}

function section(title: string, ...children: readonly HTMLElement[]): HTMLElement {
  const id = freshId("section");
  return h("section", { class: "card", "aria-labelledby": id }, h("h3", { id }, title), ...children);
}
