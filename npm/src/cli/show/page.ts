// Lines of a page. What is put in is escaped here, in one place.
import { escapeText } from "../../core/escape.js";
import type { Outcome } from "../../types/index.js";

/** Entries of a list that are shown; the JSON form has all. */
const SHOWN = 20;

/** How a word is coloured on a terminal. */
export type Colour = "good" | "partial" | "bad";

const COLOURS = { good: "\u001b[1m\u001b[32m", partial: "\u001b[1m\u001b[33m", bad: "\u001b[1m\u001b[31m" };
const DIMMED = "\u001b[2m";
const PLAIN = "\u001b[0m";

/** Lines of a page; `coloured` on a terminal. */
export class Page {
  text = "";
  readonly #coloured: boolean;

  constructor(coloured: boolean) {
    this.#coloured = coloured;
  }

  /** The first line of a verdict. */
  outcome(outcome: Outcome, rest: string): void {
    if (outcome === "verified") this.headline("good", "VERIFIED", rest);
    else if (outcome === "incomplete") this.headline("partial", "INCOMPLETE", rest);
    else this.headline("bad", "NOT VERIFIED", rest);
  }

  headline(colour: Colour, word: string, rest: string): void {
    this.text += `${this.#in(COLOURS[colour], word)}  ${escapeText(rest)}\n`;
  }

  row(label: string, text: string | number): void {
    this.#escapedRow(label, escapeText(String(text)));
  }

  list<T>(label: string, items: readonly T[], show: (item: T) => string): void {
    this.escapedList(label, items, (item) => escapeText(show(item)));
  }

  /** A list whose items `show` escapes. */
  escapedList<T>(label: string, items: readonly T[], show: (item: T) => string): void {
    for (const [index, item] of items.slice(0, SHOWN).entries()) {
      this.#escapedRow(index === 0 ? label : "", show(item));
    }
    if (items.length > SHOWN) this.row("", `… and ${items.length - SHOWN} more; --format json lists all`);
  }

  #escapedRow(label: string, escaped: string): void {
    this.text += `  ${this.#in(DIMMED, label.padEnd(13))} ${escaped}\n`;
  }

  #in(style: string, text: string): string {
    return this.#coloured ? style + text + PLAIN : text;
  }
}
