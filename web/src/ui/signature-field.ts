import type { PickedModel } from "../model/picked-model.js";
import { shown } from "../model/shown.js";
import { type Candidate, signatureCandidates } from "../model/signatures.js";
import { freshId, h } from "./dom.js";
import { FieldError } from "./field-error.js";
import { FileButton } from "./file-button.js";

/** The signature: found with the model, one of several, or given apart. */
export class SignatureField {
  readonly element: HTMLElement;
  readonly error: FieldError;
  readonly #found = h("div", { class: "found" });
  #hasModel = false;
  #candidates: readonly Candidate[] = [];
  #given: File | undefined;
  #select: HTMLSelectElement | undefined;

  constructor() {
    const title = freshId("signature");
    const apart = new FileButton("Choose a signature file", { name: "signature" }, ([file]) => {
      this.error.clear();
      this.#given = file;
      this.#show();
    });
    this.error = new FieldError(freshId("signature-error"), [apart.button]);
    this.element = h(
      "section",
      { class: "card", "aria-labelledby": title },
      h(
        "h2",
        { id: title, class: "card__title" },
        h("span", { class: "step", "aria-hidden": "true" }, "2"),
        "The signature",
      ),
      this.#found,
      h("p", { class: "buttons" }, apart.element),
      this.error.element,
    );
    this.#show();
  }

  get value(): Candidate | undefined {
    if (this.#given !== undefined) return { bundle: this.#given, name: this.#given.name };
    return this.#candidates[Number(this.#select?.value ?? 0)];
  }

  /** Looks for signatures in another model. What was given apart stays, whatever came first. */
  look(model: PickedModel | undefined): void {
    this.error.clear();
    this.#hasModel = model !== undefined;
    this.#candidates = model === undefined ? [] : signatureCandidates(model);
    this.#show();
  }

  #show(): void {
    this.#select = undefined;
    this.#found.replaceChildren(this.#description());
  }

  #description(): HTMLElement {
    if (this.#given !== undefined) return this.#apart(this.#given);
    const [first, ...others] = this.#candidates;
    if (first === undefined) {
      const text = this.#hasModel
        ? "No signature was found among the files. Choose the signature file."
        : "It usually lies in the model’s folder, as model.sig or the like, and is found there.";
      return h("p", { class: "hint", role: "status" }, text);
    }
    return others.length === 0 ? picked("Found: ", first.name) : this.#choice();
  }

  #apart(file: File): HTMLElement {
    const line = picked("Given apart: ", file.name);
    if (this.#candidates.length === 0) return line;
    const back = h("button", { type: "button", class: "button" }, "Use the one from the folder");
    back.addEventListener("click", () => {
      this.error.clear();
      this.#given = undefined;
      this.#show();
      this.element.dispatchEvent(new Event("change", { bubbles: true }));
    });
    return h("div", { class: "choice" }, line, h("p", { class: "buttons" }, back));
  }

  #choice(): HTMLElement {
    const id = freshId("signature-choice");
    this.#select = h(
      "select",
      { id, class: "input" },
      ...this.#candidates.map(({ name }, index) => h("option", { value: String(index) }, shown(name))),
    );
    this.#select.addEventListener("change", () => this.error.clear());
    return h(
      "div",
      { class: "choice" },
      h(
        "label",
        { for: id },
        `${this.#candidates.length} signatures were found. Which one is to be checked?`,
      ),
      this.#select,
    );
  }
}

function picked(label: string, name: string): HTMLElement {
  return h(
    "p",
    { class: "picked", role: "status" },
    label,
    h("strong", { class: "path", dir: "ltr" }, shown(name)),
  );
}
