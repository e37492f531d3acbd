// Every state by a real drop and by a file input: what is said, whether it is seen, and what else happens meanwhile.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { expectAccessible } from "./accessible.js";
import { vectors } from "./models.js";
import type { Visit } from "./site.js";
import { nameOf, STATES, type StateCase } from "./states.js";
import { usePage } from "./under-test.js";

/** Windows in which title and sentence must be seen without scrolling. */
const WINDOWS = [
  [1280, 800],
  [640, 400],
  [360, 740],
  [320, 568],
] as const;

const SCREENS = fileURLToPath(new URL("../../target/page", import.meta.url));

const page = usePage();

function visit(): Promise<Visit> {
  return page.visit({ reducedMotion: "reduce", viewport: { width: 1280, height: 800 } });
}

async function reach(
  { state, before, prepare, after }: StateCase,
  give: (here: Visit, paths: readonly string[]) => Promise<void>,
): Promise<Visit> {
  const here = await visit();
  await before?.(here);
  await give(here, await prepare(page.models));
  await after?.(here, page.models);
  await here.waitFor(state);
  return here;
}

/** Whether title and sentence lie in the window, as the page is after the answer. */
async function seen({ page }: Visit): Promise<string[]> {
  const unseen: string[] = [];
  for (const [width, height] of WINDOWS) {
    await page.setViewportSize({ width, height });
    for (const part of [".outcome__title", ".outcome__sentence"]) {
      const box = await page.locator(part).boundingBox();
      const inside =
        box !== null &&
        box.y >= 0 &&
        box.x >= 0 &&
        box.y + box.height <= height &&
        box.x + box.width <= width;
      if (!inside) unseen.push(`${part} at ${width}x${height}: ${JSON.stringify(box)}`);
    }
  }
  return unseen;
}

/** Pictures to be looked at: light and dark, and as a phone shows it. CI keeps them. */
async function photograph({ page }: Visit, name: string): Promise<void> {
  const file = name.replace(/[^a-z0-9]+/gi, "-");
  for (const [look, width, height, colorScheme] of [
    ["light", 1280, 800, "light"],
    ["dark", 1280, 800, "dark"],
    ["phone", 360, 740, "light"],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: join(SCREENS, `${file}-${look}.png`) });
  }
}

const runnable = STATES.filter(({ needsVectors }) => needsVectors !== true || vectors !== undefined);
const skipped = STATES.filter((one) => !runnable.includes(one));

describe.each(runnable.map((one): [string, StateCase] => [nameOf(one), one]))("%s", (_name, one) => {
  test("by a drop", async () => {
    const here = await reach(one, (visitor, paths) => visitor.drop(paths));
    expect(here.actions).toBe(one.actions);
    expect(await here.title()).toBe(one.title);
    const sentence = await here.sentence();
    if (typeof one.sentence === "string") expect(sentence).toBe(one.sentence);
    else expect(sentence).toMatch(one.sentence);
    expect(await here.page.locator(".result").getAttribute("data-tone")).toBe(one.tone);
    expect(await here.page.title()).toContain(one.title);
    expect(await seen(here)).toEqual([]);
    // What a screen reader says first: the title, and the sentence as its description.
    const focused = await here.page.evaluate(() => {
      const heading = document.activeElement;
      const description = document.getElementById(heading?.getAttribute("aria-describedby") ?? "");
      return [heading?.className, description?.textContent];
    });
    expect(focused).toEqual(["outcome__title", sentence]);
    await expectAccessible(here.page);
    await photograph(here, nameOf(one));
  });

  test.skipIf(one.dropOnly)("by a file input", async () => {
    const here = await reach(one, async (visitor, paths) => {
      const [first, ...others] = paths;
      const folder = first !== undefined && others.length === 0 && !/\.[a-z]+$/.test(first);
      if (folder) await visitor.chooseFolder(first);
      else await visitor.chooseFiles(paths);
    });
    expect(await here.title()).toBe(one.title);
  });
});

if (skipped.length > 0) {
  describe("public models", () => {
    test.skip.each(skipped.map(nameOf))("%s (no vectors)", () => {});
  });
}
