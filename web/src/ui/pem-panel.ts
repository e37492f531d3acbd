import type { Policy } from "modelseal";
import { freshId, h } from "./dom.js";
import { FieldError } from "./field-error.js";
import { FileButton } from "./file-button.js";

/** A key or an authority is a few kilobytes; what is larger is something else. */
const MAX_PEM_BYTES = 1024 * 1024;

interface Texts {
  readonly name: string;
  readonly hint: string;
  readonly field: string;
  readonly placeholder: string;
  /** What to say, and its code, where there is nothing. */
  readonly missing: readonly [message: string, code: string];
}

/** A key or authorities in PEM, pasted or read from a file. */
export class PemPanel {
  readonly element: HTMLElement;
  readonly error: FieldError;
  readonly #missing: Texts["missing"];
  readonly #input: HTMLTextAreaElement;
  readonly #policy: (text: string) => Policy;

  /** `policy` makes one of the text. Whether the text is a key is for the core to say. */
  constructor({ name, hint, field, placeholder, missing }: Texts, policy: (text: string) => Policy) {
    this.#policy = policy;
    this.#missing = missing;
    const id = freshId(name);
    this.#input = h("textarea", {
      id,
      class: "input pem",
      rows: "5",
      spellcheck: "false",
      autocomplete: "off",
      placeholder,
    });
    this.error = new FieldError(`${id}-error`, [this.#input]);
    this.#input.addEventListener("input", () => this.error.clear());
    const file = new FileButton(
      "Read it from a file",
      { name: `${name}-file` },
      ([chosen]) => void this.#read(chosen),
    );
    this.element = h(
      "div",
      { class: "panel" },
      h("p", { class: "hint" }, hint),
      h("label", { for: id }, field),
      this.#input,
      h("p", { class: "buttons" }, file.element),
      this.error.element,
    );
  }

  /** The policy, or nothing, with the reason shown. */
  get policy(): Policy | undefined {
    const text = this.#input.value.trim();
    if (text !== "") return this.#policy(text);
    this.error.show(...this.#missing);
    return undefined;
  }

  async #read(file: File | undefined): Promise<void> {
    if (file === undefined) return;
    this.error.clear();
    if (file.size > MAX_PEM_BYTES) {
      this.error.show("This file is too large to be a key or a certificate.", "pem-too-large");
      return;
    }
    try {
      this.#input.value = await file.text();
    } catch {
      this.error.show("This file could not be read.", "file-unreadable");
    }
  }
}
