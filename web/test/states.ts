// Every state that the page can end in, as something that a person drops.
import { createHash } from "node:crypto";
import { chmod, cp, mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fixture, fixtureText, type Models, vectors } from "./models.js";
import type { Visit } from "./site.js";

/** One state: what is dropped, what is done then, and what the page must say. */
export interface StateCase {
  readonly state: string;
  /** What tells it from other cases of the same state. */
  readonly name: string;
  readonly tone: "good" | "open" | "bad" | "quiet";
  readonly title: string;
  readonly sentence: string | RegExp;
  /** What is dropped at once; more than one thing is dropped together. */
  prepare(models: Models): Promise<readonly string[]>;
  /** What else the person does, before the drop and after it. */
  before?(here: Visit): Promise<void>;
  after?(here: Visit, models: Models): Promise<void>;
  /** Presses, drops and choices, the drop included. */
  readonly actions: number;
  /** It cannot be had with a file input, which takes one folder. */
  readonly dropOnly?: boolean;
  readonly needsVectors?: boolean;
}

const WEIGHTS = "weights/model-00001-of-00002.safetensors";
const v = (path: string) => join(vectors ?? "", path);
const KEYLESS = "oms/verify/historical/historical-v1.1.0-sigstore";
const LFS = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 12345\n`;

/** Drops the key of the example model after the model. */
const thenKey = async (here: Visit) => {
  await here.state();
  await here.drop([fixture("key.pub")]);
};

/** A keyless model with its signature inside. */
async function keyless(models: Models, name = "v1.1.0-sigstore"): Promise<string> {
  const files: Record<string, Uint8Array> = {};
  for (const file of ["signme-1", "signme-2"]) files[file] = await readFile(v(`${KEYLESS}/model/${file}`));
  files["model.sig"] = await readFile(v(`${KEYLESS}/bundle.sig`));
  return models.folder(name, files);
}

export const STATES: readonly StateCase[] = [
  {
    state: "verified",
    name: "a key dropped after the model",
    tone: "good",
    title: "Verified",
    sentence:
      "The holder of the key you gave signed “example-model”, and all 7 files are exactly what they signed.",
    prepare: async (models) => [await models.copy("example-model")],
    after: thenKey,
    actions: 2,
  },
  {
    state: "verified",
    name: "a key that this browser remembers",
    tone: "good",
    title: "Verified",
    sentence:
      "The holder of the key that you confirmed signed “example-model”, and all 7 files are exactly what they signed.",
    prepare: async (models) => [await models.copy("example-model")],
    before: async ({ page }) => {
      const publicKey = await fixtureText("key.pub");
      const der = Buffer.from(publicKey.replace(/-----[^-]+-----|\s/g, ""), "base64");
      const sha256 = `sha256:${createHash("sha256").update(der).digest("hex")}`;
      const signer = { model: null, since: "2026-01-01T00:00:00Z", method: "key", sha256, publicKey };
      await page.evaluate(
        (stored) => localStorage.setItem("modelseal.signers", stored),
        JSON.stringify([signer]),
      );
    },
    actions: 1,
  },
  {
    state: "verified",
    name: "model, signature and key at once",
    tone: "good",
    title: "Verified",
    sentence:
      "The holder of the key you gave signed “example-model”, and all 7 files are exactly what they signed.",
    prepare: async () => [fixture("example-model"), fixture("model.sig"), fixture("key.pub")],
    actions: 1,
    dropOnly: true,
  },
  {
    state: "verified",
    name: "an NVIDIA skill",
    tone: "good",
    title: "Verified",
    sentence: "NVIDIA Corporation signed “doca-gpi”, and all 7 files are exactly what they signed.",
    prepare: async () => [v("nvidia-skills/doca-gpi")],
    actions: 1,
    needsVectors: true,
  },
  {
    state: "verified",
    name: "one file that is the whole model",
    tone: "good",
    title: "Verified",
    sentence:
      "The holder of the key you gave signed “model-00001-of-00002.safetensors”, and its one file is exactly what they signed.",
    prepare: async () => [
      join(fixture("example-model"), WEIGHTS),
      fixture("single/model.sig"),
      fixture("key.pub"),
    ],
    actions: 1,
  },
  {
    state: "verified",
    name: "a renamed folder",
    tone: "good",
    title: "Verified",
    sentence:
      "The holder of the key you gave signed “example-model”, and all 7 files are exactly what they signed.",
    prepare: async (models) => [await models.copy("llama-4")],
    after: thenKey,
    actions: 2,
  },
  {
    state: "confirm",
    name: "an account that no one expected",
    tone: "open",
    title: "Unchanged. Is this who you expected?",
    sentence:
      /^Both files are exactly what stefanb@us\.ibm\.com signed on \w+ \d+, 20\d\d\. https:\/\/sigstore\.verify\.ibm\.com\/oauth2 confirmed that the signer was logged in/,
    prepare: async (models) => [await keyless(models)],
    actions: 1,
    needsVectors: true,
  },
  {
    state: "verified",
    name: "an account that the person confirmed",
    tone: "good",
    title: "Verified",
    sentence: "stefanb@us.ibm.com signed “v1.1.0-sigstore”, and both files are exactly what they signed.",
    prepare: async (models) => [await keyless(models)],
    after: async (here) => {
      await here.waitFor("confirm");
      await here.press("Yes, that’s who I expected");
    },
    actions: 2,
    needsVectors: true,
  },
  {
    state: "declined",
    name: "an account that the person did not expect",
    tone: "bad",
    title: "Signed by someone else",
    sentence: "It was signed by stefanb@us.ibm.com, not by the publisher you wanted. Don’t use this model.",
    prepare: async (models) => [await keyless(models)],
    after: async (here) => {
      await here.waitFor("confirm");
      await here.press("No");
    },
    actions: 2,
    needsVectors: true,
  },
  {
    state: "signed-by-other",
    name: "another account than the one that was named",
    tone: "bad",
    title: "Signed by someone else",
    sentence: "You expected somebody@example.com. This was signed by stefanb@us.ibm.com.",
    prepare: async (models) => [await keyless(models)],
    before: (here) =>
      here.expect({ identity: "somebody@example.com", issuer: "https://sigstore.verify.ibm.com/oauth2" }),
    actions: 6,
    needsVectors: true,
  },
  {
    state: "signer-changed",
    name: "a model that someone else signed last time",
    tone: "bad",
    title: "The signer has changed",
    sentence:
      "Last time, “v1.1.0-sigstore” was signed by someone@example.com. This copy was signed by stefanb@us.ibm.com.",
    prepare: async (models) => [await keyless(models)],
    before: async ({ page }) => {
      await page.evaluate(() =>
        localStorage.setItem(
          "modelseal.signers",
          JSON.stringify([
            {
              model: "v1.1.0-sigstore",
              since: "2026-01-01T00:00:00Z",
              method: "sigstore",
              issuer: "https://issuer.example",
              identity: "someone@example.com",
            },
          ]),
        ),
      );
    },
    actions: 1,
    needsVectors: true,
  },
  {
    state: "authority-unknown",
    name: "a certificate of an authority that no one knows",
    tone: "open",
    title: "Can’t tell who signed this",
    sentence:
      /^The signature says modelseal tests, but anyone can write that\. The authority behind it \(.*\) isn’t one this page knows\.$/,
    prepare: async (models) => [await models.copy("example-model", ["certificate/model.sig"])],
    actions: 1,
  },
  {
    state: "authority-unknown",
    name: "an NVIDIA skill of an internal authority",
    tone: "open",
    title: "Can’t tell who signed this",
    sentence: /^The signature says NVIDIA Corporation, but anyone can write that\./,
    prepare: async () => [v("nvidia-skills/deepstream-sop")],
    actions: 1,
    needsVectors: true,
  },
  {
    state: "key-needed",
    name: "a key that was not given",
    tone: "open",
    title: "You need the publisher’s key",
    sentence: /^This model was signed with a key\. .* The fingerprint it asks for: [0-9a-f]{4} [0-9a-f]{4} /,
    prepare: async (models) => [await models.copy("example-model")],
    actions: 1,
  },
  {
    state: "other-key",
    name: "the key of another signer",
    tone: "bad",
    title: "Signed with another key",
    sentence: /^The signature says that it was made with another key than the one you gave\./,
    prepare: async (models) => [await models.copy("example-model")],
    before: async (here) => here.expect({ key: await fixtureText("p384/key.pub") }),
    actions: 4,
  },
  {
    state: "other-method",
    name: "a key expected, and an account signed",
    tone: "open",
    title: "Signed in another way",
    sentence: /^You said how the signer should be known, and this signature was made in another way/,
    prepare: async (models) => [await keyless(models)],
    before: async (here) => here.expect({ key: await fixtureText("key.pub") }),
    actions: 4,
    needsVectors: true,
  },
  {
    state: "changed",
    name: "one byte",
    tone: "bad",
    title: "Don’t use this model",
    sentence: `1 file isn’t what the holder of the key you gave signed: ${WEIGHTS}.`,
    prepare: async (models) => {
      const folder = await models.copy("example-model");
      const path = join(folder, WEIGHTS);
      const bytes = await readFile(path);
      bytes[5000] = (bytes[5000] ?? 0) ^ 1;
      await writeFile(path, bytes);
      return [folder];
    },
    after: thenKey,
    actions: 2,
  },
  {
    state: "changed",
    name: "a web page in place of a file",
    tone: "bad",
    title: "Don’t use this model",
    sentence: `1 file isn’t what the holder of the key you gave signed: ${WEIGHTS}.`,
    prepare: async (models) => {
      const folder = await models.copy("example-model");
      await writeFile(join(folder, WEIGHTS), "<!doctype html><title>Sign in</title>");
      return [folder];
    },
    after: async (here) => {
      await thenKey(here);
      await here.page
        .getByText(`${WEIGHTS} is a web page. Your download probably saved an error page`)
        .waitFor();
    },
    actions: 2,
  },
  {
    state: "changed",
    name: "a skill that drifted from its signature",
    tone: "bad",
    title: "Don’t use this model",
    sentence: /^\d+ files aren’t what NVIDIA Corporation signed/,
    prepare: async () => [v("nvidia-skills/earth2studio-create-prognostic")],
    actions: 1,
    needsVectors: true,
  },
  {
    state: "missing",
    name: "two files",
    tone: "bad",
    title: "Incomplete download",
    sentence:
      "2 signed files are missing: README.md and config.json. The others match what the holder of the key you gave signed.",
    prepare: async (models) => {
      const folder = await models.copy("example-model");
      for (const path of ["README.md", "config.json"]) await rm(join(folder, path));
      return [folder];
    },
    after: thenKey,
    actions: 2,
  },
  {
    state: "unsigned",
    name: "one file more",
    tone: "bad",
    title: "Files that no one vouches for",
    sentence: "1 file isn’t covered by the signature: extra.bin. Everything else matches.",
    prepare: async (models) => {
      const folder = await models.copy("example-model");
      await writeFile(join(folder, "extra.bin"), "x");
      return [folder];
    },
    after: thenKey,
    actions: 2,
  },
  {
    state: "pointers",
    name: "weights that are Git LFS placeholders",
    tone: "open",
    title: "The weights haven’t been downloaded",
    sentence: `${WEIGHTS} is a Git LFS placeholder, not the file itself.`,
    prepare: async (models) => {
      const folder = await models.copy("example-model");
      await writeFile(join(folder, WEIGHTS), LFS);
      return [folder];
    },
    after: thenKey,
    actions: 2,
  },
  {
    state: "set-aside",
    name: "what systems leave in folders",
    tone: "open",
    title: "Signed files match; 5 set aside",
    sentence:
      /^All 7 files are exactly what the holder of the key you gave signed\. Not part of the model, and not signed: \.DS_Store, .* and 2 more\.$/,
    prepare: async (models) => {
      const folder = await models.copy("example-model");
      for (const path of [".DS_Store", "Thumbs.db", "desktop.ini", "weights/._model"])
        await writeFile(join(folder, path), "x");
      await mkdir(join(folder, ".cache/huggingface/download"), { recursive: true });
      await writeFile(join(folder, ".cache/huggingface/download/config.json.metadata"), "x");
      return [folder];
    },
    after: thenKey,
    actions: 2,
  },
  {
    state: "set-aside",
    name: "a second signature",
    tone: "open",
    title: "Signed files match; 1 set aside",
    sentence:
      /^All 7 files are exactly what the holder of the key you gave signed\. Not part of the model, and not signed: other\.oms\.sig\.$/,
    prepare: async (models) => {
      const folder = await models.copy("example-model");
      await cp(fixture("p384/model.sig"), join(folder, "other.oms.sig"));
      return [folder];
    },
    after: thenKey,
    actions: 2,
  },
  {
    state: "part",
    name: "one file of the model",
    tone: "open",
    title: "This file matches",
    sentence:
      "It’s exactly a file that the holder of the key you gave signed in “example-model”. The other 6 weren’t checked.",
    prepare: async () => [join(fixture("example-model"), WEIGHTS), fixture("model.sig"), fixture("key.pub")],
    actions: 1,
  },
  {
    state: "part",
    name: "a file under another name",
    tone: "open",
    title: "This file matches",
    sentence: /^It’s exactly a file that the holder of the key you gave signed/,
    prepare: async (models) => [
      await models.file("weights (1).safetensors", await readFile(join(fixture("example-model"), WEIGHTS))),
      fixture("model.sig"),
      fixture("key.pub"),
    ],
    actions: 1,
  },
  {
    state: "part",
    name: "a folder of the model",
    tone: "open",
    title: "These files match",
    sentence:
      /^They are exactly files that the holder of the key you gave signed in “example-model”\. The other 5/,
    prepare: async (models) => {
      const folder = await models.copy("example-model");
      await rename(join(folder, "model.sig"), join(folder, "weights/model.sig"));
      return [join(folder, "weights")];
    },
    after: thenKey,
    actions: 2,
  },
  {
    state: "wrong-level",
    name: "the folder above",
    tone: "open",
    title: "Wrong folder?",
    sentence: "The signature covers the folder example-model.",
    prepare: async (models) => [dirname(await models.copy("example-model"))],
    after: thenKey,
    actions: 2,
  },
  {
    state: "signature-broken",
    name: "a list of files that was changed",
    tone: "bad",
    title: "The signature is broken",
    sentence: /^The signature doesn’t hold, so nothing here can be relied on\. The list of files was changed/,
    prepare: async (models) => {
      const folder = await models.copy("example-model", ["certificate/model.sig"]);
      const bundle = JSON.parse(await fixtureText("certificate/model.sig"));
      const payload = Buffer.from(bundle.dsseEnvelope.payload, "base64").toString();
      bundle.dsseEnvelope.payload = Buffer.from(payload.replace("example-model", "exemple-model")).toString(
        "base64",
      );
      await writeFile(join(folder, "model.sig"), JSON.stringify(bundle));
      return [folder];
    },
    actions: 1,
  },
  {
    state: "expired",
    name: "a certificate judged too late",
    tone: "bad",
    title: "Signed with an expired certificate",
    sentence: "The signer’s certificate had expired. Nothing proves that the signature is older.",
    prepare: async (models) => [await models.copy("example-model", ["certificate/model.sig"])],
    before: async (here) =>
      here.expect({ certificate: await fixtureText("certificate/root.pem"), time: "2036-01-01T00:00:00" }),
    actions: 6,
  },
  {
    state: "uncheckable",
    name: "a log that the trust root does not name",
    tone: "open",
    title: "The signature couldn’t be checked",
    sentence: /^Nothing contradicts it, but this page can’t check it\./,
    prepare: async (models) => {
      const bundle = JSON.parse(await fixtureText("model.sig"));
      bundle.mediaType = "application/vnd.dev.sigstore.bundle.v9.9+json";
      return [await models.folder("future", { "config.json": "{}", "model.sig": JSON.stringify(bundle) })];
    },
    actions: 1,
  },
  {
    state: "not-signed",
    name: "a folder without a signature",
    tone: "quiet",
    title: "Not signed",
    sentence:
      "There’s no signature in example-model, so no one can tell from it who made these files. Most models aren’t signed.",
    prepare: async (models) => [await models.copy("example-model", [])],
    actions: 1,
  },
  {
    state: "not-a-signature",
    name: "a web page",
    tone: "quiet",
    title: "That isn’t a signature",
    sentence: "model.sig is a web page. Your download probably saved an error page.",
    prepare: async (models) => [
      await models.folder("m", { "config.json": "{}", "model.sig": "<!doctype html><title>404</title>" }),
    ],
    actions: 1,
  },
  {
    state: "not-a-signature",
    name: "a Git LFS placeholder",
    tone: "quiet",
    title: "That isn’t a signature",
    sentence: "model.sig is a Git LFS placeholder.",
    prepare: async (models) => [await models.folder("m", { "config.json": "{}", "model.sig": LFS })],
    actions: 1,
  },
  {
    state: "not-a-signature",
    name: "an empty file",
    tone: "quiet",
    title: "That isn’t a signature",
    sentence: "model.sig is empty.",
    prepare: async (models) => [await models.folder("m", { "config.json": "{}", "model.sig": "" })],
    actions: 1,
  },
  {
    state: "attestation",
    name: "a record of one file",
    tone: "quiet",
    title: "A build record, not a model signature",
    sentence: /^bundle\.sigstore\.json says something about .* It doesn’t cover a model\.$/,
    prepare: async () => [
      v("sigstore/bundle-verify/rekor2-dsse-happy-path/bundle.sigstore.json"),
      v("sigstore/bundle-verify/a.txt"),
    ],
    actions: 1,
    needsVectors: true,
  },
  {
    state: "two-folders",
    name: "two models",
    tone: "quiet",
    title: "One folder at a time",
    sentence: "You dropped more than one folder. Which one do you want to check?",
    prepare: async (models) => [await models.copy("first"), await models.copy("second")],
    actions: 1,
    dropOnly: true,
  },
  {
    state: "archive",
    name: "a ZIP file",
    tone: "quiet",
    title: "That’s an archive",
    sentence: "model.zip is an archive. Unpack it, then drop the folder.",
    prepare: async (models) => [await models.file("model.zip", Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0))],
    actions: 1,
  },
  {
    state: "cache-links",
    name: "a snapshot of the Hugging Face cache",
    tone: "quiet",
    title: "Links, not files",
    sentence: /^[0-9a-f]{40} seems to belong to the Hugging Face cache\./,
    prepare: async (models) => {
      const blob = await models.file("blob", "{}");
      const folder = join(dirname(blob), "snapshots", "0123456789abcdef0123456789abcdef01234567");
      await mkdir(folder, { recursive: true });
      await symlink(blob, join(folder, "config.json"));
      return [folder];
    },
    actions: 1,
    // Playwright follows the links where it fills an input.
    dropOnly: true,
  },
  {
    state: "cache-matched",
    name: "a repository of the Hugging Face cache",
    tone: "open",
    title: "All signed contents are here",
    sentence: /^The cache holds 4 files of the 4 that the holder of the key you gave signed in “abc123”\./,
    prepare: async (models) => {
      const folder = join(dirname(await models.file("x", "")), "models--acme--m");
      await cp(v("field/hf-cache/models--acme--m"), folder, { recursive: true });
      await chmod(join(folder, "blobs"), 0o755);
      await cp(v("field/hf-cache/model.sig"), join(folder, "blobs", "a".repeat(40)));
      return [folder];
    },
    after: async (here) => {
      await here.state();
      await here.drop([v("field/hf-cache/key.pub")]);
    },
    actions: 2,
    needsVectors: true,
  },
  {
    state: "private-key",
    name: "a private key",
    tone: "quiet",
    title: "That’s a private key",
    sentence: /^Never share it, here or anywhere\./,
    prepare: async (models) => [
      await models.file("key.pem", "-----BEGIN PRIVATE KEY-----\nMIG=\n-----END PRIVATE KEY-----\n"),
    ],
    actions: 1,
  },
  {
    state: "empty",
    name: "an empty folder",
    tone: "quiet",
    title: "There are no files",
    sentence: "nothing-here has no files.",
    prepare: async (models) => [await models.folder("nothing-here", {})],
    actions: 1,
    dropOnly: true,
  },
  {
    state: "waiting",
    name: "a key before the model",
    tone: "quiet",
    title: "Now drop the model",
    sentence: "The page has a public key. It needs the model’s folder to check anything.",
    prepare: async () => [fixture("key.pub")],
    actions: 1,
  },
  {
    state: "signature-only",
    name: "a signature before the model",
    tone: "open",
    title: "Now drop the model",
    sentence: /^model\.sig is a signature for “example-model”/,
    prepare: async () => [fixture("model.sig")],
    actions: 1,
  },
  {
    state: "name-unexpected",
    name: "another model of the same signer",
    tone: "bad",
    title: "Another model",
    sentence: "You expected “llama-4”. The holder of the key you gave signed this as “example-model”.",
    prepare: async (models) => [await models.copy("llama-4")],
    before: async (here) => here.expect({ key: await fixtureText("key.pub"), name: "llama-4" }),
    actions: 5,
  },
  {
    state: "single-file",
    name: "a folder with the signature of one file",
    tone: "open",
    title: "The signature is for one file",
    sentence: "The holder of the key you gave signed a single file, not a folder.",
    prepare: async (models) => [await models.copy("example-model", ["single/model.sig"])],
    after: thenKey,
    actions: 2,
  },
  {
    state: "unusable-material",
    name: "a key that is none",
    tone: "quiet",
    title: "That can’t be used",
    sentence: "That isn’t a public key in PEM.",
    prepare: async (models) => [await models.copy("example-model")],
    before: (here) => here.expect({ key: "this is not a key" }),
    actions: 4,
  },
];

/** The name of a case. */
export function nameOf({ state, name }: StateCase): string {
  return `${state}: ${name}`;
}
