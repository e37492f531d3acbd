// Every message file says everything, in every language.
import { errorCodes } from "modelseal";
import { describe, expect, test } from "vitest";
import { de } from "../src/messages/de.js";
import { en } from "../src/messages/en.js";
import { Format, fingerprint } from "../src/messages/format.js";
import type { Messages } from "../src/messages/messages.js";

const LANGUAGES: readonly Messages[] = [en, de];

/** Paths of all texts and functions below an object. */
function keysOf(value: object, at = ""): string[] {
  return Object.entries(value).flatMap(([key, member]) =>
    typeof member === "object" && member !== null ? keysOf(member, `${at}${key}.`) : [`${at}${key}`],
  );
}

describe.each(LANGUAGES.map((messages): [string, Messages] => [messages.language, messages]))(
  "%s",
  (_, m) => {
    test("has a sentence for every code of the core", async () => {
      const codes = (await errorCodes()).map(({ code }) => code);
      expect(codes.filter((code) => m.codes[code] === undefined)).toEqual([]);
      const own = ["fetch-failed", "file-gone", "internal", "wasm-unavailable"];
      expect(
        Object.keys(m.codes)
          .filter((code) => !(codes as string[]).includes(code))
          .sort(),
      ).toEqual(own);
      for (const sentence of Object.values(m.codes)) expect(sentence).toMatch(/^[A-ZÄÖÜ“„].*[.]$/s);
    });

    test("has the same keys as the others", () => {
      expect(keysOf(m).sort()).toEqual(keysOf(en).sort());
    });

    test("says something of every state, also where little is known", () => {
      const format = new Format(m.language);
      for (const [state, say] of Object.entries(m.states)) {
        const { title, sentence } = say({ state: state as never, tone: "quiet", rows: 0 }, format);
        expect(title, state).not.toBe("");
        expect(`${title} ${sentence}`, state).not.toMatch(/undefined|null|NaN|\[object/);
      }
    });
  },
);

test("numbers, sizes and times are written as the language does", () => {
  const [english, german] = [new Format("en-GB"), new Format("de-DE")];
  expect(english.number(12345)).toBe("12,345");
  expect(german.number(12345)).toBe("12.345");
  expect(english.bytes(1)).toBe("1 byte");
  expect(english.bytes(1_234_567)).toBe("1.2 MB");
  expect(german.bytes(1_234_567)).toBe("1,2 MB");
  expect(english.day("2026-11-25T23:59:59Z")).toBe("25 November 2026");
  expect(german.day("2026-11-25T23:59:59Z")).toBe("25. November 2026");
  expect(english.day("<b>")).toBe("<b>");
  expect(english.duration(30)).toBe("30 seconds");
  expect(german.duration(5400)).toBe("1,5 Stunden");
  expect(english.plural(1, { one: "# file", other: "# files" })).toBe("1 file");
  expect(english.plural(2000, { one: "# file", other: "# files" })).toBe("2,000 files");
  expect(fingerprint("sha256:44125d46abcdef0123456789")).toBe("4412 5d46 abcd ef01 …");
});
