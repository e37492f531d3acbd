// The peer's way from import to the first verdict, in a fresh process: prints milliseconds.
import { readFileSync } from "node:fs";

const [, , suite, folder, issuer, identity, trustRoot] = process.argv;
const began = performance.now();
const { toSignedEntity, toTrustMaterial, Verifier } = await import("@sigstore/verify");
const { bundleFromJSON } = await import("@sigstore/bundle");
const { TrustedRoot } = await import("@sigstore/protobuf-specs");
const bundle = readFileSync(`${suite}/${folder}/bundle.sigstore.json`, "utf8");
const verifier = new Verifier(toTrustMaterial(TrustedRoot.fromJSON(JSON.parse(trustRoot))), {
  tlogThreshold: 1,
  ctlogThreshold: 1,
  timestampThreshold: 1,
});
verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(bundle)), readFileSync(`${suite}/a.txt`)), {
  subjectAlternativeName: identity,
  extensions: { issuer },
});
console.log(performance.now() - began);
