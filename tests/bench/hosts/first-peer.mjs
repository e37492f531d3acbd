// The peer's way from import to the first verdict, in a fresh process: prints milliseconds.
import { readFileSync } from "node:fs";

const [, , suite, vectors] = process.argv;
const began = performance.now();
const { toSignedEntity, toTrustMaterial, Verifier } = await import("@sigstore/verify");
const { bundleFromJSON } = await import("@sigstore/bundle");
const { TrustedRoot } = await import("@sigstore/protobuf-specs");
const root = readFileSync(`${vectors}/roots/sigstore-public-good.trusted_root.json`, "utf8");
const bundle = readFileSync(`${suite}/happy-path-v0.3/bundle.sigstore.json`, "utf8");
const verifier = new Verifier(toTrustMaterial(TrustedRoot.fromJSON(JSON.parse(root))), {
  tlogThreshold: 1,
  ctlogThreshold: 1,
  timestampThreshold: 1,
});
verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(bundle)), readFileSync(`${suite}/a.txt`)), {
  subjectAlternativeName:
    "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main",
  extensions: { issuer: "https://token.actions.githubusercontent.com" },
});
console.log(performance.now() - began);
