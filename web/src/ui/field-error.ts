import { h } from "./dom.js";

/** The one sentence that says what is wrong with a field, beside the field. */
export class FieldError {
  readonly element: HTMLParagraphElement;
  readonly #controls: readonly HTMLElement[];

  /** `controls` are what the sentence is about; the first takes the focus. */
  constructor(id: string, controls: readonly HTMLElement[]) {
    this.element = h("p", { class: "field-error", id, role: "alert", hidden: true });
    this.#controls = controls;
  }

  get shown(): boolean {
    return !this.element.hidden;
  }

  show(message: string, code: string): void {
    this.element.replaceChildren(
      h("span", { class: "field-error__mark", "aria-hidden": "true" }, "!"),
      h("span", {}, message, " ", h("code", {}, code)),
    );
    this.element.hidden = false;
    for (const control of this.#controls) {
      // A button cannot be invalid; what it asks for can be.
      if (!(control instanceof HTMLButtonElement)) control.setAttribute("aria-invalid", "true");
      control.setAttribute("aria-describedby", this.element.id);
    }
  }

  clear(): void {
    this.element.hidden = true;
    this.element.replaceChildren();
    for (const control of this.#controls) {
      control.removeAttribute("aria-invalid");
      control.removeAttribute("aria-describedby");
    }
  }

  focus(): void {
    this.#controls[0]?.focus();
  }
}
