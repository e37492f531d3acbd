// Publishers who are known by an identity, or by a preset.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { expectAccessible } from "./accessible.js";
import { Models, NO_VECTORS, vectors } from "./models.js";
import { Site, type Visit } from "./site.js";

const ISSUER = "https://sigstore.verify.ibm.com/oauth2";
const IDENTITY = "stefanb@us.ibm.com";

let models: Models;
let site: Site;
let visits: Visit[] = [];

beforeAll(async () => {
  models = await Models.create();
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

async function visit(): Promise<Visit> {
  const made = await site.visit({ reducedMotion: "reduce" });
  visits.push(made);
  return made;
}

async function errors({ page }: Visit): Promise<string[]> {
  return page.locator(".field-error:visible").allTextContents();
}

async function chooseRoot({ page }: Visit, label: string): Promise<void> {
  await page.getByText("Advanced").click();
  await page.getByLabel("Trust root").selectOption({ label });
}

describe("an identity", () => {
  test("that is not given is asked for, field by field", async () => {
    const here = await visit();
    await here.chooseFolder(await models.copy("nobody"));
    await here.page.getByLabel("Identity (Sigstore)").check();
    await here.page.getByRole("button", { name: "Verify" }).click();
    expect(await errors(here)).toEqual([
      "!Give the issuer that certifies the publisher’s name. issuer-missing",
      "!Give the publisher’s identity. identity-missing",
    ]);
    expect(await here.page.evaluate(() => document.activeElement?.getAttribute("placeholder"))).toBe(
      "https://accounts.google.com",
    );
    await here.page.getByLabel("Issuer").fill("https://accounts.google.com");
    await here.page.getByLabel("Identity", { exact: true }).fill("  ");
    await here.page.getByRole("button", { name: "Verify" }).click();
    expect(await errors(here)).toEqual(["!Give the publisher’s identity. identity-missing"]);
    await expectAccessible(here.page);
  });

  test("can be given with the keyboard alone", async () => {
    const here = await visit();
    const { page } = here;
    await here.chooseFolder(await models.copy("keyboard"));
    await page.getByLabel("A public key").focus();
    for (let step = 0; step < 2; step += 1) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Tab");
    await page.keyboard.insertText(ISSUER);
    await page.keyboard.press("Tab");
    await page.keyboard.insertText(IDENTITY);
    for (let stop = 0; stop < 3; stop += 1) await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator(".result[data-outcome=failed]").waitFor();
    expect(await page.locator(".answer").first().textContent()).toContain("Code material-mismatch");
  });

  test("needs a trust root that is one", async () => {
    const here = await visit();
    await here.chooseFolder(await models.copy("root"));
    await here.giveIdentity(ISSUER, IDENTITY);
    await chooseRoot(here, "A file of yours");
    await here.page.getByRole("button", { name: "Verify" }).click();
    expect(await errors(here)).toEqual(["!Choose the file of the trust root. trust-root-missing"]);
    const path = join(models.root, "trusted_root.json");
    for (const [text, code] of [
      ["", "trust-root-unreadable"],
      ["[", "trust-root-unreadable"],
      ["{", "json-syntax"],
      [`{"a":${"[".repeat(100_000)}`, "json-depth"],
      ["{}", "trust-root-unreadable"],
    ] as const) {
      await writeFile(path, text);
      await here.page.locator("input[name=trust-root]").setInputFiles(path);
      await here.page.getByRole("button", { name: "Verify" }).click();
      await expect.poll(() => errors(here)).toEqual([expect.stringContaining(code)]);
      expect(await here.page.locator(".result").count()).toBe(0);
    }
    await expectAccessible(here.page);
  });

  test.each(["Sigstore staging, for tests", "GitHub"])("can be vouched for by %s", async (label) => {
    const here = await visit();
    await here.chooseFolder(await models.copy(label));
    await here.giveIdentity(ISSUER, IDENTITY);
    await chooseRoot(here, label);
    // The model is signed with a key, so the method is refused; the root was loaded before that.
    expect(await here.verify()).toBe("failed");
  });
});

describe.skipIf(vectors === undefined)(`public models${vectors ? "" : ` (${NO_VECTORS})`}`, () => {
  const folder = join(vectors ?? "", "oms/verify/historical/historical-v0.3.1-sigstore");

  async function visitModel(): Promise<Visit> {
    const here = await visit();
    await here.chooseFolder(join(folder, "model"));
    await here.chooseSignature(join(folder, "bundle.sig"));
    return here;
  }

  test("by the identity that is expected, are verified", async () => {
    const here = await visitModel();
    await here.giveIdentity(ISSUER, IDENTITY);
    expect(await here.verify()).toBe("verified");
    expect(await here.answers()).toEqual(["Yes", "Yes", "Yes", "Yes"]);
    expect(await here.page.locator(".outcome__sentence").textContent()).toBe(
      `All 2 files are exactly what ${IDENTITY} signed.`,
    );
    expect(await here.page.locator(".answer__sentence").nth(1).textContent()).toBe(
      `It was signed by ${IDENTITY}. ${ISSUER} certifies that name.`,
    );
    const details = await here.page.locator(".answer__details").first().textContent();
    expect(details).toMatch(
      /Signed before \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, says https:\/\/rekor\.sigstore\.dev/,
    );
    expect(details).toMatch(
      /Entry \d+ of the public log https:\/\/rekor\.sigstore\.dev \(proved to be there\)/,
    );
    const facts = new Map(await here.facts());
    expect([facts.get("Identity"), facts.get("Issuer")]).toEqual([IDENTITY, ISSUER]);
    expect(facts.get("Trust root")).toMatch(/^production, of \d{4}-\d\d-\d\d, sha256:[0-9a-f]{64}$/);
    expect(facts.get("Judged as of")).toMatch(/\(the signature proves this time\)$/);
    await expectAccessible(here.page);
  });

  test("by someone else, are not verified, and say who it was", async () => {
    const here = await visitModel();
    await here.giveIdentity(ISSUER, "somebody@example.com");
    expect(await here.verify()).toBe("failed");
    expect(await here.answers()).toEqual(["Yes", "No", "Not known", "Not known"]);
    expect(await here.page.locator(".outcome__sentence").textContent()).toBe(
      `This model is signed by someone else, not by the signer you expect: ${IDENTITY}.`,
    );
    expect(await here.page.locator(".answer__sentence").nth(1).textContent()).toContain(ISSUER);
    await expectAccessible(here.page);
  });

  test("are reported without being verified, where no one is expected", async () => {
    const here = await visitModel();
    await here.page.getByLabel("Identity (Sigstore)").check();
    await here.page.getByLabel("Only report who signed").check();
    expect(await here.page.getByLabel("Issuer").isDisabled()).toBe(true);
    expect(await here.verify()).toBe("incomplete");
    expect(await here.answers()).toEqual(["Yes", "Not known", "Yes", "Yes"]);
    expect(await here.page.locator(".outcome__sentence").textContent()).toBe(
      "Nothing contradicts the signature, but no expected signer was given.",
    );
    expect(await here.page.locator(".answer__sentence").nth(1).textContent()).toContain(IDENTITY);
    await expectAccessible(here.page);
  });

  test("are judged by the trust root that is chosen", async () => {
    const here = await visitModel();
    await here.giveIdentity(ISSUER, IDENTITY);
    await chooseRoot(here, "A file of yours");
    await here.page
      .locator("input[name=trust-root]")
      .setInputFiles(join(vectors ?? "", "roots/sigstore-public-good.trusted_root.json"));
    expect(await here.verify()).toBe("verified");
    await here.page.getByLabel("Trust root").selectOption("staging");
    expect(await here.page.locator(".result").count()).toBe(0);
    expect(await here.verify()).toBe("failed");
  });

  test("of NVIDIA’s agent skills need nothing but the preset", async () => {
    const here = await visit();
    await here.chooseFolder(join(vectors ?? "", "nvidia-skills/doca-gpi"));
    await here.page.getByLabel("NVIDIA agent skills").check();
    expect(await here.verify()).toBe("verified");
    expect(await here.page.locator(".answer__sentence").nth(1).textContent()).toMatch(
      /^It was signed by .*NVIDIA Corporation.*, certified by an authority that is built into this page\.$/,
    );
  });
});
