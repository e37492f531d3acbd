// A model at an address. The host is a stand-in: the browser's requests to it are answered by the test, since a
// certificate that Chromium trusts cannot be had here.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { expectAccessible } from "./accessible.js";
import { fixture, fixtureText } from "./models.js";
import { usePage } from "./under-test.js";

const HOST = "https://models.example";
const MODEL = `${HOST}/acme/example-model`;

const underTest = usePage({ asksOthers: true });

/** A visit of the document for a model at an address; `asked` has the requests to the host. */
async function visit(src: string, answer: (path: string) => Promise<Buffer | number> = file) {
  const asked: { method: string; path: string; headers: Record<string, string> }[] = [];
  const prepare = (page: Page) =>
    page.route(`${HOST}/**`, async (route) => {
      const request = route.request();
      const path = decodeURIComponent(new URL(request.url()).pathname);
      asked.push({ method: request.method(), path, headers: await request.allHeaders() });
      const found = await answer(path);
      const headers = { "access-control-allow-origin": "*" };
      if (typeof found === "number") await route.fulfill({ status: found, headers });
      else await route.fulfill({ body: found, headers: { ...headers, "content-length": `${found.length}` } });
    });
  const here = await underTest.visit({}, prepare, `link.html?src=${encodeURIComponent(src)}`);
  return { here, asked };
}

/** The example model, as its publisher would put it up. */
async function file(path: string): Promise<Buffer | number> {
  const name = path.slice("/acme/example-model/".length);
  if (name === "model.sig") return readFile(fixture("model.sig"));
  return readFile(join(fixture("example-model"), name)).catch(() => 404);
}

describe("a model at an address", () => {
  test("is fetched after a press, checked as it streams, and never better than incomplete", async () => {
    const { here, asked } = await visit(`${MODEL}/model.sig`);
    await here.page.getByText("Nothing is fetched before you press.").waitFor();
    await expectAccessible(here.page);
    expect(asked).toEqual([]);
    await here.press("Fetch the signature from models.example");
    await here.waitFor("key-needed");
    await here.drop([fixture("key.pub")]);
    await here.waitFor("remote-ready");
    expect(asked.map(({ path }) => path)).toContain("/acme/example-model/model.sig");
    await here.page.getByRole("button", { name: /^Check 7 files \(.*\) from models\.example$/ }).click();
    await here.waitFor("remote");
    expect(await here.sentence()).toBe(
      "All 7 files are exactly what the holder of the key you gave signed. They come from models.example. What else lies there wasn’t seen.",
    );
    expect(await here.answers()).toEqual(["Yes", "Yes", "Not known", "Yes"]);
    expect(here.complaints).toEqual([]);
    // It can be asked for again, and a folder that is dropped is another model.
    await here.press("Check another model");
    await here.press("Fetch the signature from models.example");
    await here.waitFor("key-needed");
    await here.drop([await underTest.models.copy("example-model")]);
    await here.press("Check example-model");
    await here.waitFor("key-needed");
    expect(await here.sentence()).not.toContain("models.example");
    // Nothing tells the host who asks, or from where.
    for (const { headers } of asked) {
      expect(headers["referer"]).toBeUndefined();
      expect(headers["cookie"]).toBeUndefined();
    }
    await expectAccessible(here.page);
  });

  test("with a changed file is not to be used", async () => {
    const { here } = await visit(`${MODEL}/model.sig`, async (path) =>
      path.endsWith("config.json") ? Buffer.from("{}") : file(path),
    );
    await here.expect({ key: await fixtureText("key.pub") });
    await here.press("Fetch the signature from models.example");
    await here.waitFor("remote-ready");
    await here.page.getByRole("button", { name: /^Check 7 files/ }).click();
    await here.waitFor("changed");
  });

  test("of which a file is not handed out says so", async () => {
    const { here } = await visit(`${MODEL}/model.sig`, async (path) =>
      path.endsWith("config.json") ? 404 : file(path),
    );
    await here.expect({ key: await fixtureText("key.pub") });
    await here.press("Fetch the signature from models.example");
    await here.waitFor("remote-ready");
    await here.page.getByRole("button", { name: "Check 7 files (size unknown) from models.example" }).click();
    await here.waitFor("unreadable");
    expect(await here.sentence()).toBe("config.json couldn’t be fetched from models.example.");
  });

  test.each([
    ["is not there", 404],
    ["is a web page", Buffer.from("<!doctype html>")],
  ])("whose signature %s has no verdict", async (_name, answer) => {
    const { here } = await visit(`${MODEL}/model.sig`, async () => answer);
    await here.press("Fetch the signature from models.example");
    await here.waitFor(typeof answer === "number" ? "refused" : "not-a-signature");
  });
});

test.each([
  "http://models.example/model.sig",
  "https://me:secret@models.example/model.sig",
  "file:///x",
  "model.sig",
])("%s is not fetched", async (src) => {
  const { here, asked } = await visit(src);
  await here.page.getByText(/must begin with https:\/\//).waitFor();
  expect(await here.page.getByRole("button", { name: /^Fetch/ }).count()).toBe(0);
  expect(asked).toEqual([]);
});

test("the page itself may fetch nothing from elsewhere, and this document only over HTTPS", async () => {
  const { here } = await visit(`${MODEL}/model.sig`);
  const policy = await here.page
    .locator('meta[http-equiv="Content-Security-Policy"]')
    .getAttribute("content");
  expect(policy).toContain("connect-src 'self' https:;");
  expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|http:|\*/);
});
