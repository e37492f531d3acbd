import type { Policy } from "modelseal";
import { freshId, h } from "./dom.js";
import { FieldError } from "./field-error.js";
import { FileButton } from "./file-button.js";

/** A key or an authority is a few kilobytes; what is larger is something else. */
const MAX_PEM_BYTES = 1024 * 1024;

type Method = "key" | "certificate";

const METHODS: readonly {
  method: Method;
  label: string;
  hint: string;
  field: string;
  placeholder: string;
  missing: string;
}[] = [
  {
    method: "key",
    label: "A public key",
    hint: "The publisher’s key in PEM. Take it from a place that you trust, not from the model’s folder.",
    field: "Public key (PEM)",
    placeholder: "-----BEGIN PUBLIC KEY-----",
    missing: "Give the publisher’s public key.",
  },
  {
    method: "certificate",
    label: "A certificate authority",
    hint: "The authorities that you trust to certify publishers, in PEM. Every publisher that they certify is accepted.",
    field: "Certificates of the authorities (PEM)",
    placeholder: "-----BEGIN CERTIFICATE-----",
    missing: "Give the certificate of an authority.",
  },
];

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** Whom the person expects: the owner of a key, or whoever an authority certifies. Never "anybody". */
export class PublisherField {
  readonly element: HTMLElement;
  error: FieldError;
  #method: Method = "key";
  readonly #panels: ReadonlyMap<Method, Panel>;

  constructor() {
    const title = freshId("publisher");
    const name = freshId("method");
    this.#panels = new Map(METHODS.map((texts) => [texts.method, new Panel(texts)]));
    const radios = METHODS.map(({ method, label }) => {
      const input = h("input", { type: "radio", name, value: method, checked: method === this.#method });
      input.addEventListener("change", () => this.#choose(method));
      return h("label", { class: "radio" }, input, h("span", {}, label));
    });
    this.element = h(
      "section",
      { class: "card", "aria-labelledby": title },
      h(
        "h2",
        { id: title, class: "card__title" },
        h("span", { class: "step", "aria-hidden": "true" }, "3"),
        "Whom you expect",
      ),
      h(
        "fieldset",
        { class: "radios" },
        h("legend", { class: "visually-hidden" }, "The publisher is known by"),
        ...radios,
      ),
      ...Array.from(this.#panels.values(), ({ element }) => element),
    );
    this.error = this.#panel.error;
    this.#choose(this.#method);
  }

  /** The policy as the person gave it, or nothing, with the reason shown. Whether the key is one is for the core to say. */
  get value(): Policy | undefined {
    const text = this.#panel.text;
    if (text === "") {
      this.error.show(this.#panel.missing, this.#method === "key" ? "key-missing" : "anchor-missing");
      return undefined;
    }
    return this.#method === "key"
      ? { method: "key", publicKey: text }
      : { method: "certificate", anchors: text.match(PEM_CERTIFICATE) ?? [text] };
  }

  get #panel(): Panel {
    const panel = this.#panels.get(this.#method);
    if (panel === undefined) throw new TypeError(`no panel for ${this.#method}`);
    return panel;
  }

  #choose(method: Method): void {
    this.#method = method;
    for (const [other, panel] of this.#panels) panel.element.hidden = other !== method;
    this.error = this.#panel.error;
  }
}

/** The text of one method, pasted or read from a file. */
class Panel {
  readonly element: HTMLElement;
  readonly error: FieldError;
  readonly missing: string;
  readonly #input: HTMLTextAreaElement;

  constructor({ method, hint, field, placeholder, missing }: (typeof METHODS)[number]) {
    this.missing = missing;
    const id = freshId(method);
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
      { name: `${method}-file` },
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

  get text(): string {
    return this.#input.value.trim();
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
