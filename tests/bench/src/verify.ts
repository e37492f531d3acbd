import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { bundleFromJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { toSignedEntity, toTrustMaterial, Verifier } from "@sigstore/verify";
import { assertVerified, verifyArtifact } from "modelseal";
import { Bench } from "./bench.js";
import type { SuiteOptions } from "./main.js";
import { type Entry, median, sorted } from "./measure.js";
import { repository } from "./repository.js";

/** The signer of the public suite's bundles, where a case does not name another. */
const SUITE_IDENTITY = {
  issuer: "https://token.actions.githubusercontent.com",
  identity:
    "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main",
};

/** Each kind of bundle, and the folder of the public suite that has one. */
const BUNDLES = [
  ["rekor1-message", "happy-path-v0.3", "Rekor v1, a message"],
  ["rekor1-dsse", "happy-path-intoto-in-dsse-v3", "Rekor v1, a DSSE envelope"],
  ["rekor2-timestamp", "rekor2-happy-path", "Rekor v2 with a timestamp, a message"],
] as const;

/** The bundle that a fresh process verifies. */
const FIRST = "happy-path-v0.3";

/** How long a keyless bundle takes, in one process and from the import on. */
export async function verifySuite(options: SuiteOptions): Promise<readonly Entry[]> {
  const bench = new Bench(options);
  const suite = `${vectors()}/sigstore/bundle-verify`;
  if (isOurs()) console.log("there are no public vectors: bundles of a little Sigstore of our own stand in");
  for (const [name, folder, what] of BUNDLES) {
    const { ours, peer } = await prepare(suite, folder);
    await bench.compare({
      name: `verify-${name}`,
      what: `${what}: our Wasm against @sigstore/verify, the trust root ready on both sides`,
      unit: "ms",
      atMost: 0.7,
      ours: () => milliseconds(ours, options.quick ? 10 : 25),
      peer: () => milliseconds(peer, options.quick ? 10 : 25),
    });
  }
  // One process says little: what else the machine does falls into one or the other.
  const processes = options.quick ? 3 : 7;
  const first = (side: string) => async () => {
    const times: number[] = [];
    while (times.length < processes) times.push(await firstVerdict(side, suite));
    return median(sorted(times));
  };
  await bench.compare({
    name: "verify-first",
    what: "Rekor v1, a message: from import to the first verdict, each in a fresh process",
    unit: "ms",
    atMost: 0.5,
    ours: first("ours"),
    peer: first("peer"),
  });
  return bench.entries;
}

const PUBLIC = process.env["MODELSEAL_VECTORS"] ?? repository("../shared/vectors");

/** Whether there are no public vectors, so that bundles of our own stand in. */
function isOurs(): boolean {
  return !existsSync(PUBLIC);
}

/** The public vectors beside the checkout, or those that `cargo xtask bench` made. */
function vectors(): string {
  return isOurs() ? repository("target/bench/vectors") : PUBLIC;
}

/** Who signed a case, and its trust root where it is not Sigstore's public one. */
async function signerOf(suite: string, folder: string) {
  const text = async (name: string) => {
    const file = `${suite}/${folder}/${name}`;
    return existsSync(file) ? (await readFile(file, "utf8")).trim() : undefined;
  };
  const identity = {
    issuer: (await text("issuer")) ?? SUITE_IDENTITY.issuer,
    identity: (await text("identity")) ?? SUITE_IDENTITY.identity,
  };
  return { identity, root: await text("trusted_root.json") };
}

async function publicRoot(): Promise<string> {
  return readFile(`${vectors()}/roots/sigstore-public-good.trusted_root.json`, "utf8");
}

async function prepare(suite: string, folder: string) {
  const bundle = await readFile(`${suite}/${folder}/bundle.sigstore.json`);
  const artifact = await readFile(`${suite}/a.txt`);
  const { identity, root } = await signerOf(suite, folder);
  const policy = {
    method: "sigstore" as const,
    identities: [identity],
    ...(root === undefined ? {} : { trustRoot: root }),
  };
  const ours = async () => assertVerified(await verifyArtifact({ bundle, artifact, policy }));
  const material = toTrustMaterial(TrustedRoot.fromJSON(JSON.parse(root ?? (await publicRoot()))));
  const verifier = new Verifier(material, { tlogThreshold: 1, ctlogThreshold: 1, timestampThreshold: 1 });
  const peer = async () => {
    const parsed = bundleFromJSON(JSON.parse(bundle.toString()));
    // An envelope's statement about the artifact is not compared by the peer: it has that for free.
    const content = "messageSignature" in JSON.parse(bundle.toString()) ? artifact : undefined;
    verifier.verify(toSignedEntity(parsed, content), {
      subjectAlternativeName: identity.identity,
      extensions: { issuer: identity.issuer },
    });
  };
  return { ours, peer };
}

/** What one verification takes. */
async function milliseconds(verify: () => Promise<unknown>, times: number): Promise<number> {
  const began = performance.now();
  for (let time = 0; time < times; time++) await verify();
  return (performance.now() - began) / times;
}

async function firstVerdict(side: string, suite: string): Promise<number> {
  const script = repository(`tests/bench/hosts/first-${side}.mjs`);
  const { identity, root } = await signerOf(suite, FIRST);
  // Ours has the public root in the package; the peer is given it.
  const trusted = root ?? (side === "peer" ? await publicRoot() : "");
  const given = [suite, FIRST, identity.issuer, identity.identity, trusted];
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...given]);
  return Number(stdout);
}
