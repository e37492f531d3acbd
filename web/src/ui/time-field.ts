import { freshId, h } from "./dom.js";

/** The time of judgement, for those who know why they want another one than now. */
export class TimeField {
  readonly element: HTMLElement;
  readonly #input: HTMLInputElement;

  constructor() {
    const id = freshId("time");
    const hint = `${id}-hint`;
    this.#input = h("input", {
      id,
      class: "input",
      type: "datetime-local",
      step: "1",
      "aria-describedby": hint,
    });
    this.element = h(
      "div",
      { class: "panel" },
      h("label", { for: id }, "Judge as of this time (UTC)"),
      this.#input,
      h(
        "p",
        { class: "hint", id: hint },
        "Left empty, certificates must be valid now. With a time, they must have been valid then: the result says that the time was your choice. A time that the signature proves goes before both.",
      ),
    );
  }

  /** The time in RFC 3339, or nothing for now. */
  get value(): string | undefined {
    const { value } = this.#input;
    if (value === "") return undefined;
    return value.length === "2026-01-01T00:00".length ? `${value}:00Z` : `${value}Z`;
  }
}
