import type { Tone } from "../check/answer.js";
import { h } from "./dom.js";

const MARKS: Readonly<Record<Tone, string>> = { good: "✓", open: "?", bad: "✕", quiet: "–" };

/** The sign of a tone, for the title of the tab. */
export function toneSign(tone: Tone): string {
  return MARKS[tone];
}

/** A sign beside the words that say the same: never colour alone, and nothing for a screen reader. */
export function toneMark(tone: Tone): HTMLElement {
  return h("span", { class: `mark mark--${tone}`, "aria-hidden": "true" }, MARKS[tone]);
}
