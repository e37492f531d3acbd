import { escapeText } from "modelseal";

/** Longer strings are cut where they are shown; the report has them whole. */
const LONGEST = 400;

/**
 * A name in a manifest, a certificate or a folder, which anyone may have chosen, as it can be shown: by the rule of
 * the commands.
 */
export function shown(text: string): string {
  const characters = Array.from(text.length > 2 * LONGEST ? text.slice(0, 2 * LONGEST) : text);
  if (characters.length <= LONGEST) return escapeText(text);
  return `${escapeText(characters.slice(0, LONGEST).join(""))}… (${text.length} characters)`;
}
