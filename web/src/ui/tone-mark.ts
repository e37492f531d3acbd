import type { Tone } from "../model/sentences.js";
import { h } from "./dom.js";

const MARKS: Readonly<Record<Tone | "quiet", string>> = { good: "✓", open: "?", bad: "✕", quiet: "–" };

/** A sign beside the words that say the same: never colour alone, and nothing for a screen reader. */
export function toneMark(tone: Tone | "quiet"): HTMLElement {
  return h("span", { class: `mark mark--${tone}`, "aria-hidden": "true" }, MARKS[tone]);
}
