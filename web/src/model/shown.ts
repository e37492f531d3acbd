/**
 * Names in a manifest, a certificate or a folder are somebody else's text. Characters that cannot be
 * seen, or that reorder their neighbours, are shown as escapes; so is the backslash, so that no name
 * can look like the escape of another.
 */
const UNSEEN = /[\\\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

/** Longer texts are cut where they are shown; the report has them whole. */
const LONGEST = 400;

export function shown(text: string): string {
  const characters = Array.from(text.length > 2 * LONGEST ? text.slice(0, 2 * LONGEST) : text);
  const cut = characters.length > LONGEST;
  const visible = (cut ? characters.slice(0, LONGEST).join("") : text).replace(UNSEEN, escapeCharacter);
  return cut ? `${visible}… (${text.length} characters)` : visible;
}

function escapeCharacter(character: string): string {
  if (character === "\\") return "\\\\";
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}}`;
}
