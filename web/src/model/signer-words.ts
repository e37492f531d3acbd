import type { SignatureValid, SignerIdentity, Verdict } from "modelseal";
import { shown } from "./shown.js";

/** The name of a signer, for the middle of a sentence. */
export function signerName({ publisher }: Verdict): string {
  return shown(publisher.name || "someone without a name");
}

/** The issuer that certifies that name, as a sentence; nothing where there is none. */
export function voucher({ publisher }: Verdict): string {
  return publisher.issuer === null ? "" : ` ${shown(publisher.issuer)} certifies that name.`;
}

/** What stands behind a signature that holds; each a line of its own. */
export function signatureDetails(signature: SignatureValid): string[] {
  const { algorithm, key, chain, identity, logEntries, verifiedTimes } = signature;
  const evidence = [
    ...verifiedTimes.map(({ at, authority }) => `Signed before ${instant(at)}, says ${shown(authority)}`),
    ...logEntries.map(
      ({ log, index, inclusion }) =>
        `Entry ${index} of the public log ${shown(log)} (${inclusion === "proved" ? "proved to be there" : "promised by the log"})`,
    ),
  ];
  // The certificate of an identity says nothing to people that the identity does not; it is in the facts.
  if (identity !== null) return evidence;
  const certificates = chain.map(
    ({ subject, notBefore, notAfter }, index) =>
      `${index === 0 ? "Certificate" : "Certified by"} ${shown(subject)}, valid ${day(notBefore)} to ${day(notAfter)}`,
  );
  return [`Algorithm ${algorithm}`, `Key ${key}`, ...certificates, ...evidence];
}

/** The same for the record, as pairs of name and value. */
export function signerFacts({ signature, trustRoot }: Verdict): [name: string, value: string][] {
  if (signature.status !== "valid") return [];
  const { identity, logEntries, verifiedTimes } = signature;
  const facts: [string, string][] = [];
  if (identity !== null) facts.push(...identityFacts(identity, signature));
  for (const { log, index, kind, version, inclusion } of logEntries) {
    facts.push([
      "Log entry",
      `${index} of ${shown(log)}, ${shown(kind)} ${shown(version)}, inclusion ${inclusion}`,
    ]);
  }
  for (const { at, authority } of verifiedTimes) {
    facts.push(["Verified time", `${instant(at)}, by ${shown(authority)}`]);
  }
  const counted = identity !== null || logEntries.length + verifiedTimes.length > 0;
  if (counted && trustRoot !== null) {
    const { name, date, sha256 } = trustRoot;
    facts.push(["Trust root", `${name === null ? "your own" : `${name}, of ${date}`}, sha256:${sha256}`]);
  }
  return facts;
}

function identityFacts(
  identity: SignerIdentity,
  { algorithm, key, chain }: SignatureValid,
): [string, string][] {
  return [
    ["Identity", shown(identity.identity)],
    ["Issuer", identity.issuer === null ? "none in the certificate" : shown(identity.issuer)],
    ...Object.entries(identity.fields).map(([field, text]): [string, string] => [
      FIELDS.get(field) ?? field,
      shown(text),
    ]),
    ["Algorithm and key", `${algorithm}, ${key}`],
    ...chain.map(({ subject, sha256 }, index): [string, string] => [
      index === 0 ? "Certificate" : "Certified by",
      `${subject === "" ? "" : `${shown(subject)}, `}sha256:${sha256}`,
    ]),
  ];
}

const FIELDS: ReadonlyMap<string, string> = new Map([
  ["buildConfigUri", "Built by the workflow"],
  ["buildConfigDigest", "Version of that workflow"],
  ["buildTrigger", "What started the build"],
  ["buildSignerUri", "Signed by the workflow"],
  ["buildSignerDigest", "Version of that workflow"],
  ["runInvocationUri", "Run of the build"],
  ["runnerEnvironment", "Machine of the build"],
  ["sourceRepositoryDigest", "Version of the source"],
  ["sourceRepositoryIdentifier", "Number of the source repository"],
  ["sourceRepositoryOwnerIdentifier", "Number of its owner"],
  ["sourceRepositoryOwnerUri", "Owner of the source repository"],
  ["sourceRepositoryRef", "Branch or tag of the source"],
  ["sourceRepositoryUri", "Source repository"],
  ["sourceRepositoryVisibilityAtSigning", "The repository was then"],
]);

/** A day of RFC 3339. */
export function day(rfc3339: string): string {
  return rfc3339.slice(0, 10);
}

/** A moment of RFC 3339. */
export function instant(rfc3339: string): string {
  return rfc3339.replace("T", " ").replace(/(\.\d+)?Z$/, " UTC");
}
