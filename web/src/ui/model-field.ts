import { fromDrop, fromInput, PickError } from "../model/model-files.js";
import type { PickedModel } from "../model/picked-model.js";
import { shown } from "../model/shown.js";
import { counted, shownBytes } from "../model/sizes.js";
import { freshId, h } from "./dom.js";
import { FieldError } from "./field-error.js";
import { FileButton } from "./file-button.js";

/** Where the model is dropped or chosen. */
export class ModelField {
  readonly element: HTMLElement;
  readonly error: FieldError;
  #value: PickedModel | undefined;
  readonly #summary = h("p", { class: "picked", role: "status" });
  readonly #onChange: (model: PickedModel | undefined) => void;

  constructor(onChange: (model: PickedModel | undefined) => void) {
    this.#onChange = onChange;
    const title = freshId("model");
    const choose = (files: File[]) => void this.#take(fromInput(files));
    const folder = new FileButton("Choose a folder", { webkitdirectory: true, name: "folder" }, choose);
    const files = new FileButton("Choose files", { multiple: true, name: "files" }, choose);
    folder.button.classList.add("button--strong");
    this.error = new FieldError(freshId("model-error"), [folder.button, files.button]);
    const zone = h(
      "div",
      { class: "drop-zone" },
      h("p", { class: "drop-zone__text" }, "Drop the model’s folder here, or"),
      h("p", { class: "buttons" }, folder.element, files.element),
    );
    this.element = h(
      "section",
      { class: "card", "aria-labelledby": title },
      h(
        "h2",
        { id: title, class: "card__title" },
        h("span", { class: "step", "aria-hidden": "true" }, "1"),
        "The model",
      ),
      h("p", { class: "hint" }, "Its files stay on this device. They are read here and sent nowhere."),
      zone,
      this.#summary,
      this.error.element,
    );
    this.#acceptDrops(zone);
  }

  get value(): PickedModel | undefined {
    return this.#value;
  }

  async #take(picking: Promise<PickedModel>): Promise<void> {
    this.error.clear();
    this.#value = undefined;
    try {
      this.#value = await picking;
      this.#summary.replaceChildren(...summary(this.#value));
    } catch (error) {
      this.#summary.replaceChildren();
      if (error instanceof PickError) this.error.show(error.message, error.code);
      else this.error.show("What you gave could not be read.", "folder-unreadable");
    }
    this.#onChange(this.#value);
  }

  /** The whole window takes the drop: a browser would open a file that misses the zone, and leave the page. */
  #acceptDrops(zone: HTMLElement): void {
    const over = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes("Files") !== true) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      zone.classList.add("drop-zone--over");
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) zone.classList.remove("drop-zone--over");
    };
    addEventListener("dragover", over);
    addEventListener("dragleave", leave);
    addEventListener("drop", (event) => {
      zone.classList.remove("drop-zone--over");
      if (event.dataTransfer?.types.includes("Files") !== true) return;
      event.preventDefault();
      // While a verification runs, the form takes nothing.
      if (this.element.closest("[inert]") !== null) return;
      const tell = (count: number) => {
        this.#summary.textContent = `Looking into the folder: ${counted(count, "file")} so far`;
      };
      void this.#take(fromDrop(event.dataTransfer.items, tell));
    });
  }
}

function summary({ name, files }: PickedModel): (Node | string)[] {
  const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
  const amount = `${counted(files.length, "file")}, ${shownBytes(bytes)}`;
  return name === "" ? [amount] : [h("strong", { class: "path", dir: "ltr" }, shown(name)), ` ${amount}`];
}
