import { expect, test } from "vitest";
import { shown } from "../src/model/shown.js";

test.each([
  ["plain names stay as they are", "weights/模型-é.bin", "weights/模型-é.bin"],
  ["spaces stay", "a b", "a b"],
  ["control characters", "a\0b\x1b[31m\x7f\x85", "a\\u{0000}b\\u{001b}[31m\\u{007f}\\u{0085}"],
  ["bidi overrides and isolates", "\u202e\u2066\u061c", "\\u{202e}\\u{2066}\\u{061c}"],
  ["zero width, soft hyphen, byte order mark", "\u200b\u00ad\ufeff", "\\u{200b}\\u{00ad}\\u{feff}"],
  ["spaces that look like others", "\u00a0\u3000\u2028", "\\u{00a0}\\u{3000}\\u{2028}"],
  ["half a surrogate pair", "\ud800", "\\u{d800}"],
  ["tags beyond the first plane", "\u{e0041}", "\\u{e0041}"],
  ["a backslash, so that no name can look like an escape", "\\u{202e}", "\\\\u{202e}"],
])("%s", (_name, text, expected) => {
  expect(shown(text)).toBe(expected);
});

test("a long text is cut where it is shown", () => {
  expect(shown("x".repeat(5000))).toBe(`${"x".repeat(400)}… (5000 characters)`);
});
