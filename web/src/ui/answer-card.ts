import type { Answer } from "../model/sentences.js";
import { h } from "./dom.js";
import { toneMark } from "./tone-mark.js";

/** Longer lists are in the file table and in the report. */
const MOST_DETAILS = 5;

/** One of the four answers. */
export class AnswerCard {
  readonly element: HTMLElement;

  constructor({ question, tone, label, sentence, details }: Answer) {
    const rest = details.length - MOST_DETAILS;
    this.element = h(
      "li",
      { class: `answer answer--${tone}` },
      h("h3", { class: "answer__question" }, question),
      h("p", { class: "answer__label" }, toneMark(tone), h("strong", {}, label)),
      h("p", { class: "answer__sentence" }, sentence),
      details.length === 0
        ? undefined
        : h(
            "ul",
            { class: "answer__details" },
            ...details.slice(0, MOST_DETAILS).map((text) => h("li", {}, text)),
            rest > 0 ? h("li", {}, `and ${rest.toLocaleString("en")} more, in the table below`) : undefined,
          ),
    );
  }
}
