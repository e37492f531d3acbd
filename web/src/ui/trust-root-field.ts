import type { TrustRootName } from "modelseal";
import { shown } from "../model/shown.js";
import { freshId, h } from "./dom.js";
import { FieldError } from "./field-error.js";
import { FileButton } from "./file-button.js";

/** A trust root is some kilobytes; what is larger is something else. */
const MAX_BYTES = 4 * 1024 * 1024;

const ROOTS: readonly (readonly [value: TrustRootName | "file", label: string])[] = [
  ["production", "Sigstore (built in)"],
  ["staging", "Sigstore staging, for tests"],
  ["github", "GitHub"],
  ["file", "A file of yours"],
];

/** What certifies identities, log entries and times: an instance that ships with the page, or a file. */
export class TrustRootField {
  readonly element: HTMLElement;
  readonly error: FieldError;
  readonly #select: HTMLSelectElement;
  #file: File | undefined;

  constructor() {
    const id = freshId("trust-root");
    const hint = `${id}-hint`;
    this.#select = h(
      "select",
      { id, class: "input", "aria-describedby": hint },
      ...ROOTS.map(([value, label]) => h("option", { value }, label)),
    );
    this.error = new FieldError(`${id}-error`, [this.#select]);
    const picked = h("p", { class: "picked", role: "status" });
    const button = new FileButton("Choose a trusted_root.json", { name: "trust-root" }, ([file]) => {
      this.error.clear();
      this.#file = file;
      picked.replaceChildren(h("span", { class: "path", dir: "ltr" }, shown(file?.name ?? "")));
    });
    const own = h(
      "div",
      { class: "panel", hidden: true },
      h("p", { class: "buttons" }, button.element),
      picked,
    );
    this.#select.addEventListener("change", () => {
      this.error.clear();
      own.hidden = this.#select.value !== "file";
    });
    this.element = h(
      "div",
      { class: "panel" },
      h("label", { for: id }, "Trust root"),
      this.#select,
      h(
        "p",
        { class: "hint", id: hint },
        "Whose word counts for identities, log entries and times of signing. Its date is in the result.",
      ),
      own,
      this.error.element,
    );
  }

  /** The trust root, or nothing, with the reason shown. Whether a file is one is for the core to say. */
  get value(): TrustRootName | File | undefined {
    const { value } = this.#select;
    if (value !== "file") return value as TrustRootName;
    if (this.#file === undefined) this.#refuse("Choose the file of the trust root.", "trust-root-missing");
    else if (this.#file.size > MAX_BYTES)
      this.#refuse("This file is too large to be a trust root.", "trust-root-too-large");
    else return this.#file;
    return undefined;
  }

  #refuse(message: string, code: string): void {
    this.error.show(message, code);
    this.reveal();
  }

  /** Opens what this field is folded into, so that its error is seen. */
  reveal(): void {
    this.element.closest("details")?.setAttribute("open", "");
  }
}
