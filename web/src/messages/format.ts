import { escapeText } from "modelseal";

/** Longer strings are cut where they are shown; the report has them whole. */
const LONGEST = 400;

/** The same within a sentence, which must stay readable. */
const LONGEST_IN_SENTENCE = 90;

/**
 * A name in a manifest, a certificate or a folder, which anyone may have chosen, as it can be shown: by the rule of
 * the commands.
 */
export function shown(text: string, longest = LONGEST): string {
  const characters = Array.from(text.length > 2 * longest ? text.slice(0, 2 * longest) : text);
  if (characters.length <= longest) return escapeText(text);
  return `${escapeText(characters.slice(0, longest).join(""))}… (${text.length})`;
}

/** A name within a sentence. */
export function short(text: string): string {
  return shown(text, LONGEST_IN_SENTENCE);
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** Forms of a word by number, as `Intl.PluralRules` names them. */
export interface Forms {
  readonly one: string;
  readonly other: string;
}

/** Numbers, dates and lists as a language writes them. */
export class Format {
  readonly #numbers: Intl.NumberFormat;
  readonly #plurals: Intl.PluralRules;
  readonly #days: Intl.DateTimeFormat;
  readonly #instants: Intl.DateTimeFormat;
  readonly #lists: Intl.ListFormat;
  readonly #language: string;

  constructor(language: string) {
    this.#language = language;
    this.#numbers = new Intl.NumberFormat(language);
    this.#plurals = new Intl.PluralRules(language);
    this.#days = new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" });
    this.#instants = new Intl.DateTimeFormat(language, {
      dateStyle: "long",
      timeStyle: "medium",
      timeZone: "UTC",
    });
    this.#lists = new Intl.ListFormat(language, { type: "conjunction" });
  }

  number(count: number): string {
    return this.#numbers.format(count);
  }

  /** `#` stands for the number: `{ one: "# file", other: "# files" }`. */
  plural(count: number, forms: Forms): string {
    const form = this.#plurals.select(count) === "one" ? forms.one : forms.other;
    return form.replace("#", this.number(count));
  }

  bytes(bytes: number): string {
    let value = bytes;
    let unit = 0;
    while (value >= 1000 && unit < UNITS.length - 1) {
      value /= 1000;
      unit += 1;
    }
    return new Intl.NumberFormat(this.#language, {
      style: "unit",
      unit: UNITS[unit] ?? "byte",
      unitDisplay: unit === 0 ? "long" : "short",
      maximumFractionDigits: unit === 0 || value >= 100 ? 0 : 1,
    }).format(value);
  }

  duration(seconds: number): string {
    const [value, unit] =
      seconds < 60
        ? [Math.max(1, Math.round(seconds)), "second"]
        : seconds < 3600
          ? [Math.round(seconds / 60), "minute"]
          : [seconds / 3600, "hour"];
    return new Intl.NumberFormat(this.#language, {
      style: "unit",
      unit,
      unitDisplay: "long",
      maximumFractionDigits: unit === "hour" ? 1 : 0,
    }).format(value);
  }

  /** A day of RFC 3339. */
  day(rfc3339: string): string {
    return this.#of(this.#days, rfc3339);
  }

  /** A moment of RFC 3339. */
  instant(rfc3339: string): string {
    return `${this.#of(this.#instants, rfc3339)} UTC`;
  }

  list(items: readonly string[]): string {
    return this.#lists.format(items);
  }

  #of(format: Intl.DateTimeFormat, rfc3339: string): string {
    const date = new Date(rfc3339);
    return Number.isNaN(date.getTime()) ? shown(rfc3339) : format.format(date);
  }
}

/** A key or a digest for the eye: the first of its hex digits in fours. */
export function fingerprint(digest: string, digits = 16): string {
  const hex = digest.replace(/^sha256:/, "").slice(0, digits);
  return `${hex.replace(/(.{4})(?=.)/g, "$1 ")} …`;
}
