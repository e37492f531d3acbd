import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { expect } from "vitest";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** Whether the long form of the suites runs (`cargo xtask ci --full`). */
const FULL = process.env["MODELSEAL_FULL"] === "1";

/** Looks of the page: all of them, or in the short form each colour scheme and each width once. */
const LOOKS = [
  ["light", 1100],
  ["dark", 360],
  ...(FULL
    ? ([
        ["light", 360],
        ["dark", 1100],
      ] as const)
    : []),
] as const;

/** axe finds nothing in either colour scheme and at any width, and nothing sticks out sideways. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(await readFile(axe, "utf8"));
  for (const [colorScheme, width] of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    const found = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
      const { violations } = await axe.run(document);
      const { scrollWidth, clientWidth } = document.documentElement;
      return {
        violations: violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]),
        hiddenWidth: scrollWidth - clientWidth,
      };
    });
    expect(found, `${colorScheme}, ${width} px`).toEqual({ violations: [], hiddenWidth: 0 });
  }
}
