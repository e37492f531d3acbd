import { appendFile, cp, mkdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Verdict } from "modelseal";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { expectAccessible } from "./accessible.js";
import { fixture, fixtureText, Models } from "./models.js";
import { Site, type Visit } from "./site.js";

const WEIGHTS = "weights/model-00001-of-00002.safetensors";
const SIGNED = [
  "README.md",
  "config.json",
  "tokenizer/merges.txt",
  "tokenizer/vocab.json",
  WEIGHTS,
  "weights/model-00002-of-00002.safetensors",
  "模型卡.md",
];

let models: Models;
let site: Site;
let key: string;
let visits: Visit[] = [];

beforeAll(async () => {
  models = await Models.create();
  key = await fixtureText("key.pub");
  site = await Site.open(join(models.root, "dist"));
});

afterAll(async () => {
  await site?.close();
  await models?.remove();
});

/** Whatever a test does, the page's policy holds, nothing is asked of others, and nothing is thrown. */
afterEach(async () => {
  for (const { page, complaints, foreignRequests } of visits) {
    expect(complaints).toEqual([]);
    expect(foreignRequests).toEqual([]);
    await page.context().close();
  }
  visits = [];
});

async function visit(...args: Parameters<Site["visit"]>): Promise<Visit> {
  const made = await site.visit(...args);
  visits.push(made);
  return made;
}

async function errorOf({ page }: Visit, name: string): Promise<string | null> {
  return page.locator(`section:has(h2:text("${name}")) .field-error:visible`).textContent();
}

describe("a model as it was signed", () => {
  test("chosen as a folder with its signature inside, is verified", async () => {
    const here = await visit();
    await here.chooseFolder(await models.copy("good"));
    await expect.poll(() => here.page.getByText("Found: model.sig").isVisible()).toBe(true);
    await here.giveKey(key);
    expect(await here.verify()).toBe("verified");
    expect(await here.answers()).toEqual(["Yes", "Yes", "Yes", "Yes"]);
    expect(await here.page.locator(".outcome__sentence").textContent()).toBe(
      "All 7 files are exactly what the owner of this key signed.",
    );
    expect(await here.rows()).toEqual([
      ["ignored", ".gitignore"],
      ["ignored", "model.sig"],
      ...SIGNED.map((path) => ["ok", path]),
    ]);
  });

  test("really dropped as a folder, is verified", async () => {
    const here = await visit();
    await here.drop([await models.copy("dropped")]);
    await expect.poll(() => here.page.getByText("Found: model.sig").isVisible()).toBe(true);
    await here.giveKey(key);
    expect(await here.verify()).toBe("verified");
    expect((await here.rows()).filter(([status]) => status === "ok").map(([, path]) => path)).toEqual(SIGNED);
  });

  test("dropped with its signature beside it, is verified", async () => {
    const here = await visit();
    await here.drop([fixture("example-model"), fixture("model.sig")]);
    await expect.poll(() => here.page.getByText("Found: model.sig").isVisible()).toBe(true);
    await here.giveKey(key);
    expect(await here.verify()).toBe("verified");
  });

  test("with a signature given apart and a certificate authority, is verified", async () => {
    const here = await visit();
    await here.chooseFolder(fixture("example-model"));
    await here.chooseSignature(fixture("certificate/model.sig"));
    await here.giveAuthority(await fixtureText("certificate/root.pem"));
    await here.page.getByText("Advanced").click();
    await here.page.getByLabel("Judge as of this time (UTC)").fill("2026-11-01T00:00:00");
    expect(await here.verify()).toBe("verified");
    expect(await here.page.locator(".facts").textContent()).toContain(
      "2026-11-01 00:00:00 UTC (your choice)",
    );
    expect(await here.page.locator(".answer").nth(1).textContent()).toContain(
      "certified by an authority that you gave",
    );
  });

  test("that is one single file, is verified", async () => {
    const here = await visit();
    await here.chooseFiles([join(fixture("example-model"), WEIGHTS)]);
    await here.chooseSignature(fixture("single/model.sig"));
    await here.giveKey(key);
    expect(await here.verify()).toBe("verified");
    expect(await here.rows()).toEqual([["ok", "model-00001-of-00002.safetensors"]]);
  });

  test("of which single files are given, is incomplete and says what was not looked at", async () => {
    const here = await visit();
    await here.chooseFiles([join(fixture("example-model"), "README.md"), fixture("model.sig")]);
    await here.giveKey(key);
    expect(await here.verify()).toBe("incomplete");
    expect(await here.answers()).toEqual(["Yes", "Yes", "Not known", "In part"]);
    const rows = await here.rows();
    expect(rows.filter(([status]) => status === "ok")).toEqual([["ok", "README.md"]]);
    expect(rows.filter(([status]) => status === "not-checked").map(([, path]) => path)).toEqual(
      SIGNED.filter((path) => path !== "README.md"),
    );
  });

  test("with two signatures, asks which one", async () => {
    const here = await visit();
    const folder = await models.copy("two");
    await cp(fixture("p384/model.sig"), join(folder, "other.oms.sig"));
    await here.chooseFolder(folder);
    await here.page
      .getByLabel("2 signatures were found. Which one is to be checked?")
      .selectOption("other.oms.sig");
    await here.giveKey(await fixtureText("p384/key.pub"));
    // The other one is a file of the folder that no one signed.
    expect(await here.verify()).toBe("failed");
    expect((await here.rows())[0]).toEqual(["unsigned", "model.sig"]);
    expect((await here.answers())[0]).toBe("Yes");
  });

  test("is verified without a worker, where the browser gives none", async () => {
    const here = await visit({}, (page) =>
      page.addInitScript(() => Object.defineProperty(globalThis, "Worker", { value: undefined })),
    );
    await here.chooseFolder(await models.copy("workerless"));
    await here.giveKey(key);
    expect(await here.verify()).toBe("verified");
  });
});

describe("a model that is not as signed", () => {
  test("one changed byte is shown by the file's name", async () => {
    const folder = await models.copy("tampered");
    const path = join(folder, WEIGHTS);
    const bytes = await readFile(path);
    bytes[5000] = (bytes[5000] ?? 0) ^ 1;
    await writeFile(path, bytes);
    const here = await visit();
    await here.chooseFolder(folder);
    await here.giveKey(key);
    expect(await here.verify()).toBe("failed");
    expect(await here.answers()).toEqual(["Yes", "Yes", "Yes", "No"]);
    expect(await here.page.locator(".outcome__sentence").textContent()).toBe(
      "Do not rely on this model: 1 file is not what was signed.",
    );
    expect((await here.rows())[0]).toEqual(["changed", WEIGHTS]);
    expect(await here.page.locator(".answer__details").allTextContents()).toContain(`Changed: ${WEIGHTS}`);
  });

  test("files that are missing, cut or not signed are shown, and can be filtered", async () => {
    const folder = await models.copy("three");
    await rm(join(folder, "config.json"));
    await truncate(join(folder, "README.md"), 3);
    await appendFile(join(folder, "extra.bin"), "x");
    const here = await visit();
    await here.chooseFolder(folder);
    await here.giveKey(key);
    expect(await here.verify()).toBe("failed");
    expect((await here.rows()).slice(0, 3)).toEqual([
      ["changed", "README.md"],
      ["missing", "config.json"],
      ["unsigned", "extra.bin"],
    ]);
    await here.page.getByLabel("Not signed 1").check();
    expect(await here.rows()).toEqual([["unsigned", "extra.bin"]]);
  });

  test("names that hide or reorder what is read are escaped", async () => {
    const folder = await models.copy("names");
    for (const name of [
      "a\u202egnp.exe",
      "line\nbreak",
      "zero\u200bwidth",
      "<img src=x onerror=alert(1)>",
      "back\\u{202e}",
    ]) {
      await writeFile(join(folder, name), "x");
    }
    const here = await visit();
    await here.drop([folder]);
    await expect.poll(() => here.page.getByText("Found: model.sig").isVisible()).toBe(true);
    await here.giveKey(key);
    expect(await here.verify()).toBe("failed");
    const unsigned = (await here.rows()).filter(([status]) => status === "unsigned").map(([, name]) => name);
    expect(unsigned).toEqual([
      "<img src=x onerror=alert(1)>",
      "a\\u{202e}gnp.exe",
      "back\\\\u{202e}",
      "line\\u{a}break",
      "zero\\u{200b}width",
    ]);
    expect(await here.page.locator("main").textContent()).not.toMatch(/[\u200b\u202e]/);
  });

  test("another signer's key does not pass", async () => {
    const here = await visit();
    await here.chooseFolder(await models.copy("other-key"));
    await here.giveKey(await fixtureText("p384/key.pub"));
    expect(await here.verify()).toBe("failed");
    expect(await here.answers()).toEqual(["No", "Not known", "Not known", "Not known"]);
    expect(await here.page.locator(".outcome__sentence").textContent()).toBe(
      "The signature does not lead to the signer that you named, so nothing is known about the files.",
    );
    expect(await here.page.locator(".answer").first().textContent()).toContain("Code key-hint-mismatch");
    expect(new Set((await here.rows()).map(([status]) => status))).toEqual(new Set(["not-checked"]));
  });
});

describe("what could not be looked at", () => {
  test("a file that has gone since it was chosen is not taken for one that is right", async () => {
    const folder = await models.copy("gone");
    const here = await visit();
    await here.chooseFolder(folder);
    await here.giveKey(key);
    await rm(join(folder, "README.md"));
    expect(await here.verify()).toBe("incomplete");
    expect((await here.rows())[0]).toEqual(["unreadable", "README.md"]);
    expect(await here.page.locator(".outcome__sentence").textContent()).toBe(
      "Nothing contradicts the signature, but a file could not be read.",
    );
  });

  test("without the verifier itself there is no verdict", async () => {
    const here = await visit({}, (page) => page.route("**/*.wasm", (route) => route.abort()));
    await here.chooseFolder(await models.copy("no-wasm"));
    await here.giveKey(key);
    await here.page.getByRole("button", { name: "Verify" }).click();
    await expect
      .poll(() => here.page.locator(".field-error:visible").textContent())
      .toContain("wasm-unavailable");
    expect(await here.page.locator(".result").count()).toBe(0);
    expect(here.complaints.splice(0)).toEqual(["Failed to load resource: net::ERR_FAILED"]);
  });

  test("another verifier than that of this page is not taken", async () => {
    // Valid WebAssembly, which says the same: a section of no meaning is added.
    const here = await visit({}, (page) =>
      page.route("**/*.wasm", async (route) => {
        const response = await route.fetch();
        const body = Buffer.concat([await response.body(), Buffer.from([0, 2, 1, 0x78])]);
        await route.fulfill({ response, body });
      }),
    );
    await here.chooseFolder(await models.copy("other-wasm"));
    await here.giveKey(key);
    await here.page.getByRole("button", { name: "Verify" }).click();
    await expect
      .poll(() => here.page.locator(".field-error:visible").textContent())
      .toContain("wasm-unavailable");
    expect(await here.page.locator(".result").count()).toBe(0);
    const complaints = here.complaints.splice(0);
    expect(complaints.length).toBeGreaterThan(0);
    for (const complaint of complaints) expect(complaint).toMatch(/integrity/);
  });
});

describe("input that is none", () => {
  test("nothing given: each field says what it lacks, and the first takes the focus", async () => {
    const here = await visit();
    await here.page.getByRole("button", { name: "Verify" }).click();
    expect(await errorOf(here, "The model")).toContain(
      "Choose or drop the model’s folder first. files-missing",
    );
    expect(await errorOf(here, "Who you expect")).toContain("Give the publisher’s public key. key-missing");
    expect(await here.page.evaluate(() => document.activeElement?.textContent)).toBe("Choose a folder");
  });

  test("a folder without a signature", async () => {
    const here = await visit();
    await here.chooseFolder(fixture("example-model"));
    await here.giveKey(key);
    await here.page.getByRole("button", { name: "Verify" }).click();
    expect(await errorOf(here, "The signature")).toContain("Choose the signature file. signature-missing");
  });

  test("an empty folder", async () => {
    const folder = join(models.root, "empty");
    await mkdir(folder);
    const here = await visit();
    await here.drop([folder]);
    await expect.poll(() => here.page.locator(".field-error:visible").count()).toBe(1);
    expect(await errorOf(here, "The model")).toContain("There are no files in this folder. files-missing");
  });

  test("two folders at once", async () => {
    const here = await visit();
    await here.drop([fixture("example-model"), fixture("p384")]);
    await expect.poll(() => here.page.locator(".field-error:visible").count()).toBe(1);
    expect(await errorOf(here, "The model")).toContain("drop-ambiguous");
  });

  test("a key that is not a key", async () => {
    const here = await visit();
    await here.chooseFolder(await models.copy("no-key"));
    await here.giveKey("this is not a key");
    await here.page.getByRole("button", { name: "Verify" }).click();
    await expect.poll(() => here.page.locator(".field-error:visible").count()).toBe(1);
    expect(await errorOf(here, "Who you expect")).toBe(
      "!This is not a public key in PEM: it is text of an unknown kind. key-invalid",
    );
    expect(await here.page.getByLabel("Public key (PEM)").getAttribute("aria-invalid")).toBe("true");
    expect(await here.page.locator(".result").count()).toBe(0);
  });

  test("an authority that is none", async () => {
    const here = await visit();
    await here.chooseFolder(await models.copy("no-authority"));
    await here.giveAuthority(key);
    await here.page.getByRole("button", { name: "Verify" }).click();
    await expect.poll(() => here.page.locator(".field-error:visible").count()).toBe(1);
    expect(await errorOf(here, "Who you expect")).toContain("anchor-invalid");
  });

  test.each([
    ["empty", "", "This is not a signature bundle: it is empty."],
    ["a page of HTML", "<!doctype html>", "it is an HTML page, perhaps an error page of a server."],
    ["not JSON", "not JSON", "it is text of an unknown kind."],
  ])("a signature that is %s is none: no verdict", async (name, text, sentence) => {
    const folder = await models.copy(`bundle ${name}`, []);
    await writeFile(join(folder, "model.sig"), text);
    const here = await visit();
    await here.chooseFolder(folder);
    await here.giveKey(key);
    await here.page.getByRole("button", { name: "Verify" }).click();
    await expect.poll(() => here.page.locator(".field-error:visible").count()).toBe(1);
    expect(await errorOf(here, "The signature")).toContain(sentence);
    expect(await errorOf(here, "The signature")).toContain("bundle-unreadable");
    expect(await here.page.locator(".result").count()).toBe(0);
  });

  test.each([
    ["cut off", '{"mediaType": "application/vnd', "json-syntax"],
    ["a million times [", `{"a":${"[".repeat(1_000_000)}`, "json-depth"],
  ])("a signature that is %s", async (name, text, code) => {
    const folder = await models.copy(`bundle ${name}`, []);
    await writeFile(join(folder, "model.sig"), text);
    const here = await visit();
    await here.chooseFolder(folder);
    await here.giveKey(key);
    expect(await here.verify()).toBe("failed");
    expect(await errorOf(here, "The signature")).toContain(code);
    expect(await here.answers()).toEqual(["No", "Not known", "Not known", "Not known"]);
  });
});

describe("the page", () => {
  test("hands out the verdict as JSON", async () => {
    const here = await visit();
    await here.chooseFolder(await models.copy("report"));
    await here.giveKey(key);
    await here.verify();
    const download = here.page.waitForEvent("download");
    await here.page.getByRole("button", { name: "Download the report (JSON)" }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe("modelseal-verdict.json");
    const verdict: Verdict = JSON.parse(await readFile(await file.path(), "utf8"));
    expect(verdict).toMatchObject({
      version: 1,
      outcome: "verified",
      expectation: { setBy: "caller", name: null },
      coverage: { status: "complete", signedFiles: 7, notObservable: ["symlinks"] },
      bytes: { status: "hashed", hashed: 7 },
    });
  });

  test("hashes in a worker that has no network, shows how far it is, and can be stopped", async () => {
    const folder = await models.copy("large");
    // Sparse: much to hash, little to store.
    await truncate(join(folder, WEIGHTS), 3_000_000_000);
    const here = await visit();
    await here.chooseFolder(folder);
    await here.giveKey(key);
    const started = here.page.waitForEvent("worker");
    await here.page.getByRole("button", { name: "Verify" }).click();
    const worker = await started;
    await here.page.getByRole("progressbar").waitFor();
    await expect
      .poll(() => here.page.locator(".progress__amount").textContent())
      .toMatch(/ of 3\.0 GB, \d of 7 files/);
    expect(
      await worker.evaluate(() =>
        ["fetch", "WebSocket", "XMLHttpRequest"].filter(
          (name) => name in self && self[name as never] !== undefined,
        ),
      ),
    ).toEqual([]);
    await here.page.getByRole("button", { name: "Cancel" }).click();
    await expect.poll(() => here.page.getByText("Cancelled. Nothing was decided.").isVisible()).toBe(true);
    await expect.poll(() => here.page.workers().length).toBe(0);
    expect(await here.page.locator(".result").count()).toBe(0);
  });

  test("moves the focus to the result", async () => {
    const here = await visit();
    await here.chooseFolder(await models.copy("focus"));
    await here.giveKey(key);
    await here.verify();
    expect(await here.page.evaluate(() => document.activeElement?.textContent)).toBe("✓Verified");
  });

  test("can be used with the keyboard alone", async () => {
    const here = await visit();
    const { page } = here;
    // Asked for early: what opens before it is asked for is lost.
    const chooser = page.waitForEvent("filechooser");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Choose a folder");
    await page.keyboard.press("Enter");
    await (await chooser).setFiles(await models.copy("keyboard"));
    await expect.poll(() => page.getByText("Found: model.sig").isVisible()).toBe(true);
    // Choose files, choose a signature, the radio buttons, the key.
    for (let stop = 0; stop < 4; stop += 1) await page.keyboard.press("Tab");
    await page.keyboard.insertText(key);
    // Read from a file, advanced, verify.
    for (let stop = 0; stop < 3; stop += 1) await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator(".result[data-outcome=verified]").waitFor();
  });

  test("shows 2,000 files in pieces", async () => {
    const folder = await models.copy("many");
    await mkdir(join(folder, "many"));
    for (let index = 0; index < 2_000; index += 1) await writeFile(join(folder, "many", `${index}.bin`), "");
    const here = await visit();
    await here.chooseFolder(folder);
    await here.giveKey(key);
    expect(await here.verify()).toBe("failed");
    expect(await here.page.locator(".files tbody tr").count()).toBe(200);
    await here.page.getByText("The first 200 of 2,009 files.").waitFor();
    await here.page.getByRole("button", { name: "Show 200 more" }).click();
    expect(await here.page.locator(".files tbody tr").count()).toBe(400);
  });

  test("forbids all that it does not need", async () => {
    const here = await visit();
    const policy = await here.page
      .locator('meta[http-equiv="Content-Security-Policy"]')
      .getAttribute("content");
    expect(policy).toMatch(/^default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/);
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
    const refused = await here.page.evaluate(async () => {
      const tried: string[] = [];
      await fetch("https://example.org/").catch(() => tried.push("fetch"));
      try {
        document.body.innerHTML = "<p>";
      } catch {
        tried.push("innerHTML");
      }
      return tried;
    });
    expect(refused).toEqual(["fetch", "innerHTML"]);
    // These complaints are what was asked for.
    expect(here.complaints.splice(0).length).toBeGreaterThan(0);
    here.foreignRequests.splice(0);
  });
});

describe("accessibility", () => {
  const states: [name: string, prepare: (here: Visit) => Promise<unknown>][] = [
    ["empty", async () => {}],
    [
      "running",
      async (here) => {
        const folder = await models.copy("axe-running");
        await truncate(join(folder, WEIGHTS), 200_000_000_000);
        await here.chooseFolder(folder);
        await here.giveKey(key);
        await here.page.getByRole("button", { name: "Verify" }).click();
        await here.page.getByRole("progressbar").waitFor();
      },
    ],
    ["wrong input", ({ page }) => page.getByRole("button", { name: "Verify" }).click()],
    [
      "verified",
      async (here) => {
        await here.chooseFolder(await models.copy("axe-good"));
        await here.giveKey(key);
        expect(await here.verify()).toBe("verified");
      },
    ],
    [
      "failed",
      async (here) => {
        const folder = await models.copy("axe-bad");
        await writeFile(join(folder, "README.md"), "other");
        await here.chooseFolder(folder);
        await here.giveKey(key);
        expect(await here.verify()).toBe("failed");
      },
    ],
    [
      "incomplete",
      async (here) => {
        await here.chooseFiles([join(fixture("example-model"), "README.md"), fixture("model.sig")]);
        await here.giveKey(key);
        expect(await here.verify()).toBe("incomplete");
      },
    ],
  ];
  test.each(states)("no violation in either scheme and at any width: %s", async (_name, prepare) => {
    const here = await visit({ reducedMotion: "reduce" });
    await prepare(here);
    await expectAccessible(here.page);
  });
});
