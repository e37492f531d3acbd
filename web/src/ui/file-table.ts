import { type Row, STATUSES, type Status } from "../model/file-rows.js";
import type { Tone } from "../model/sentences.js";
import { shown } from "../model/shown.js";
import { counted, shownBytes } from "../model/sizes.js";
import { freshId, h } from "./dom.js";
import { toneMark } from "./tone-mark.js";

/** A page of rows: a quarter of a million at once would stop the browser, and help no one. */
const PAGE = 200;

const WORDS: Readonly<Record<Status, { label: string; tone: Tone | "quiet" }>> = {
  changed: { label: "Changed", tone: "bad" },
  missing: { label: "Missing", tone: "bad" },
  unsigned: { label: "Not signed", tone: "bad" },
  unreadable: { label: "Unreadable", tone: "bad" },
  "not-checked": { label: "Not checked", tone: "open" },
  ignored: { label: "Ignored", tone: "quiet" },
  ok: { label: "As signed", tone: "good" },
};

/** Every file with its status, the worst first. */
export class FileTable {
  readonly element: HTMLElement;
  readonly #rows: readonly Row[];
  readonly #body = h("tbody", { role: "rowgroup" });
  readonly #shown = h("p", { class: "hint", role: "status" });
  readonly #more = h("button", { type: "button", class: "button" }, `Show ${PAGE} more`);
  #status: Status | undefined;
  #matching: readonly Row[];
  #count = 0;

  constructor(rows: readonly Row[]) {
    this.#rows = rows;
    this.#matching = rows;
    const id = freshId("files");
    this.#more.addEventListener("click", () => this.#showMore(true));
    this.element = h(
      "section",
      { class: "files", "aria-labelledby": id },
      h("h3", { id }, "Files"),
      this.#filter(),
      this.#shown,
      h(
        "div",
        { class: "table-box" },
        h(
          "table",
          // Said outright: where the page is narrow, the style sheet does not show rows as a table.
          { role: "table" },
          h("caption", { class: "visually-hidden" }, "Files of the model and what was found"),
          h(
            "thead",
            { role: "rowgroup" },
            h("tr", { role: "row" }, header("Status"), header("File"), header("Size")),
          ),
          this.#body,
        ),
      ),
      h("p", { class: "buttons" }, this.#more),
    );
    this.#choose(undefined);
  }

  #filter(): HTMLElement {
    const name = freshId("status");
    const counts = new Map<Status, number>();
    for (const { status } of this.#rows) counts.set(status, (counts.get(status) ?? 0) + 1);
    const choices = STATUSES.filter((status) => counts.has(status)).map((status) => ({
      status,
      text: `${WORDS[status].label} ${(counts.get(status) ?? 0).toLocaleString("en")}`,
    }));
    return h(
      "fieldset",
      { class: "filter" },
      h("legend", { class: "visually-hidden" }, "Show only"),
      ...[{ status: undefined, text: `All ${this.#rows.length.toLocaleString("en")}` }, ...choices].map(
        ({ status, text }) => {
          const input = h("input", {
            type: "radio",
            name,
            value: status ?? "all",
            checked: status === undefined,
          });
          input.addEventListener("change", () => this.#choose(status));
          return h("label", { class: "filter__choice" }, input, h("span", {}, text));
        },
      ),
    );
  }

  #choose(status: Status | undefined): void {
    this.#status = status;
    this.#matching = status === undefined ? this.#rows : this.#rows.filter((row) => row.status === status);
    this.#count = 0;
    this.#body.replaceChildren();
    this.#showMore(false);
  }

  #showMore(moveFocus: boolean): void {
    const page = this.#matching.slice(this.#count, this.#count + PAGE).map(row);
    this.#body.append(...page);
    this.#count += page.length;
    const all = this.#matching.length;
    this.#more.hidden = this.#count === all;
    this.#shown.textContent =
      this.#count === all
        ? `${counted(all, "file")}${this.#status === undefined ? "" : ` with the status “${WORDS[this.#status].label}”`}.`
        : `The first ${this.#count.toLocaleString("en")} of ${counted(all, "file")}. The report has all that is wrong.`;
    // The button may just have vanished under the finger that pressed it.
    if (moveFocus) page[0]?.querySelector<HTMLElement>("th")?.focus();
  }
}

function header(text: string): HTMLElement {
  return h("th", { scope: "col", role: "columnheader" }, text);
}

function row({ path, status, size }: Row): HTMLTableRowElement {
  const { label, tone } = WORDS[status];
  return h(
    "tr",
    { "data-status": status, role: "row" },
    h("td", { class: "files__status", role: "cell" }, toneMark(tone), label),
    h("th", { scope: "row", role: "rowheader", class: "path", dir: "ltr", tabindex: "-1" }, shown(path)),
    h("td", { class: "files__size", role: "cell" }, size === undefined ? "–" : shownBytes(size)),
  );
}
