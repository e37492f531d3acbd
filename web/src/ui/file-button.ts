import { h } from "./dom.js";

/**
 * A real button that opens the browser's file dialogue. The input behind it stays in the page, out
 * of sight and out of the tab order: its own look cannot be styled, and reads "No file chosen".
 */
export class FileButton {
  readonly element: HTMLSpanElement;
  readonly button: HTMLButtonElement;
  readonly input: HTMLInputElement;

  constructor(
    label: string,
    attributes: Readonly<Record<string, string | boolean>>,
    onChosen: (files: FileList) => void | Promise<void>,
  ) {
    this.button = h("button", { type: "button", class: "button" }, label);
    this.input = h("input", {
      type: "file",
      class: "file-button__input",
      tabindex: "-1",
      "aria-hidden": "true",
      ...attributes,
    });
    this.element = h("span", { class: "file-button" }, this.button, this.input);
    this.button.addEventListener("click", () => this.input.click());
    this.input.addEventListener("change", () => void this.#take(onChosen));
  }

  async #take(onChosen: (files: FileList) => void | Promise<void>): Promise<void> {
    const { files } = this.input;
    if (files === null || files.length === 0) return;
    await onChosen(files);
    // So that choosing the same again, after it changed on disk, is a change as well. It empties the list.
    this.input.value = "";
  }
}
