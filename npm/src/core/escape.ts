// Strings from a bundle or a disk are an attacker's. The rule is that of the core (`escape.rs`), and
// `tests/escapes.json` has cases that both are tested with.

/** Controls, spaces other than the plain one, and what is invisible or reorders its surroundings. */
const DECEPTIVE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal acts on
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each is meant on its own, as no eye sees it
  /[\u0000-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}\p{Cs}]/gu;

/**
 * Escapes what would not be seen as what it is: an attacker may have chosen a name in a bundle or on a disk. It is
 * safe for a terminal and for the eye; for HTML it must be set as text. As in `\\u{202e}`. The backslash is doubled, so that
 * no name can look like the escape of another.
 *
 * @example
 * import { escapeText } from "modelseal";
 * console.log(escapeText("gpj.\u202eexe")); // gpj.\u{202e}exe
 */
export function escapeText(text: string): string {
  return text.replaceAll("\\", "\\\\").replace(DECEPTIVE, asEscape);
}

/** Escapes all but printable ASCII, where two strings look alike and must be told apart. */
export function escapeNonAscii(text: string): string {
  return text.replaceAll("\\", "\\\\").replace(/[^ -~]/gu, asEscape);
}

/** Escapes what {@link escapeText} does, but not the backslash, within JSON, where it is always in strings. */
export function escapeJson(json: string): string {
  return json.replace(DECEPTIVE, (character) =>
    Array.from({ length: character.length }, (_, i) => character.charCodeAt(i))
      .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`)
      .join(""),
  );
}

function asEscape(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}
