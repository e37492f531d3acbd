// Without a network, and after a new version.
import { expect, test } from "vitest";
import { fixture } from "./models.js";
import type { Visit } from "./site.js";
import { usePage } from "./under-test.js";

const underTest = usePage({ asksOthers: true });

async function installed({ page }: Visit): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
}

async function reload({ page }: Visit): Promise<void> {
  await page.reload();
  await page.locator("main").waitFor();
}

/** What the foot of the page says; nothing while it is being loaded again. */
async function foot({ page }: Visit): Promise<string> {
  return page.evaluate(() => document.querySelector(".footer")?.textContent ?? "").catch(() => "");
}

test("after the first load the page works offline, in both languages", async () => {
  const here = await underTest.visit();
  await installed(here);
  await here.page.context().setOffline(true);
  await reload(here);
  await here.press("Deutsch");
  await here.drop([await underTest.models.copy("example-model"), fixture("key.pub")]);
  await here.waitFor("verified");
  await here.press("Ein anderes Modell prüfen");
  await here.press("Echtes Modell");
  await here.waitFor("verified");
  expect([here.complaints, here.foreignRequests]).toEqual([[], []]);
});

test("what is served offline has the page's policy, and nothing else is answered for", async () => {
  const here = await underTest.visit();
  await installed(here);
  await reload(here);
  const seen = await here.page.evaluate(async () => {
    const page = await fetch("./index.html");
    const other = await fetch("./assets/none.js");
    return [
      page.headers.get("content-security-policy")?.slice(0, 18),
      page.headers.get("x-content-type-options"),
      other.status,
    ];
  });
  expect(seen.slice(0, 2)).toEqual(["default-src 'none'", "nosniff"]);
  here.complaints.splice(0);
});

test("what someone else puts into the cache is not served", async () => {
  const here = await underTest.visit();
  await installed(here);
  await here.page.evaluate(async () => {
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) await cache.put(request, new Response("alert(1)"));
    }
  });
  await reload(here);
  await here.drop([await underTest.models.copy("example-model"), fixture("key.pub")]);
  await here.waitFor("verified");
});

test("a new version takes over at the next load, and not under another page", async () => {
  const here = await underTest.visit();
  await installed(here);
  await reload(here);
  const other = await here.page.context().newPage();
  await other.goto(here.page.url());
  await other.locator("main").waitFor();
  await changeVersion();
  await here.page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update();
    while (registration.waiting === null) await new Promise((resolve) => setTimeout(resolve, 20));
  });
  // The other page is still open: the old version stays.
  await reload(here);
  expect(await here.page.locator(".footer").textContent()).not.toContain("9.9.9");
  await other.close();
  // The browser counts a closed page for a moment more: where it did, the load after that one takes the new version.
  for (let loads = 0; loads < 5 && !(await foot(here)).includes("9.9.9"); loads += 1) {
    await reload(here);
    await here.page.waitForTimeout(2000);
  }
  expect(await foot(here)).toContain("9.9.9");
  await here.drop([await underTest.models.copy("example-model"), fixture("key.pub")]);
  await here.waitFor("verified");
}, 90_000);

/** Builds the page again, of another version, in the same place. */
async function changeVersion(): Promise<void> {
  const { build } = await import("vite");
  const { fileURLToPath } = await import("node:url");
  await build({
    root: fileURLToPath(new URL("..", import.meta.url)),
    logLevel: "warn",
    define: { __VERSION__: '"9.9.9"' },
    build: { outDir: underTest.dist, emptyOutDir: true },
  });
}
