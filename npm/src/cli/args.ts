import type { ParseArgsConfig } from "node:util";
import { type ArtifactCommand, COMMON, type VerifyCommand, verifyCommand } from "./commands.js";
import { artifactKey, chosenRoot, KEYLESS, keyless, names } from "./expected.js";
import { exactly, type Format, parse, parseFormat, required, usage, withHyphens } from "./flags.js";
import { parseVerifyBundle, parseVerifyModel } from "./protocols.js";

export type Command =
  | VerifyCommand
  | ArtifactCommand
  | { readonly name: "inspect"; readonly bundle: string }
  | { readonly name: "roots"; readonly root: string | undefined; readonly format: Format }
  | { readonly name: "help" }
  | { readonly name: "version" };

const KEY = {
  ...COMMON,
  "public-key": { type: "string" },
  "trust-root": { type: "string" },
} as const satisfies ParseArgsConfig["options"];

const CERTIFICATE = {
  ...COMMON,
  "certificate-chain": { type: "string", multiple: true },
  "anchor-digest": { type: "string", multiple: true },
  "intermediate-anchors": { type: "boolean" },
  "allow-digests-v01": { type: "boolean" },
  "trust-root": { type: "string" },
} as const satisfies ParseArgsConfig["options"];

const ATTESTATION = {
  ...KEYLESS,
  bundle: { type: "string" },
  "public-key": { type: "string" },
  format: { type: "string" },
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
    case "verify-bundle":
      return parseVerifyBundle(rest);
    case "inspect": {
      const { positionals } = parse({ args: rest, options: {}, allowPositionals: true });
      const [bundle] = exactly(positionals, "BUNDLE");
      return { name, bundle };
    }
    case "roots": {
      const options = { format: { type: "string" } } as const;
      const { values, positionals } = parse({ args: rest, options, allowPositionals: true });
      const root = positionals.length === 0 ? undefined : exactly(positionals, "NAME|FILE")[0];
      return { name, root, format: parseFormat(values.format) };
    }
    default:
      throw usage(`there is no command ${name}; modelseal --help lists them`);
  }
}

function parseVerify([method, ...args]: string[]): VerifyCommand | ArtifactCommand {
  const positional = { args, allowPositionals: true } as const;
  switch (method) {
    case "key": {
      const { values, positionals } = parse({ ...positional, options: KEY });
      const publicKey = required(values["public-key"], "--public-key");
      const [model] = exactly(positionals, "MODEL");
      return verifyCommand({ method, publicKey, trustRoot: values["trust-root"] }, model, values);
    }
    case "certificate": {
      const { values, positionals } = parse({ ...positional, options: CERTIFICATE });
      const anchors = values["certificate-chain"] ?? [];
      const anchorDigests = values["anchor-digest"] ?? [];
      if (anchors.length + anchorDigests.length === 0) throw usage("--certificate-chain is missing");
      const [model] = exactly(positionals, "MODEL");
      const expected = {
        method,
        anchors,
        anchorDigests,
        intermediateAnchors: values["intermediate-anchors"] ?? false,
        digestsV01: values["allow-digests-v01"] ?? false,
        trustRoot: values["trust-root"],
      } as const;
      return verifyCommand(expected, model, values);
    }
    case "sigstore": {
      const { values, positionals } = parse({ ...positional, options: { ...COMMON, ...KEYLESS } });
      const [model] = exactly(positionals, "MODEL");
      return verifyCommand(keyless(values), model, values);
    }
    case "preset": {
      const { values, positionals } = parse({ ...positional, options: COMMON });
      const [preset, model] = exactly(positionals, "NAME", "MODEL");
      return verifyCommand({ method, preset }, model, values);
    }
    case "attestation":
      return parseAttestation(args);
    default:
      throw usage("the method must be key, certificate, sigstore, preset or attestation");
  }
}

function parseAttestation(args: string[]): ArtifactCommand {
  const { values, positionals } = parse({ args, options: ATTESTATION, allowPositionals: true });
  const publicKey = values["public-key"];
  if (publicKey !== undefined && (names(values) || values["report-only"] === true)) {
    throw usage("give --public-key, or say whom to expect, not both");
  }
  const [artifact] = exactly(positionals, "FILE");
  return {
    name: "artifact",
    expected: publicKey === undefined ? keyless(values) : artifactKey(publicKey, chosenRoot(values)),
    artifact,
    bundle: required(values.bundle, "--bundle"),
    attestation: true,
    format: parseFormat(values.format),
  };
}
