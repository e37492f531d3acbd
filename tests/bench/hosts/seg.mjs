import { readFileSync } from "node:fs";
const suite = "/work/shared/vectors/sigstore/bundle-verify";
const t0 = performance.now();
const m = await import("modelseal");
const t1 = performance.now();
await m.init();
const t2 = performance.now();
const req = () => ({
  bundle: readFileSync(`${suite}/happy-path-v0.3/bundle.sigstore.json`),
  artifact: readFileSync(`${suite}/a.txt`),
  policy: { method: "sigstore", identities: [{ issuer: "https://token.actions.githubusercontent.com", identity: "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main" }] },
});
m.assertVerified(await m.verifyArtifact(req()));
const t3 = performance.now();
m.assertVerified(await m.verifyArtifact(req()));
const t4 = performance.now();
m.assertVerified(await m.verifyArtifact(req()));
const t5 = performance.now();
console.log([t1-t0,t2-t1,t3-t2,t4-t3,t5-t4, t3-t0].map(x=>x.toFixed(1)).join(" "));
