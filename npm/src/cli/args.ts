import { type ParseArgsConfig, parseArgs } from "node:util";
import { Failure } from "./failure.js";

/** What to verify, and how to print it. */
export interface VerifyCommand {
  readonly name: "verify";
  readonly method: "key" | "certificate";
  readonly model: string;
  readonly signature: string;
  readonly publicKey: string | undefined;
  readonly anchors: readonly string[];
  readonly intermediateAnchors: boolean;
  readonly digestsV01: boolean;
  readonly ignorePaths: readonly string[];
  readonly ignoreUnsignedFiles: boolean;
  readonly allowSymlinks: boolean;
  readonly rootDigest: string | undefined;
  readonly modelName: string | undefined;
  readonly deny: readonly string[];
  readonly at: string | undefined;
  readonly format: "text" | "json";
}

export type Command =
  | VerifyCommand
  | { readonly name: "inspect"; readonly bundle: string }
  | { readonly name: "help" }
  | { readonly name: "version" };

export const HELP = `Checks who signed an AI model, and whether every byte is what they signed

Usage:
  modelseal verify key MODEL --signature BUNDLE --public-key PEM [options]
  modelseal verify certificate MODEL --signature BUNDLE --certificate-chain PEM... [options]
  modelseal inspect BUNDLE

Options of verify:
  --signature BUNDLE         the signature bundle
  --public-key PEM           the signer's public key (method key)
  --certificate-chain PEM    a certificate trusted as an anchor; may be given several times (method certificate)
  --intermediate-anchors     also accept anchors that are not self-signed
  --allow-digests-v01        also accept the form of v0.2.0, which has no root digest
  --ignore-paths PATH        a file or folder of the model to leave out; may be given several times
  --ignore-unsigned-files    allow files that the signature does not cover
  --allow-symlinks           follow symlinks to files within the model, if the signer allowed it too
  --at RFC3339               judge certificates at this time instead of now
  --root-digest sha256:HEX   expect the model with this root digest, and no other
  --model-name NAME          expect the model that was signed under this name, and no other
  --deny sha256:HEX          deny a certificate, key or model by its digest; may be given several times
  --format text|json         how to print the verdict

Exit codes:
  0  verified
  1  not verified, or only in part
  2  could not be checked (wrong use, something unreadable)
`;

const COMMON = {
  "ignore-paths": { type: "string", multiple: true },
  "ignore-unsigned-files": { type: "boolean" },
} as const satisfies ParseArgsConfig["options"];

const VERIFY = {
  ...COMMON,
  signature: { type: "string" },
  "public-key": { type: "string" },
  "certificate-chain": { type: "string", multiple: true },
  "intermediate-anchors": { type: "boolean" },
  "allow-digests-v01": { type: "boolean" },
  "allow-symlinks": { type: "boolean" },
  at: { type: "string" },
  "root-digest": { type: "string" },
  "model-name": { type: "string" },
  deny: { type: "string", multiple: true },
  format: { type: "string" },
} as const satisfies ParseArgsConfig["options"];

/** The protocol of the public OMS conformance suite. */
const VERIFY_MODEL = {
  ...COMMON,
  method: { type: "string" },
  "model-path": { type: "string" },
  bundle: { type: "string" },
  "public-key": { type: "string" },
  "cert-chain": { type: "string", multiple: true },
  identity: { type: "string" },
  "identity-provider": { type: "string" },
  "use-staging": { type: "boolean" },
} as const satisfies ParseArgsConfig["options"];

/** Reads the command line. Flags may have hyphens or underscores, as those of the Python CLI. */
export function parseCommand(args: readonly string[]): Command {
  const [name, ...rest] = args.map(withHyphens);
  if (name === undefined || rest.includes("--help") || rest.includes("-h")) return { name: "help" };
  switch (name) {
    case "help":
    case "--help":
    case "-h":
      return { name: "help" };
    case "--version":
    case "-V":
      return { name: "version" };
    case "verify":
      return parseVerify(rest);
    case "verify-model":
      return parseVerifyModel(rest);
    case "inspect": {
      const { positionals } = parse({ args: rest, options: {}, allowPositionals: true });
      return { name, bundle: only(positionals, "BUNDLE") };
    }
    default:
      throw usage(`there is no command ${name}; modelseal --help lists them`);
  }
}

function parseVerify([method, ...args]: string[]): VerifyCommand {
  const { values, positionals } = parse({ args, options: VERIFY, allowPositionals: true });
  const format = values.format ?? "text";
  if (format !== "text" && format !== "json") throw usage("--format takes text or json");
  return {
    name: "verify",
    ...checkMethod(
      method,
      values["public-key"],
      "--public-key",
      values["certificate-chain"],
      "--certificate-chain",
    ),
    model: only(positionals, "MODEL"),
    signature: required(values.signature, "--signature"),
    intermediateAnchors: values["intermediate-anchors"] ?? false,
    digestsV01: values["allow-digests-v01"] ?? false,
    ignorePaths: values["ignore-paths"] ?? [],
    ignoreUnsignedFiles: values["ignore-unsigned-files"] ?? false,
    allowSymlinks: values["allow-symlinks"] ?? false,
    rootDigest: values["root-digest"],
    modelName: values["model-name"],
    deny: values.deny ?? [],
    at: values.at,
    format,
  };
}

function parseVerifyModel(args: string[]): VerifyCommand {
  const { values } = parse({ args, options: VERIFY_MODEL, allowPositionals: false });
  const method = required(values.method, "--method");
  return {
    name: "verify",
    ...checkMethod(method, values["public-key"], "--public-key", values["cert-chain"], "--cert-chain"),
    model: required(values["model-path"], "--model-path"),
    signature: required(values.bundle, "--bundle"),
    intermediateAnchors: false,
    // The suite has one bundle of that form; the policy limits it to this method.
    digestsV01: method === "certificate",
    ignorePaths: values["ignore-paths"] ?? [],
    ignoreUnsignedFiles: values["ignore-unsigned-files"] ?? false,
    allowSymlinks: false,
    rootDigest: undefined,
    modelName: undefined,
    deny: [],
    at: undefined,
    format: "text",
  };
}

function checkMethod(
  method: string | undefined,
  publicKey: string | undefined,
  keyFlag: string,
  anchors: readonly string[] | undefined,
  anchorFlag: string,
): Pick<VerifyCommand, "method" | "publicKey" | "anchors"> {
  switch (method) {
    case "key":
      if (anchors !== undefined) throw usage(`${anchorFlag} has no meaning for the method key`);
      return { method, publicKey: required(publicKey, keyFlag), anchors: [] };
    case "certificate":
      if (publicKey !== undefined) throw usage(`${keyFlag} has no meaning for the method certificate`);
      return { method, publicKey: undefined, anchors: required(anchors, anchorFlag) };
    case "sigstore":
      throw new Failure("method-unsupported", "keyless (Sigstore) signatures cannot be verified yet");
    default:
      throw usage("the method must be key or certificate");
  }
}

function parse<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    // The first sentence; what follows are hints on parseArgs itself.
    throw usage(error instanceof Error ? (error.message.split(". ")[0] ?? "") : String(error));
  }
}

function withHyphens(arg: string): string {
  if (!arg.startsWith("--")) return arg;
  const [flag = "", ...value] = arg.split("=");
  return [flag.replaceAll("_", "-"), ...value].join("=");
}

function only(positionals: readonly string[], name: string): string {
  const [first] = positionals;
  if (first === undefined) throw usage(`${name} is missing`);
  if (positionals.length > 1) throw usage(`only one ${name} can be given`);
  return first;
}

function required<T>(value: T | undefined, flag: string): T {
  if (value === undefined || value === "") throw usage(`${flag} is missing`);
  return value;
}

function usage(message: string): Failure {
  return new Failure("usage-invalid", message);
}
