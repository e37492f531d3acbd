import type { CertificateFields, ExpectedIdentity } from "../types/index.js";
import { Failure } from "./failure.js";
import { type Given, type Syntax, text } from "./options.js";

/** Which signer to expect, with the files that say so still to be read. */
export type Expected =
  | { readonly method: "key"; readonly publicKey: string; readonly trustRoot: string | undefined }
  | {
      readonly method: "certificate";
      readonly anchors: readonly string[];
      readonly anchorDigests: readonly string[];
      readonly intermediateAnchors: boolean;
      readonly digestsV01: boolean;
      readonly trustRoot: string | undefined;
    }
  | {
      readonly method: "sigstore";
      /** None: expect no one, and report who signed. */
      readonly identities: readonly ExpectedIdentity[] | undefined;
      readonly trustRoot: string | undefined;
    }
  | { readonly method: "preset"; readonly preset: string };

/** The flags of a certificate's fields, each with a second name and the field. The native command has the same. */
const FIELDS = {
  "source-repository": ["source-repository-uri", "sourceRepositoryUri"],
  "source-repository-id": ["source-repository-identifier", "sourceRepositoryIdentifier"],
  "source-repository-owner": ["source-repository-owner-uri", "sourceRepositoryOwnerUri"],
  "source-repository-owner-id": ["source-repository-owner-identifier", "sourceRepositoryOwnerIdentifier"],
  "source-repository-ref": ["ref", "sourceRepositoryRef"],
  "source-repository-digest": ["commit", "sourceRepositoryDigest"],
  "source-repository-visibility": [
    "source-repository-visibility-at-signing",
    "sourceRepositoryVisibilityAtSigning",
  ],
  workflow: ["build-config-uri", "buildConfigUri"],
  "workflow-digest": ["build-config-digest", "buildConfigDigest"],
  trigger: ["build-trigger", "buildTrigger"],
  "signer-workflow": ["build-signer-uri", "buildSignerUri"],
  "signer-workflow-digest": ["build-signer-digest", "buildSignerDigest"],
  "run-invocation": ["run-invocation-uri", "runInvocationUri"],
  "runner-environment": ["runner", "runnerEnvironment"],
} as const satisfies Record<string, readonly [string, keyof CertificateFields]>;

const NAMES = ["identity", "identity-provider", "no-identity-provider", ...Object.keys(FIELDS)];

/** The flags that say which signer to expect, and what certifies it. */
export const EXPECTED = {
  options: {
    identity: { takes: "many", check: text },
    "identity-provider": { takes: "many", check: text },
    "no-identity-provider": { takes: "nothing" },
    ...Object.fromEntries(
      Object.entries(FIELDS).map(([flag, [alias]]) => [flag, { takes: "one", alias, check: text } as const]),
    ),
    "report-only": { takes: "nothing" },
    "trust-root": { takes: "one" },
    "use-staging": { takes: "nothing" },
  },
  conflicts: [
    ["no-identity-provider", ["identity-provider"]],
    ["report-only", NAMES],
    ["trust-root", ["use-staging"]],
  ],
  /** Those that name a signer. */
  names: NAMES,
} as const satisfies Pick<Syntax, "options" | "conflicts"> & { readonly names: readonly string[] };

/** Reads which signer a keyless signature should have. */
export function keyless(given: Given): Expected {
  const trustRoot = given.one("trust-root") ?? (given.has("use-staging") ? "staging" : undefined);
  const identities = given.has("report-only") ? undefined : identitiesOf(given);
  return { method: "sigstore", identities, trustRoot };
}

function identitiesOf(given: Given): ExpectedIdentity[] {
  const identities = given.many("identity");
  const fields = fieldsOf(given);
  if (given.has("no-identity-provider")) {
    if (identities.length === 0) throw usage(NO_SIGNER);
    return identities.map((identity) => ({ noIssuer: true, identity, ...fields }));
  }
  const issuers = given.many("identity-provider");
  const [first] = issuers;
  if (first === undefined) {
    throw usage("name the issuer of the identity with --identity-provider, or ask for --report-only");
  }
  if (identities.length === 0) {
    if (!NAMING.some((field) => fields[field] !== undefined)) throw usage(NO_SIGNER);
    // One of the fields is there: the types cannot tell.
    return issuers.map((issuer) => ({ issuer, ...fields }) as ExpectedIdentity);
  }
  if (issuers.length > 1 && issuers.length !== identities.length) {
    throw usage("give --identity-provider once, or once for each --identity");
  }
  return identities.map((identity, index) => ({
    issuer: issuers.length === 1 ? first : (issuers[index] ?? first),
    identity,
    ...fields,
  }));
}

/** The fields that say whose build it is. */
const NAMING = [
  "buildConfigUri",
  "sourceRepositoryIdentifier",
  "sourceRepositoryOwnerIdentifier",
  "sourceRepositoryOwnerUri",
  "sourceRepositoryUri",
] as const satisfies (keyof CertificateFields)[];

const NO_SIGNER =
  "name the expected signer with --identity, or with --source-repository, --source-repository-owner, " +
  "their numeric IDs, or --workflow";

function fieldsOf(given: Given): CertificateFields {
  const fields = Object.entries(FIELDS).flatMap(([flag, [, field]]) => {
    const value = given.one(flag);
    return value === undefined ? [] : [[field, value] as const];
  });
  return Object.fromEntries(fields);
}

function usage(sentence: string): Failure {
  return new Failure("usage-invalid", sentence);
}
