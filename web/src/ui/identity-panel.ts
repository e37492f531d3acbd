import type { Policy, ReportOnlyPolicy } from "modelseal";
import { freshId, h } from "./dom.js";
import { FieldError } from "./field-error.js";

/** Suggestions only: any other issuer can be typed. */
const ISSUERS = [
  "https://token.actions.githubusercontent.com",
  "https://accounts.google.com",
  "https://github.com/login/oauth",
  "https://gitlab.com",
  "https://login.microsoftonline.com",
];

/** An identity and its issuer; or no one, to learn who signed. */
export class IdentityPanel {
  readonly element: HTMLElement;
  readonly #issuer = new TextField({
    label: "Issuer",
    hint: "The issuer of the name: the service where the publisher signs in, as an address.",
    placeholder: "https://accounts.google.com",
    missing: ["Give the issuer that certifies the publisher’s name.", "issuer-missing"],
    suggestions: ISSUERS,
  });
  readonly #identity = new TextField({
    label: "Identity",
    hint: "The publisher’s name there, exactly: an e-mail address, or the address of a workflow.",
    placeholder: "publisher@example.com",
    missing: ["Give the publisher’s identity.", "identity-missing"],
  });
  readonly #reportOnly = h("input", { type: "checkbox", name: "report-only" });

  constructor() {
    const hint = freshId("report-only");
    this.#reportOnly.setAttribute("aria-describedby", hint);
    this.#reportOnly.addEventListener("change", () => {
      for (const field of [this.#issuer, this.#identity]) field.disabled = this.#reportOnly.checked;
    });
    this.element = h(
      "div",
      { class: "panel" },
      h(
        "p",
        { class: "hint" },
        "For signatures that were made by signing in somewhere, without a key of one’s own. Ask the publisher for both names, or take them from a place that you trust.",
      ),
      this.#issuer.element,
      this.#identity.element,
      h("label", { class: "check" }, this.#reportOnly, h("span", {}, "Only report who signed")),
      h(
        "p",
        { class: "hint", id: hint },
        "The signer is shown, and not compared with anyone: the model is not verified then.",
      ),
    );
  }

  get error(): FieldError {
    return this.#issuer.error.shown || !this.#identity.error.shown
      ? this.#issuer.error
      : this.#identity.error;
  }

  get policy(): Policy | ReportOnlyPolicy | undefined {
    if (this.#reportOnly.checked) return { method: "sigstore", reportOnly: true };
    const [issuer, identity] = [this.#issuer.value, this.#identity.value];
    if (issuer === undefined || identity === undefined) return undefined;
    return { method: "sigstore", identities: [{ issuer, identity }] };
  }
}

interface Texts {
  readonly label: string;
  readonly hint: string;
  readonly placeholder: string;
  readonly missing: readonly [message: string, code: string];
  readonly suggestions?: readonly string[];
}

/** A line of text that may not be empty. */
class TextField {
  readonly element: HTMLElement;
  readonly error: FieldError;
  readonly #input: HTMLInputElement;
  readonly #missing: Texts["missing"];

  constructor({ label, hint, placeholder, missing, suggestions = [] }: Texts) {
    this.#missing = missing;
    const id = freshId(label.toLowerCase());
    const list = `${id}-list`;
    this.#input = h("input", {
      id,
      class: "input",
      type: "text",
      placeholder,
      spellcheck: "false",
      autocapitalize: "none",
      autocomplete: "off",
      ...(suggestions.length > 0 && { list }),
    });
    this.error = new FieldError(`${id}-error`, [this.#input]);
    this.#input.addEventListener("input", () => this.error.clear());
    this.element = h(
      "div",
      { class: "panel" },
      h("label", { for: id }, label),
      this.#input,
      h("p", { class: "hint" }, hint),
      suggestions.length === 0
        ? undefined
        : h("datalist", { id: list }, ...suggestions.map((value) => h("option", { value }))),
      this.error.element,
    );
  }

  set disabled(disabled: boolean) {
    this.#input.disabled = disabled;
    this.error.clear();
  }

  /** What was typed, or nothing, with the reason shown. */
  get value(): string | undefined {
    this.error.clear();
    const text = this.#input.value.trim();
    if (text !== "") return text;
    this.error.show(...this.#missing);
    return undefined;
  }
}
