import { Format } from "./format.js";
import type { Messages } from "./messages.js";

/** The languages that the page speaks. Each is a file of its own, loaded when it is chosen. */
const LANGUAGES: Readonly<Record<Messages["language"], () => Promise<Messages>>> = {
  en: async () => (await import("./en.js")).en,
  de: async () => (await import("./de.js")).de,
};

const KEY = "modelseal.language";

/** What the page speaks, and how it writes numbers and dates. */
export interface Speech {
  readonly m: Messages;
  readonly format: Format;
}

/** The language that was chosen in this browser, else the first of the browser's own that there is. */
export function preferredLanguage(): Messages["language"] {
  const wanted = [stored(), ...navigator.languages].map((tag) => tag?.slice(0, 2).toLowerCase());
  return wanted.find((tag): tag is Messages["language"] => tag === "en" || tag === "de") ?? "en";
}

export async function speech(language: Messages["language"]): Promise<Speech> {
  return { m: await LANGUAGES[language](), format: new Format(navigatorTag(language)) };
}

/** Remembers a choice, where the browser lets the page remember. */
export function chooseLanguage(language: Messages["language"]): void {
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // The choice counts for this visit then.
  }
}

/** The browser's own form of a language, as `en-GB`, which decides how dates are written. */
function navigatorTag(language: string): string {
  return navigator.languages.find((tag) => tag.toLowerCase().startsWith(language)) ?? language;
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
