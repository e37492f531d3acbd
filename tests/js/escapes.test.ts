// The rule for strings of an attacker, over the table that the native command is tested with too.
import { escapeText } from "modelseal";
import { expect, test } from "vitest";
import { readJson, repository } from "./shared/repository.js";

interface Case {
  readonly name: string;
  readonly text: string;
  readonly escaped: string;
}

const cases = readJson<readonly Case[]>(repository("tests/escapes.json"));

test.each(cases)("$name", ({ text, escaped }) => {
  expect(escapeText(text)).toBe(escaped);
});

test("a lone surrogate, which no Rust string has", () => {
  expect(escapeText("a\ud800b")).toBe("a\\u{d800}b");
});
