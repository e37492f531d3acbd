import { execFile } from "node:child_process";
import { cp, mkdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Verdict } from "modelseal";
import { beforeAll, describe, expect, test } from "vitest";
import { expectAccessible } from "./accessible.js";
import { fixture, fixtureText, NO_VECTORS, vectors } from "./models.js";
import type { Visit } from "./site.js";
import { usePage } from "./under-test.js";

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

const underTest = usePage();
const { visit } = underTest;
let key: string;

beforeAll(async () => {
  key = await fixtureText("key.pub");
});

/** A model with its key, verified. */
async function verified(here: Visit, folder: string): Promise<void> {
  await here.drop([folder, fixture("key.pub")]);
  await here.waitFor("verified");
}

describe("the answer", () => {
  test("has four answers, and every file in the table", async () => {
    const here = await visit();
    await verified(here, await underTest.models.copy("example-model"));
    expect(await here.answers()).toEqual(["Yes", "Yes", "Yes", "Yes"]);
    expect(await here.rows()).toEqual([
      ["ignored", ".gitignore"],
      ["ignored", "model.sig"],
      ...SIGNED.map((path) => ["ok", path]),
    ]);
  });

  test("reads as title, sentence and four answers to who hears it", async () => {
    const here = await visit();
    await verified(here, await underTest.models.copy("example-model"));
    const tree = await here.page.locator(".result").ariaSnapshot();
    expect(tree).toMatch(
      /^- region "Verified":\n {2}- heading "Verified" \[level=2\]\n {2}- paragraph: The holder of the key you gave signed “example-model”/,
    );
    const items = await here.page.locator(".answers li").allInnerTexts();
    expect(items.map((text) => text.replace(/\s+/g, " ").slice(2))).toEqual([
      "Does the signature hold? Yes Made with a key, and unchanged since.",
      "Is it from who you expect? Yes It was signed by the holder of the key you gave.",
      "Does it cover every file? Yes 7 signed files, and nothing else.",
      "Is every byte as signed? Yes 7 files read to the last byte.",
    ]);
    // The marks are for the eye alone.
    expect(tree).not.toContain("✓");
  });

  test("names the signed model, and says where the folder has another name", async () => {
    const here = await visit();
    await verified(here, await underTest.models.copy("llama-4"));
    expect(await here.page.locator("[data-aside=name]").textContent()).toBe(
      "Your folder is called “llama-4”. The signature is for “example-model”. Is that the model you wanted?",
    );
    expect(await here.page.title()).toBe("✓ Verified – example-model");
  });

  test("shows names that hide or reorder what is read with escapes", async () => {
    const names = [
      "a\u202egnp.exe",
      "line\nbreak",
      "zero\u200bwidth",
      "<img src=x onerror=alert(1)>",
      "back\\u{202e}",
    ];
    const folder = await underTest.models.copy("example-model");
    for (const name of names) await writeFile(join(folder, name), "x");
    const here = await visit();
    await here.drop([folder, fixture("key.pub")]);
    await here.waitFor("unsigned");
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

  // Chromium shows none of these to a page that lists a folder by its handle.
  test("sees files whose names browsers hide", async () => {
    const folder = await underTest.models.copy("example-model");
    for (const name of ["run.lnk", "start.url", "desktop.scf", "dot."])
      await writeFile(join(folder, name), "x");
    const here = await visit();
    await here.drop([folder, fixture("key.pub")]);
    await here.waitFor("unsigned");
    expect((await here.rows()).filter(([status]) => status === "unsigned").map(([, name]) => name)).toEqual([
      "desktop.scf",
      "dot.",
      "run.lnk",
      "start.url",
    ]);
  });

  test("is handed out as JSON, under the model's name", async () => {
    const here = await visit();
    await verified(here, await underTest.models.copy("example-model"));
    const download = here.page.waitForEvent("download");
    await here.press("Save the report (JSON)");
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/^example-model-verified-\d{4}-\d\d-\d\d\.json$/);
    const verdict: Verdict = JSON.parse(await readFile(await file.path(), "utf8"));
    expect(verdict).toMatchObject({
      version: 1,
      outcome: "verified",
      coverage: { status: "complete", signedFiles: 7, notObservable: ["symlinks"] },
      bytes: { status: "hashed", hashed: 7 },
    });
  });

  test("has its evidence folded below it, with the command that repeats the check", async () => {
    const here = await visit();
    await verified(here, await underTest.models.copy("example-model"));
    const facts = new Map(await here.facts());
    expect(facts.get("Signed name")).toBe("example-model");
    expect(facts.get("When")).toBe("Not proven: the signature carries no proof of when it was made.");
    expect(facts.get("Repeat it")).toContain(
      "modelseal verify key example-model --signature example-model/model.sig --public-key key.pub",
    );
    expect(facts.get("Rule used, chosen by you")).toContain('"method":"key"');
    await here.open("raw");
    await here.page.locator(".tree__node").first().waitFor();
    const names = await here.page.locator(".tree__body").first().locator("> * .tree__name").allTextContents();
    expect(names).toContain("mediaType");
    await expectAccessible(here.page);
  });

  test("prints without anything to press", async () => {
    const here = await visit();
    await verified(here, await underTest.models.copy("example-model"));
    await here.page.emulateMedia({ media: "print" });
    await here.page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    // The names in the table of files are buttons, and stay as what they say.
    const pressable = here.page.locator("button:not(.row__name, .row__sort), input, select, textarea");
    expect(await pressable.filter({ visible: true }).count()).toBe(0);
    expect(await here.page.locator(".facts").isVisible()).toBe(true);
  });

  test("can be asked for with the keyboard alone", async () => {
    const here = await visit();
    const { page } = here;
    // Asked for early: what opens before it is asked for is lost.
    const chooser = page.waitForEvent("filechooser");
    for (let stop = 0; stop < 2; stop += 1) await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Choose a folder");
    await page.keyboard.press("Enter");
    await (await chooser).setFiles(await underTest.models.copy("example-model"));
    await here.waitFor("key-needed");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Paste a key");
    await page.keyboard.press("Enter");
    await page.keyboard.insertText(key);
    for (let stop = 0; stop < 5; stop += 1) await page.keyboard.press("Tab");
    await page.getByRole("button", { name: "Use this" }).focus();
    await page.keyboard.press("Enter");
    await here.waitFor("verified");
  });
});

describe("one thing to do next", () => {
  test("the folder that the signature covers is checked at a press", async () => {
    const here = await visit();
    await here.drop([dirname(await underTest.models.copy("example-model")), fixture("key.pub")]);
    await here.waitFor("wrong-level");
    await here.press("Check example-model");
    await here.waitFor("verified");
  });

  test("one of two folders is checked at a press", async () => {
    const here = await visit();
    await here.drop([await underTest.models.copy("first"), await underTest.models.copy("second", [])]);
    await here.waitFor("two-folders");
    await here.press("Check second");
    await here.waitFor("not-signed");
  });

  test("leftovers count when the person wants it", async () => {
    const folder = await underTest.models.copy("example-model");
    await writeFile(join(folder, ".DS_Store"), "x");
    const here = await visit();
    await here.drop([folder, fixture("key.pub")]);
    await here.waitFor("set-aside");
    expect(await here.answers()).toEqual(["Yes", "Yes", "But for what was set aside", "Yes"]);
    await here.press("Check again without setting aside");
    await here.waitFor("unsigned");
  });

  test("a signature and a key that come later join the model", async () => {
    const here = await visit();
    await here.drop([await underTest.models.copy("example-model", [])]);
    await here.waitFor("not-signed");
    await here.drop([fixture("model.sig")]);
    await here.waitFor("key-needed");
    await here.drop([fixture("key.pub")]);
    await here.waitFor("verified");
  });

  test("a second model does not discard the first without a word", async () => {
    const here = await visit();
    await verified(here, await underTest.models.copy("example-model"));
    await here.drop([await underTest.models.copy("other", [])]);
    await here.press("Keep this one");
    expect(await here.state()).toBe("verified");
    await here.drop([await underTest.models.copy("other", [])]);
    await here.press("Check other");
    await here.waitFor("not-signed");
  });

  test("a wrong expectation can be left", async () => {
    const here = await visit();
    await here.expect({ key: await fixtureText("p384/key.pub") });
    await here.drop([await underTest.models.copy("example-model")]);
    await here.waitFor("other-key");
    await here.press("Stop using it");
    await here.waitFor("key-needed");
  });

  test("another model can be checked", async () => {
    const here = await visit();
    await verified(here, await underTest.models.copy("example-model"));
    await here.press("Check another model");
    await here.page.locator(".drop-zone").waitFor();
    expect(await here.page.title()).toBe("modelseal: check a downloaded model");
    await here.drop([await underTest.models.copy("next")]);
    await here.waitFor("key-needed");
  });
});

describe("examples", () => {
  test.each([
    ["Genuine model", "verified"],
    ["One file altered", "changed"],
    ["Signed by someone else", "other-key"],
    ["With extra files", "unsigned"],
  ])("%s", async (name, state) => {
    const here = await visit();
    await here.press(name);
    await here.waitFor(state);
  });
});

describe("while it runs", () => {
  test("it says who signed before the files are read, hashes without a network, and can be stopped", async () => {
    const folder = await underTest.models.copy("example-model");
    // Sparse: much to hash, little to store.
    await truncate(join(folder, "weights/model-00002-of-00002.safetensors"), 3_000_000_000);
    await writeFile(join(folder, "config.json"), "changed");
    const here = await visit();
    const { page } = here;
    const started = page.waitForEvent("worker");
    await here.drop([folder, fixture("key.pub")]);
    const worker = await started;
    await page.getByText("7 of 7 signed files are here").waitFor();
    expect(await page.locator(".known").textContent()).toContain("Signed as “example-model”");
    // Small files come first: a changed one is known at once.
    await page.locator(".warning").getByText("config.json isn’t what was signed.").waitFor();
    await expect.poll(() => page.locator(".progress__amount").textContent()).toMatch(/ of 3 GB/);
    await expect.poll(() => page.locator(".progress__path").textContent()).toContain("model-00002");
    expect(await page.title()).toMatch(/^\d+% – checking$/);
    const title = await page.locator(".working__title").boundingBox();
    const bar = await page.locator(".progress__bar").boundingBox();
    expect(title !== null && title.y >= 0 && bar !== null && bar.y < 720).toBe(true);
    await expectAccessible(page);
    const network = await worker.evaluate(() =>
      ["fetch", "WebSocket", "XMLHttpRequest"].filter(
        (name) => name in self && self[name as never] !== undefined,
      ),
    );
    expect(network).toEqual([]);
    await here.drop([fixture("p384/key.pub")]);
    await page.getByText("A check is running. Cancel it first.").waitFor();
    await here.press("Stop here");
    await here.waitFor("changed");
    expect(await here.sentence()).toBe(
      "You stopped the check, but this is certain: config.json isn’t what was signed.",
    );
  });

  test("a cancelled check decides nothing, and can begin again", async () => {
    const folder = await underTest.models.copy("example-model");
    await truncate(join(folder, "weights/model-00002-of-00002.safetensors"), 3_000_000_000);
    const here = await visit();
    await here.drop([folder, fixture("key.pub")]);
    await here.page.getByText("7 of 7 signed files are here").waitFor();
    await expect.poll(() => here.page.locator(".progress__amount").textContent()).toMatch(/ of 3 GB/);
    await here.press("Cancel");
    await here.waitFor("stopped");
    expect(await here.sentence()).toMatch(
      /^6 files of 7 matched so far\. The rest weren’t read, so nothing was decided\.$/,
    );
    await here.press("Check again");
    await here.page.getByRole("progressbar").waitFor();
    await here.press("Cancel");
    await here.waitFor("stopped");
  });

  test("a file that has gone since is not taken for one that is right", async () => {
    const folder = await underTest.models.copy("example-model");
    const here = await visit();
    await here.chooseFolder(folder);
    await here.waitFor("key-needed");
    await rm(join(folder, "README.md"));
    await here.drop([fixture("key.pub")]);
    await here.waitFor("unreadable");
    expect(await here.title()).toBe("A file couldn’t be read");
    expect(await here.sentence()).toMatch(/^README\.md was there/);
  });
});

describe("the table of files", () => {
  test("is sorted, searched and filtered, and draws what is seen of 5,000 files", async () => {
    const folder = await underTest.models.copy("example-model");
    await mkdir(join(folder, "many"));
    for (let index = 0; index < 5_000; index += 1) await writeFile(join(folder, "many", `${index}.bin`), "");
    const here = await visit();
    const { page } = here;
    await here.drop([folder, fixture("key.pub")]);
    await here.waitFor("unsigned");
    await here.open("files");
    await page.getByText("5,009 shown").waitFor();
    const drawn = await page.locator(".rows .row").count();
    expect(drawn).toBeGreaterThan(5);
    expect(drawn).toBeLessThan(60);
    await page.locator(".table-box").evaluate((box) => box.scrollTo(0, box.scrollHeight));
    await page.locator('.rows .row[data-status="ok"]').last().waitFor();
    await page.getByRole("searchbox").fill("VOCAB");
    await page.getByText("1 shown").waitFor();
    expect(await here.rows()).toEqual([["ok", "tokenizer/vocab.json"]]);
    await page.locator(".row__name").click();
    expect(await page.locator(".row-detail").textContent()).toMatch(/sha256:[0-9a-f]{64}/);
    await page.getByRole("searchbox").fill("");
    await page.getByLabel("Show only").selectOption("ok");
    await page.getByText("7 shown").waitFor();
    await page.getByRole("button", { name: "Size" }).click();
    await page.getByRole("button", { name: "Size" }).click();
    await expect.poll(async () => (await here.rows())[0]?.[1]).toBe(WEIGHTS);
    await expectAccessible(page);
  });
});

describe("what a link says", () => {
  const fragment = (key: string) =>
    key
      .replace(/-----[^-]+-----|\s/g, "")
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");

  test("is a suggestion until it is accepted", async () => {
    const here = await visit({}, undefined, `#expect=key:${fragment(key)}&name=example-model`);
    await here.page.getByText("It’s a suggestion from whoever made the link.").waitFor();
    await here.press("Use it");
    expect(new URL(here.page.url()).hash).toBe("");
    await here.drop([await underTest.models.copy("example-model")]);
    await here.waitFor("verified");
  });

  test("counts for nothing where it is ignored", async () => {
    const here = await visit({}, undefined, `#expect=key:${fragment(key)}`);
    await here.press("Ignore it");
    await here.drop([await underTest.models.copy("example-model")]);
    await here.waitFor("key-needed");
  });

  test("of another model fails", async () => {
    const here = await visit({}, undefined, `#expect=key:${fragment(key)}&name=llama-4`);
    await here.press("Use it");
    await here.drop([await underTest.models.copy("llama-4")]);
    await here.waitFor("name-unexpected");
  });

  test.each([
    "#expect=",
    "#expect=key:<b>",
    "#expect=preset:nobody",
    "#expect=identity:x",
    "#expect=anchor:sha256:1",
  ])("%s is not known", async (hash) => {
    const here = await visit({}, undefined, hash);
    await here.page.getByText(/in a form that this page doesn’t know/).waitFor();
  });

  test("can be copied from an answer, and leads to the same one", async () => {
    const here = await visit({ permissions: ["clipboard-read", "clipboard-write"] });
    await verified(here, await underTest.models.copy("example-model"));
    await here.press("Copy a link that checks this again");
    await here.page.getByText("The link was copied").waitFor();
    const link = new URL(await here.page.evaluate(() => navigator.clipboard.readText()));
    expect(link.search).toBe("");
    const again = await visit({}, undefined, link.hash);
    await again.press("Use it");
    await again.drop([await underTest.models.copy("example-model")]);
    await again.waitFor("verified");
  });
});

describe("remembered signers", () => {
  test("a key that was remembered needs to be given once", async () => {
    const here = await visit();
    const { page } = here;
    await verified(here, await underTest.models.copy("example-model"));
    await page.getByLabel("Remember for this model").check();
    await page.getByText("Remembered in this browser only.").waitFor();
    await page.reload();
    await page.locator("main").waitFor();
    await here.drop([await underTest.models.copy("example-model")]);
    await here.waitFor("verified");
    expect(await page.locator(".outcome__basis").textContent()).toMatch(/^You confirmed this signer on /);
    await here.open("signers");
    expect(await page.locator(".signers li").textContent()).toMatch(
      /^Key [0-9a-f]{4} .*for “example-model”, since /,
    );
    await expectAccessible(page);
    await page.locator(".signers").getByRole("button", { name: "Forget this signer" }).click();
    await page.reload();
    await page.locator("main").waitFor();
    await here.drop([await underTest.models.copy("example-model")]);
    await here.waitFor("key-needed");
  });

  test("what is stored in another form is not believed", async () => {
    const here = await visit();
    await here.page.evaluate(() =>
      localStorage.setItem("modelseal.signers", '[{"method":"key","publicKey":1},null,"x",{}]'),
    );
    await here.page.reload();
    await here.page.locator("main").waitFor();
    await here.drop([await underTest.models.copy("example-model")]);
    await here.waitFor("key-needed");
  });
});

describe("where the checker cannot run", () => {
  test("without the verifier itself there is no verdict", async () => {
    const here = await visit({}, (page) => page.route("**/*.wasm", (route) => route.abort()));
    await here.drop([await underTest.models.copy("example-model")]);
    await here.waitFor("refused");
    expect(await here.sentence()).toMatch(/^The checker could not be loaded/);
    for (const complaint of here.complaints.splice(0)) expect(complaint).toContain("net::ERR_FAILED");
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
    await here.drop([await underTest.models.copy("example-model")]);
    await here.waitFor("refused");
    const complaints = here.complaints.splice(0);
    expect(complaints.length).toBeGreaterThan(0);
    for (const complaint of complaints) expect(complaint).toMatch(/integrity/);
  });

  test.each([
    ["SIMD", () => Object.assign(WebAssembly, { validate: () => false })],
    ["workers", () => Object.defineProperty(globalThis, "Worker", { value: undefined })],
  ])("a browser without %s is told at once", async (_name, take) => {
    const here = await visit({}, (page) => page.addInitScript(take));
    expect(await here.page.getByRole("alert").textContent()).toMatch(/^This browser can’t run the checker/);
    await expectAccessible(here.page);
  });
});

describe("the page", () => {
  test("is accessible before anything is dropped, with every part of it open", async () => {
    const here = await visit();
    await expectAccessible(here.page);
    for (const fold of ["expert", "signers", "what"]) await here.open(fold);
    for (const method of ["certificate", "identity", "preset"]) {
      await here.page.locator(`[data-fold=expert] input[value=${method}]`).check();
      await expectAccessible(here.page);
    }
  });

  test("says what is missing in the form", async () => {
    const here = await visit();
    await here.expect({ identity: "someone@example.com" });
    expect(await here.page.getByRole("alert").textContent()).toBe("Fill this in first.");
    expect(await here.page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("issuer");
  });

  test("speaks German, also about an answer that is there", async () => {
    const here = await visit({ locale: "de-DE" });
    expect(await here.page.locator("h1").textContent()).toBe("Ein heruntergeladenes Modell prüfen");
    await here.drop([await underTest.models.copy("example-model"), fixture("key.pub")]);
    await here.waitFor("verified");
    expect(await here.title()).toBe("Geprüft und echt");
    await here.press("English");
    await expect.poll(() => here.title()).toBe("Verified");
    expect(await here.page.evaluate(() => document.documentElement.lang)).toBe("en");
  });

  test("works in a folder of a plain static server, with no policy but its own", async () => {
    const built = underTest.dist;
    const root = join(underTest.models.root, "static");
    await mkdir(join(root, "sub"), { recursive: true });
    await cp(built, join(root, "sub/path"), { recursive: true });
    const { server, address } = await serveStatic(root);
    try {
      const here = await visit({}, undefined, "", `${address}/sub/path/`);
      await verified(here, await underTest.models.copy("example-model"));
    } finally {
      server.kill();
    }
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

describe.skipIf(vectors === undefined)(`public models${vectors ? "" : ` (${NO_VECTORS})`}`, () => {
  const folder = join(vectors ?? "", "oms/verify/historical/historical-v1.1.0-sigstore");

  async function keyless(): Promise<string> {
    const files: Record<string, Uint8Array> = { "model.sig": await readFile(join(folder, "bundle.sig")) };
    for (const name of ["signme-1", "signme-2"]) files[name] = await readFile(join(folder, "model", name));
    return underTest.models.folder("v1.1.0-sigstore", files);
  }

  test("a confirmed account needs no file again, and can be remembered", async () => {
    const here = await visit();
    const { page } = here;
    const model = await keyless();
    await here.drop([model]);
    await here.waitFor("confirm");
    await page.getByRole("button", { name: "I’m not sure" }).click();
    expect(await page.locator(".unsure").textContent()).toMatch(
      /letter by letter\.stefanb@us\.ibm\.comCopyhttps:\/\/sigstore\.verify\.ibm\.com\/oauth2Copy$/,
    );
    await rm(model, { recursive: true });
    await here.press("Yes, that’s who I expected");
    await here.waitFor("verified");
    expect(await here.answers()).toEqual(["Yes", "Yes", "Yes", "Yes"]);
    await page.getByLabel("Remember for any model").check();
    await page.reload();
    await page.locator("main").waitFor();
    await here.drop([await keyless()]);
    await here.waitFor("verified");
  });

  test("a trust root that is dropped is the one that counts", async () => {
    const here = await visit();
    const staging = createRequire(import.meta.url).resolve("modelseal/roots/staging.json");
    await here.drop([await keyless(), staging]);
    await here.waitFor("uncheckable");
    expect(await here.sentence()).toMatch(
      /The signature is in a log that this page’s trust root doesn’t name\./,
    );
    expect(new Map(await here.facts()).get("Signer")).toBe("stefanb@us.ibm.com (claimed, not verified)");
  });

  test("the log's entry is a link that leaves by a click alone", async () => {
    const here = await visit();
    await here.drop([await keyless()]);
    await here.waitFor("confirm");
    const facts = new Map(await here.facts());
    expect(facts.get("When")).toMatch(/^Before \w+ \d+, 20\d\d.* UTC, says https:\/\/rekor\.sigstore\.dev/);
    const link = here.page.locator("a.leaving").first();
    expect(await link.getAttribute("href")).toMatch(/^https:\/\/search\.sigstore\.dev\/\?logIndex=\d+$/);
    expect(await link.getAttribute("rel")).toBe("noreferrer noopener");
    await expectAccessible(here.page);
  });

  test("a record of a file is checked against it", async () => {
    const suite = join(vectors ?? "", "sigstore/bundle-verify");
    const here = await visit();
    await here.drop([join(suite, "happy-path-v0.3/bundle.sigstore.json"), join(suite, "a.txt")]);
    await here.waitFor("attestation");
    await here.press("Check the file against it");
    await here.waitFor("build-record");
    await expectAccessible(here.page);
  });

  test("of two signatures each is judged", async () => {
    const model = await keyless();
    await writeFile(join(model, "other.sig"), await fixtureText("model.sig"));
    const here = await visit();
    await here.drop([model]);
    await here.waitFor("confirm");
    const rows = await here.page.locator(".signatures li").allTextContents();
    expect(rows.map((row) => row.slice(1))).toEqual([
      "model.sigChecked abovestefanb@us.ibm.com",
      "other.sigCan’t tell who signed",
    ]);
  });
});

/** Python's server, which sends no header of ours. */
async function serveStatic(root: string) {
  const server = execFile("python3", [
    "-u",
    "-m",
    "http.server",
    "0",
    "--bind",
    "127.0.0.1",
    "--directory",
    root,
  ]);
  const port = await new Promise<string>((resolve, reject) => {
    server.stdout?.on("data", (text: string) => {
      const [, found] = /port (\d+)/.exec(text) ?? [];
      if (found !== undefined) resolve(found);
    });
    server.on("error", reject);
  });
  return { server, address: `http://127.0.0.1:${port}` };
}
