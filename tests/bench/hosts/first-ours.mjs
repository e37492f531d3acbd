// From import to the first verdict, in a fresh process: prints milliseconds.
import { readFileSync } from "node:fs";

const [, , suite, folder, issuer, identity, trustRoot] = process.argv;
const began = performance.now();
const { assertVerified, verifyArtifact } = await import("modelseal");
const verdict = await verifyArtifact({
  bundle: readFileSync(`${suite}/${folder}/bundle.sigstore.json`),
  artifact: readFileSync(`${suite}/a.txt`),
  policy: {
    method: "sigstore",
    identities: [{ issuer, identity }],
    ...(trustRoot === "" ? {} : { trustRoot }),
  },
});
assertVerified(verdict);
console.log(performance.now() - began);
