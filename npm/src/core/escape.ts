// Controls, and what is invisible or reorders its surroundings. The native command has the same list.
const DECEPTIVE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal acts on
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each is meant on its own, as no eye sees it
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}\p{Cs}]/gu;

/** Escapes what would not be seen as what it is: names in a bundle or on a disk may be chosen by an attacker. */
export function escapeText(text: string): string {
  return text.replace(DECEPTIVE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** The same within JSON, where such characters can only stand in strings. */
export function escapeJson(json: string): string {
  return json.replace(DECEPTIVE, (character) =>
    Array.from({ length: character.length }, (_, i) => character.charCodeAt(i))
      .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`)
      .join(""),
  );
}
