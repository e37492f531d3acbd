import type { Policy } from "modelseal";
import { freshId, h } from "./dom.js";
import { FieldError } from "./field-error.js";

/** The publisher whose authority is built in. */
export class PresetPanel {
  readonly element: HTMLElement;
  readonly error = new FieldError(freshId("preset-error"), []);
  readonly policy: Policy = { preset: "nvidia-agent-capabilities" };

  constructor() {
    this.element = h(
      "div",
      { class: "panel" },
      h(
        "p",
        { class: "hint" },
        "The authority with which NVIDIA certifies its agent skills is built into this page. There is nothing to give.",
      ),
      this.error.element,
    );
  }
}
