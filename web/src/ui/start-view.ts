import { takeInput } from "../given/drop.js";
import type { Drop } from "../given/entry.js";
import type { Speech } from "../messages/index.js";
import { button } from "./buttons.js";
import { h } from "./dom.js";
import { FileButton } from "./file-button.js";

/** The examples, by their names. */
export const EXAMPLES = ["good", "altered", "other", "extra"] as const;
export type Example = (typeof EXAMPLES)[number];

/** The first screen: a place to drop a folder, and nothing to decide. */
export class StartView {
  readonly element: HTMLElement;

  constructor({ m }: Speech, on: { give(drop: Drop): Promise<void>; example(name: Example): void }) {
    const choose = (files: FileList) => on.give(takeInput(files));
    const folder = new FileButton(m.page.folder, { webkitdirectory: true, name: "folder" }, choose);
    const files = new FileButton(m.page.files, { multiple: true, name: "files" }, choose);
    folder.button.classList.add("button--main");
    const labels: Readonly<Record<Example, string>> = {
      good: m.page.exampleGood,
      altered: m.page.exampleAltered,
      other: m.page.exampleOther,
      extra: m.page.exampleExtra,
    };
    // Phones have no folders to choose.
    const folders = "webkitdirectory" in HTMLInputElement.prototype;
    this.element = h(
      "section",
      { class: "start", "aria-label": m.page.heading },
      h(
        "div",
        { class: "drop-zone" },
        h("p", { class: "drop-zone__text" }, m.page.drop),
        h("p", { class: "buttons" }, folders ? folder.element : undefined, files.element),
        h("p", { class: "hint" }, m.page.private),
      ),
      h(
        "p",
        { class: "examples" },
        h("span", {}, m.page.examples),
        ...EXAMPLES.map((name) => button(labels[name], () => on.example(name), "button--link")),
      ),
    );
  }
}
