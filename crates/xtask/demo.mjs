// The demo of `cargo xtask demo`: a signed model, then a copy of it with one byte changed.
// Usage: node demo.mjs MODEL COPY BUNDLE KEY
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { verify } from "modelseal";
import { fromDirectory } from "modelseal/files";

const [model, copy, bundle, key] = process.argv.slice(2);
const policy = { method: "key", publicKey: await readFile(key, "utf8") };

const good = await judge("the model as it was signed", model);
const changed = await tamper(copy);
const bad = await judge(`a copy of it, one byte of ${changed} changed`, copy);

const asExpected =
  good.outcome === "verified" &&
  bad.outcome === "failed" &&
  bad.bytes.changed.length === 1 &&
  bad.bytes.changed[0].path === changed;
process.exitCode = asExpected ? 0 : 1;

async function judge(title, folder) {
  const verdict = await verify({
    bundle: await readFile(bundle),
    files: await fromDirectory(folder),
    policy,
  });
  const { signature, publisher, coverage, bytes } = verdict;
  console.log(`\n${title}: ${verdict.outcome}`);
  console.log(`  signature  ${signature.status}, ${signature.algorithm ?? signature.error.code}`);
  console.log(`  publisher  ${publisher.status}: ${signature.key ?? "unknown"}`);
  console.log(`  coverage   ${coverage.status}, ${coverage.signedFiles} signed files`);
  console.log(`  bytes      ${bytes.status}, ${bytes.hashed} files hashed`);
  for (const file of bytes.changed) {
    console.log(`  changed    ${file.path}`);
    console.log(`             signed ${file.expected}`);
    console.log(`             found  ${file.actual}`);
  }
  return verdict;
}

/** Turns one bit around in the middle of a signed file. */
async function tamper(folder) {
  const path = "config.json";
  const file = await open(join(folder, path), "r+");
  try {
    const { size } = await file.stat();
    const position = Math.floor(size / 2);
    const byte = new Uint8Array(1);
    await file.read(byte, 0, 1, position);
    byte[0] ^= 1;
    await file.write(byte, 0, 1, position);
  } finally {
    await file.close();
  }
  return path;
}
