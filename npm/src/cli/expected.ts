import type { ParseArgsConfig } from "node:util";
import type { CertificateFields, ExpectedIdentity } from "../types/index.js";
import { usage } from "./flags.js";

/** Whom to expect, with the files that say so still to be read. */
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
      /** None: expect nobody, and report who signed. */
      readonly identities: readonly ExpectedIdentity[] | undefined;
      readonly trustRoot: string | undefined;
    }
  | { readonly method: "preset"; readonly preset: string };

/** The flags of a certificate's fields, two spellings of each. The native command has the same. */
const FIELDS = {
  "source-repository": "sourceRepositoryUri",
  "source-repository-uri": "sourceRepositoryUri",
  "source-repository-id": "sourceRepositoryIdentifier",
  "source-repository-identifier": "sourceRepositoryIdentifier",
  "source-repository-owner": "sourceRepositoryOwnerUri",
  "source-repository-owner-uri": "sourceRepositoryOwnerUri",
  "source-repository-owner-id": "sourceRepositoryOwnerIdentifier",
  "source-repository-owner-identifier": "sourceRepositoryOwnerIdentifier",
  "source-repository-ref": "sourceRepositoryRef",
  ref: "sourceRepositoryRef",
  "source-repository-digest": "sourceRepositoryDigest",
  commit: "sourceRepositoryDigest",
  "source-repository-visibility": "sourceRepositoryVisibilityAtSigning",
  "source-repository-visibility-at-signing": "sourceRepositoryVisibilityAtSigning",
  workflow: "buildConfigUri",
  "build-config-uri": "buildConfigUri",
  "workflow-digest": "buildConfigDigest",
  "build-config-digest": "buildConfigDigest",
  trigger: "buildTrigger",
  "build-trigger": "buildTrigger",
  "signer-workflow": "buildSignerUri",
  "build-signer-uri": "buildSignerUri",
  "signer-workflow-digest": "buildSignerDigest",
  "build-signer-digest": "buildSignerDigest",
  "run-invocation": "runInvocationUri",
  "run-invocation-uri": "runInvocationUri",
  "runner-environment": "runnerEnvironment",
  runner: "runnerEnvironment",
} as const satisfies Record<string, keyof CertificateFields>;

type FieldFlag = keyof typeof FIELDS;

const FIELD_FLAGS = Object.keys(FIELDS) as FieldFlag[];

/** The flags that say whom a keyless signature should be by. */
export const KEYLESS = {
  identity: { type: "string", multiple: true },
  "identity-provider": { type: "string", multiple: true },
  "report-only": { type: "boolean" },
  "trust-root": { type: "string" },
  "use-staging": { type: "boolean" },
  ...(Object.fromEntries(FIELD_FLAGS.map((flag) => [flag, { type: "string" }])) as Record<
    FieldFlag,
    { readonly type: "string" }
  >),
} as const satisfies ParseArgsConfig["options"];

/** What those flags were given. */
export type KeylessValues = { readonly [flag in FieldFlag]?: string | undefined } & {
  readonly identity?: string[] | undefined;
  readonly "identity-provider"?: string[] | undefined;
  readonly "report-only"?: boolean | undefined;
  readonly "trust-root"?: string | undefined;
  readonly "use-staging"?: boolean | undefined;
};

/** Reads whom to expect of a keyless signature. */
export function keyless(values: KeylessValues): Expected {
  const trustRoot = chosenRoot(values);
  if (values["report-only"] !== true)
    return { method: "sigstore", identities: identities(values), trustRoot };
  if (names(values)) throw usage("--report-only expects nobody: name nobody beside it");
  return { method: "sigstore", identities: undefined, trustRoot };
}

/** Whether some flag names somebody. */
export function names(values: KeylessValues): boolean {
  const flags = ["identity", "identity-provider", ...FIELD_FLAGS] as const;
  return flags.some((flag) => values[flag] !== undefined);
}

/** The trust root that the flags choose: a name or a file. */
export function chosenRoot(values: KeylessValues): string | undefined {
  if (values["use-staging"] !== true) return values["trust-root"];
  if (values["trust-root"] !== undefined) throw usage("give --trust-root or --use-staging, not both");
  return "staging";
}

function identities(values: KeylessValues): ExpectedIdentity[] {
  const given = values.identity ?? [];
  const [issuer, ...issuers] = values["identity-provider"] ?? [];
  if (issuer === undefined) {
    throw usage("say who vouches for the signer with --identity-provider, or ask for --report-only");
  }
  const fields = fieldsOf(values);
  if (given.length === 0) {
    if (Object.keys(fields).length === 0) {
      throw usage("say who should have signed with --identity, or by what the certificate says besides");
    }
    return [issuer, ...issuers].map((issuer) => ({ issuer, ...fields }));
  }
  if (issuers.length > 0 && issuers.length + 1 !== given.length) {
    throw usage("give --identity-provider once, or once for each --identity");
  }
  return given.map((identity, index) => ({
    issuer: index === 0 ? issuer : (issuers[index - 1] ?? issuer),
    identity,
    ...fields,
  }));
}

function fieldsOf(values: KeylessValues): CertificateFields {
  const given = new Map<string, string>();
  for (const flag of FIELD_FLAGS) {
    const text = values[flag];
    if (text === undefined) continue;
    if (given.has(FIELDS[flag])) throw usage(`--${flag} was given under its other name as well`);
    given.set(FIELDS[flag], text);
  }
  return Object.fromEntries(given);
}

/** Log entries about an artifact are the rule, by whatever key it was signed. */
export function artifactKey(publicKey: string, trustRoot = "production"): Expected {
  return { method: "key", publicKey, trustRoot };
}
