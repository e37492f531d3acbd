// From import to the first verdict, in a fresh process: prints milliseconds.
import { readFileSync } from "node:fs";

const [, , suite] = process.argv;
const began = performance.now();
const { assertVerified, verifyArtifact } = await import("modelseal");
const verdict = await verifyArtifact({
  bundle: readFileSync(`${suite}/happy-path-v0.3/bundle.sigstore.json`),
  artifact: readFileSync(`${suite}/a.txt`),
  policy: {
    method: "sigstore",
    identities: [
      {
        issuer: "https://token.actions.githubusercontent.com",
        identity:
          "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main",
      },
    ],
  },
});
assertVerified(verdict);
console.log(performance.now() - began);
