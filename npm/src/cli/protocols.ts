// The protocols of the public conformance suites.
import type { ParseArgsConfig } from "node:util";
import { type ArtifactCommand, IGNORE, type VerifyCommand, verifyCommand } from "./commands.js";
import { artifactKey, chosenRoot, type Expected } from "./expected.js";
import { exactly, parse, required, usage } from "./flags.js";

/** The protocol of the public OMS conformance suite. */
const VERIFY_MODEL = {
  ...IGNORE,
  method: { type: "string" },
  "model-path": { type: "string" },
  bundle: { type: "string" },
  "public-key": { type: "string" },
  "cert-chain": { type: "string", multiple: true },
  identity: { type: "string" },
  "identity-provider": { type: "string" },
  "use-staging": { type: "boolean" },
} as const satisfies ParseArgsConfig["options"];

/** The protocol of the public Sigstore conformance suite. */
const VERIFY_BUNDLE = {
  bundle: { type: "string" },
  "certificate-identity": { type: "string" },
  "certificate-oidc-issuer": { type: "string" },
  key: { type: "string" },
  "trusted-root": { type: "string" },
  staging: { type: "boolean" },
} as const satisfies ParseArgsConfig["options"];

/** `modelseal verify-model`. */
export function parseVerifyModel(args: string[]): VerifyCommand {
  const { values } = parse({ args, options: VERIFY_MODEL, allowPositionals: false });
  const { "ignore-paths": ignorePaths, "ignore-unsigned-files": ignoreUnsignedFiles } = values;
  const expected = expectedModel(values);
  const model = required(values["model-path"], "--model-path");
  const signature = required(values.bundle, "--bundle");
  const common = {
    ...(ignorePaths && { "ignore-paths": ignorePaths }),
    ...(ignoreUnsignedFiles && { "ignore-unsigned-files": ignoreUnsignedFiles }),
  };
  return verifyCommand(expected, model, { signature, ...common });
}

type ModelValues = ReturnType<typeof parse<{ args: string[]; options: typeof VERIFY_MODEL }>>["values"];

function expectedModel(values: ModelValues): Expected {
  const method = required(values.method, "--method");
  switch (method) {
    case "key":
      return { method, publicKey: required(values["public-key"], "--public-key"), trustRoot: undefined };
    case "certificate":
      return {
        method,
        anchors: required(values["cert-chain"], "--cert-chain"),
        anchorDigests: [],
        intermediateAnchors: false,
        // The suite has one bundle of that form.
        digestsV01: true,
        trustRoot: undefined,
      };
    case "sigstore": {
      const { identity, "identity-provider": issuer, "use-staging": staging } = values;
      const trustRoot = staging === true ? "staging" : undefined;
      return oneIdentity(identity, "--identity", issuer, "--identity-provider", trustRoot);
    }
    default:
      throw usage("the method must be key, certificate or sigstore");
  }
}

/** `modelseal verify-bundle`. */
export function parseVerifyBundle(args: string[]): ArtifactCommand {
  const { values, positionals } = parse({ args, options: VERIFY_BUNDLE, allowPositionals: true });
  const { key, staging, "certificate-identity": identity, "certificate-oidc-issuer": issuer } = values;
  const trustRoot = chosenRoot({ "use-staging": staging, "trust-root": values["trusted-root"] });
  if (key !== undefined && (identity ?? issuer) !== undefined) {
    throw usage("give --key, or --certificate-identity and --certificate-oidc-issuer, not both");
  }
  const [artifact] = exactly(positionals, "FILE");
  return {
    name: "artifact",
    expected:
      key === undefined
        ? oneIdentity(identity, "--certificate-identity", issuer, "--certificate-oidc-issuer", trustRoot)
        : artifactKey(key, trustRoot),
    artifact,
    bundle: required(values.bundle, "--bundle"),
    attestation: false,
    format: "text",
  };
}

function oneIdentity(
  identity: string | undefined,
  identityFlag: string,
  issuer: string | undefined,
  issuerFlag: string,
  trustRoot: string | undefined,
): Expected {
  const expected = { issuer: required(issuer, issuerFlag), identity: required(identity, identityFlag) };
  return { method: "sigstore", identities: [expected], trustRoot };
}
