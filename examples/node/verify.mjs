// node verify.mjs MODEL BUNDLE KEY: verifies a folder before anything loads it.
import { readFile } from "node:fs/promises";
import { assertVerified, escapeText, verify } from "modelseal";
import { fromDirectory } from "modelseal/files";

const [model, bundle, key] = process.argv.slice(2);

const verdict = await verify({
  bundle: await readFile(bundle),
  files: await fromDirectory(model),
  policy: { method: "key", publicKey: await readFile(key, "utf8") },
});
for (const { path, reason } of verdict.bytes.changed) console.log(`changed: ${escapeText(path)} (${reason})`);
assertVerified(verdict); // throws a VerifyError with code and stage
console.log(`verified: ${verdict.bytes.hashed} files of ${escapeText(verdict.model.name ?? "a model")}`);
