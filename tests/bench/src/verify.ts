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

/** Whom the public suite's bundles are by. */
const IDENTITY = {
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

/** How long a keyless bundle takes, in one process and from the import on. */
export async function verifySuite(options: SuiteOptions): Promise<readonly Entry[]> {
  const bench = new Bench(options);
  const suite = `${vectors()}/sigstore/bundle-verify`;
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

/** The public vectors beside the checkout. */
function vectors(): string {
  const folder = process.env["MODELSEAL_VECTORS"] ?? repository("../shared/vectors");
  if (!existsSync(folder)) throw new Error(`no vectors in ${folder}: set MODELSEAL_VECTORS`);
  return folder;
}

async function prepare(suite: string, folder: string) {
  const bundle = await readFile(`${suite}/${folder}/bundle.sigstore.json`);
  const artifact = await readFile(`${suite}/a.txt`);
  const own = `${suite}/${folder}/trusted_root.json`;
  const root = existsSync(own) ? await readFile(own, "utf8") : undefined;
  const policy = {
    method: "sigstore" as const,
    identities: [IDENTITY],
    ...(root === undefined ? {} : { trustRoot: root }),
  };
  const ours = async () => assertVerified(await verifyArtifact({ bundle, artifact, policy }));
  const production = `${vectors()}/roots/sigstore-public-good.trusted_root.json`;
  const material = toTrustMaterial(
    TrustedRoot.fromJSON(JSON.parse(root ?? (await readFile(production, "utf8")))),
  );
  const verifier = new Verifier(material, { tlogThreshold: 1, ctlogThreshold: 1, timestampThreshold: 1 });
  const peer = async () => {
    const parsed = bundleFromJSON(JSON.parse(bundle.toString()));
    // An envelope's statement about the artifact is not compared by the peer: it has that for free.
    const content = "messageSignature" in JSON.parse(bundle.toString()) ? artifact : undefined;
    verifier.verify(toSignedEntity(parsed, content), {
      subjectAlternativeName: IDENTITY.identity,
      extensions: { issuer: IDENTITY.issuer },
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
  const { stdout } = await promisify(execFile)(process.execPath, [script, suite, vectors()]);
  return Number(stdout);
}
