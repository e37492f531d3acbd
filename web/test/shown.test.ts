import { expect, test } from "vitest";
import escapes from "../../tests/escapes.json" with { type: "json" };
import { shown } from "../src/messages/format.js";

// The rule of the commands, over the table that they are tested with.
test.each(escapes)("$name", ({ text, escaped }) => {
  expect(shown(text)).toBe(escaped);
});

test("half a surrogate pair", () => {
  expect(shown("\ud800")).toBe("\\u{d800}");
});

test("a long string is cut where it is shown", () => {
  expect(shown("x".repeat(5000))).toBe(`${"x".repeat(400)}… (5000)`);
});
