import type { Tone } from "../check/answer.js";
import type { Client } from "../check/client.js";
import type { Query, Row, RowPage, Status } from "../check/rows.js";
import { shown } from "../messages/format.js";
import type { Speech } from "../messages/index.js";
import { copyButton } from "./buttons.js";
import { freshId, h } from "./dom.js";
import { toneMark } from "./tone-mark.js";

const TONES: Readonly<Record<Status, Tone>> = {
  changed: "bad",
  missing: "bad",
  unsigned: "bad",
  unreadable: "open",
  "not-checked": "open",
  ignored: "quiet",
  ok: "good",
};

/** Rows are this high, so that those out of sight need not exist. The style sheet has the same number. */
const ROW_HEIGHT = 52;

/** Rows beyond the edges of what is seen. */
const MARGIN = 8;

/** Every file with its status. The rows are in the worker; here are those that are seen. */
export class FileTable {
  readonly element: HTMLElement;
  readonly #speech: Speech;
  readonly #client: Client;
  readonly #box: HTMLElement;
  readonly #body = h("div", { class: "rows", role: "rowgroup" });
  readonly #count = h("p", { class: "hint", role: "status" });
  readonly #detail = h("div", { class: "row-detail", hidden: true });
  readonly #filter: HTMLSelectElement;
  readonly #headers: HTMLButtonElement[] = [];
  #query: Omit<Query, "from" | "count"> = { sort: "status", descending: false };
  #asked = 0;

  constructor(speech: Speech, client: Client, total: number) {
    this.#speech = speech;
    this.#client = client;
    const { m, format } = speech;
    const search = h("input", {
      class: "input",
      type: "search",
      "aria-label": m.table.search,
      placeholder: m.table.search,
    });
    search.addEventListener("input", () => this.#ask({ ...this.#query, text: search.value }));
    this.#filter = h(
      "select",
      { class: "input", "aria-label": m.table.only },
      h("option", { value: "" }, m.table.all),
    );
    this.#filter.addEventListener("change", () => {
      const { status: _, ...rest } = this.#query;
      const status = this.#filter.value as Status | "";
      this.#ask(status === "" ? rest : { ...rest, status });
    });
    const head = h(
      "div",
      { class: "row row--head", role: "row" },
      this.#header("status", m.table.status),
      this.#header("path", m.table.file),
      this.#header("size", m.table.size),
    );
    const caption = freshId("files");
    this.#box = h(
      "div",
      {
        class: "table-box",
        role: "table",
        "aria-labelledby": caption,
        "aria-rowcount": String(total + 1),
        tabindex: "0",
      },
      h("div", { role: "rowgroup", class: "rows-head" }, head),
      this.#body,
    );
    this.#box.addEventListener("scroll", () => this.#show());
    this.element = h(
      "div",
      { class: "files" },
      h("p", { class: "visually-hidden", id: caption }, m.table.caption),
      h("div", { class: "files__tools" }, search, this.#filter),
      this.#count,
      this.#box,
      this.#detail,
    );
    this.#count.textContent = m.table.shown(format.number(total));
    this.#ask(this.#query);
  }

  #header(sort: Query["sort"], label: string): HTMLElement {
    const press = h("button", { type: "button", class: "row__sort", "data-sort": sort }, label);
    press.addEventListener("click", () => {
      const descending = this.#query.sort === sort && !this.#query.descending;
      this.#ask({ ...this.#query, sort, descending });
    });
    this.#headers.push(press);
    return h("div", { role: "columnheader", class: `row__${sort}` }, press);
  }

  #ask(query: Omit<Query, "from" | "count">): void {
    this.#query = query;
    for (const header of this.#headers) {
      const current = header.dataset["sort"] === query.sort;
      header.parentElement?.setAttribute(
        "aria-sort",
        current ? (query.descending ? "descending" : "ascending") : "none",
      );
    }
    this.#box.scrollTop = 0;
    this.#show();
  }

  #show(): void {
    const from = Math.max(0, Math.floor(this.#box.scrollTop / ROW_HEIGHT) - MARGIN);
    const count = Math.ceil((this.#box.clientHeight || 500) / ROW_HEIGHT) + 2 * MARGIN;
    this.#asked += 1;
    const asked = this.#asked;
    void this.#client.rows({ ...this.#query, from, count }).then((page) => {
      // The answer to an older question would jump back.
      if (asked === this.#asked) this.#draw(page, from);
    });
  }

  #draw({ rows, total, counts }: RowPage, from: number): void {
    const { m, format } = this.#speech;
    if (this.#filter.options.length === 1) {
      this.#filter.append(
        ...counts.map(([status, count]) =>
          h("option", { value: status }, `${m.table.statuses[status]} ${format.number(count)}`),
        ),
      );
    }
    this.#count.textContent = total === 0 ? m.table.none : m.table.shown(format.number(total));
    this.#body.style.height = `${total * ROW_HEIGHT}px`;
    this.#body.replaceChildren(...rows.map((row, index) => this.#row(row, from + index)));
  }

  #row(row: Row, index: number): HTMLElement {
    const { m, format } = this.#speech;
    const { path, status, size } = row;
    const press = h("button", { type: "button", class: "row__name path", dir: "ltr" }, shown(path));
    press.addEventListener("click", () => this.#tell(row));
    const element = h(
      "div",
      { class: "row", role: "row", "aria-rowindex": String(index + 2), "data-status": status },
      h("div", { role: "cell", class: "row__status" }, toneMark(TONES[status]), m.table.statuses[status]),
      h("div", { role: "rowheader", class: "row__path" }, press),
      h("div", { role: "cell", class: "row__size" }, size === undefined ? "–" : format.bytes(size)),
    );
    element.style.transform = `translateY(${index * ROW_HEIGHT}px)`;
    return element;
  }

  /** The whole name of a file, and what was signed of it. */
  #tell({ path, status, digest }: Row): void {
    const { m } = this.#speech;
    this.#detail.hidden = false;
    this.#detail.replaceChildren(
      h("p", { class: "path", dir: "ltr" }, shown(path)),
      h("p", {}, toneMark(TONES[status]), ` ${m.table.statuses[status]}`),
      ...(digest === undefined
        ? []
        : [
            h(
              "p",
              { class: "copy-line" },
              h("span", { class: "hint" }, m.table.digest),
              h("code", {}, digest),
              copyButton({ copy: m.actions.copy, copied: m.actions.copied }, digest),
            ),
          ]),
    );
  }
}
