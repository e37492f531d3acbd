import { listedFolder } from "./given/drop.js";
import type { Drop, GivenFile } from "./given/entry.js";
import type { Expectation } from "./signers/known.js";
import type { Example } from "./ui/start-view.js";

const FOLDER = "../../tests/fixtures/";

/** The project's example model, with its signatures and keys: files of the page, fetched when one is pressed. */
const URLS: Readonly<Record<string, string>> = import.meta.glob(
  [
    "../../tests/fixtures/example-model/**",
    "../../tests/fixtures/model.sig",
    "../../tests/fixtures/p384/model.sig",
    "../../tests/fixtures/key.pub",
  ],
  { query: "?url", import: "default", eager: true },
);

/** The model of an example as if it had been dropped, and the signer that is expected of it. */
export async function loadExample(
  example: Example,
): Promise<{ readonly drop: Drop; readonly expectation: Expectation }> {
  const signature = example === "other" ? "p384/model.sig" : "model.sig";
  const paths = Object.keys(URLS).filter((path) => path.startsWith(`${FOLDER}example-model/`));
  const files = await Promise.all(
    paths.map(async (path): Promise<GivenFile> => {
      const name = path.slice(`${FOLDER}example-model/`.length);
      return { path: name, file: new File([await bytesOf(path)], name) };
    }),
  );
  const sig = new File([await bytesOf(`${FOLDER}${signature}`)], "model.sig");
  const all = [...files, { path: "model.sig", file: sig }].map((given) => changed(given, example));
  if (example === "extra") all.push({ path: "run-me.py", file: new File(["print('hello')\n"], "run-me.py") });
  const publicKey = await (await bytesOf(`${FOLDER}key.pub`)).text();
  return {
    drop: {
      folders: [listedFolder("example-model", all.length, (from, to) => all.slice(from, to))],
      loose: [],
    },
    expectation: { policy: { method: "key", publicKey }, by: "example" },
  };
}

/** One byte more in one file. */
function changed(given: GivenFile, example: Example): GivenFile {
  if (example !== "altered" || given.path !== "config.json") return given;
  return { ...given, file: new File([given.file, " "], given.path) };
}

async function bytesOf(path: string): Promise<Blob> {
  const response = await fetch(URLS[path] ?? "");
  if (!response.ok) throw new TypeError(`HTTP status ${response.status}`);
  return response.blob();
}
