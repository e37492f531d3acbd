// The page in Firefox: by files as a person chooses them, and by folders. Firefox cannot be made to drop a folder by
// a program, so the dropped entries are stubs here: objects with the files of the folder.
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import puppeteer, { type Browser, type ElementHandle, type Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fixture, Models, vectors } from "./models.js";
import { Site } from "./site.js";

const { FIREFOX: executablePath = "/usr/bin/firefox-esr" } = process.env;
const isHere = existsSync(executablePath);
const WEIGHTS = "weights/model-00001-of-00002.safetensors";

const WINDOWS = [
  [1280, 800],
  [640, 400],
  [360, 740],
  [320, 568],
] as const;

describe.skipIf(!isHere)(`Firefox${isHere ? "" : " (set FIREFOX to the program's path)"}`, () => {
  let models: Models;
  let site: Site;
  let browser: Browser;

  beforeAll(async () => {
    models = await Models.create();
    site = await Site.open(join(models.root, "dist"));
    browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
    await models?.remove();
  });

  /** A visit, and what went wrong during it. */
  async function visit(): Promise<{ page: Page; complaints: string[] }> {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error instanceof Error ? error.message : `${error}`));
    await page.setViewport({ width: 1280, height: 800 });
    await page.goto(site.address);
    await page.waitForSelector("main");
    return { page, complaints };
  }

  async function choose(page: Page, paths: readonly string[]): Promise<void> {
    const input = (await page.waitForSelector("input[name=files]")) as ElementHandle<HTMLInputElement>;
    await input.uploadFile(...paths);
  }

  /** A drop of folders and files, as the entries that a browser hands out. */
  async function drop(page: Page, paths: readonly string[]): Promise<void> {
    const given = await Promise.all(paths.map(contents));
    await page.evaluate((roots) => {
      type Root = (typeof roots)[number];
      const fileOf = (name: string, base64: string) =>
        new File([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))], name);
      const entryOf = (name: string, files: Root["files"]): object => {
        const own = new Map<string, Root["files"]>();
        for (const [path, text] of files) {
          const [first = "", ...rest] = path.split("/");
          own.set(first, [...(own.get(first) ?? []), [rest.join("/"), text]]);
        }
        const children = [...own].map(([child, below]) =>
          below[0]?.[0] === ""
            ? {
                name: child,
                isFile: true,
                isDirectory: false,
                file: (done: (file: File) => void) => done(fileOf(child, below[0]?.[1] ?? "")),
              }
            : entryOf(child, below),
        );
        return {
          name,
          isFile: false,
          isDirectory: true,
          createReader() {
            let left = children;
            return {
              readEntries(done: (entries: object[]) => void) {
                const some = left;
                left = [];
                done(some);
              },
            };
          },
        };
      };
      const items = roots.map(({ name, folder, files }) => ({
        kind: "file",
        webkitGetAsEntry: () => (folder ? entryOf(name, files) : { name, isFile: true, isDirectory: false }),
        getAsFile: () => (folder ? null : fileOf(name, files[0]?.[1] ?? "")),
      }));
      const event = new Event("drop", { cancelable: true });
      Object.defineProperty(event, "dataTransfer", { value: { types: ["Files"], items } });
      dispatchEvent(event);
    }, given);
  }

  async function state(page: Page, wanted: string): Promise<void> {
    await page.waitForSelector(`.result[data-state="${wanted}"]`, { timeout: 20_000 });
  }

  async function seen(page: Page): Promise<string[]> {
    const unseen: string[] = [];
    for (const [width, height] of WINDOWS) {
      await page.setViewport({ width, height });
      const boxes = await page.$$eval(".outcome__title, .outcome__sentence", (elements) =>
        elements.map((element) => {
          const { top, bottom } = element.getBoundingClientRect();
          return [top, bottom] as const;
        }),
      );
      for (const [top, bottom] of boxes)
        if (top < 0 || bottom > height) unseen.push(`${width}x${height}: ${top} to ${bottom}`);
    }
    return unseen;
  }

  test.each([
    ["a key", ["key.pub"], "waiting"],
    ["a signature", ["model.sig"], "signature-only"],
    ["one file with signature and key", [join("example-model", WEIGHTS), "model.sig", "key.pub"], "part"],
    ["a model of one file", [join("example-model", WEIGHTS), "single/model.sig", "key.pub"], "verified"],
  ])("files: %s", async (_name, paths, wanted) => {
    const { page, complaints } = await visit();
    await choose(page, paths.map(fixture));
    await state(page, wanted);
    expect(await seen(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("a folder, by stubs of entries: verified, and changed", async () => {
    const { page, complaints } = await visit();
    await drop(page, [await models.copy("example-model")]);
    await state(page, "key-needed");
    await drop(page, [fixture("key.pub")]);
    await state(page, "verified");
    expect(await seen(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("an example, in German", async () => {
    const { page, complaints } = await visit();
    await page.click("text/Deutsch");
    await page.click("text/Eine Datei verändert");
    await state(page, "changed");
    expect(await page.$eval(".outcome__title", (title) => title.textContent)).toContain(
      "Verwenden Sie dieses Modell nicht",
    );
    expect(complaints).toEqual([]);
    await page.close();
  });

  test.skipIf(vectors === undefined)("an NVIDIA skill, by stubs of entries", async () => {
    const { page, complaints } = await visit();
    await drop(page, [join(vectors ?? "", "nvidia-skills/doca-gpi")]);
    await state(page, "verified");
    expect(complaints).toEqual([]);
    await page.close();
  });
});

/** A file, or a folder with all that is in it. */
async function contents(path: string) {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) {
    return {
      name: basename(path),
      folder: false,
      files: [["", await readFile(path, "base64")]] as [string, string][],
    };
  }
  const files: [string, string][] = [];
  for (const entry of entries.filter((one) => one.isFile())) {
    const whole = join(entry.parentPath, entry.name);
    files.push([relative(path, whole).split(sep).join("/"), await readFile(whole, "base64")]);
  }
  return { name: basename(path), folder: true, files };
}
