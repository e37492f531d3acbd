import { EXPECTED, type Expected, keyless } from "./expected.js";
import { Failure, UsageFailure } from "./failure.js";
import { check, Given, type Option, parse, type Syntax, seconds, sha256, text, time } from "./options.js";

export type Format = "text" | "json";

/** A model to verify, and how to print the verdict. */
export interface VerifyCommand {
  readonly name: "verify";
  readonly expected: Expected;
  readonly model: string;
  readonly signature: string;
  readonly ignorePaths: readonly string[];
  readonly ignoreUnsignedFiles: boolean;
  readonly allowSymlinks: boolean;
  readonly linkTargets: string | undefined;
  readonly rootDigest: string | undefined;
  readonly modelName: string | undefined;
  readonly deny: readonly string[];
  readonly at: string | undefined;
  readonly maxClockSkew: number | undefined;
  readonly format: Format;
  readonly diagnostics: boolean;
}

/** An artifact to verify: a file, or its digest. */
export interface ArtifactCommand {
  readonly name: "artifact";
  readonly expected: Expected;
  readonly artifact: string;
  readonly bundle: string;
  readonly predicateTypes: readonly string[];
  readonly anyPredicateType: boolean;
  readonly deny: readonly string[];
  readonly at: string | undefined;
  readonly maxClockSkew: number | undefined;
  readonly format: Format;
}

/** `modelseal roots update`. */
export interface UpdateCommand {
  readonly name: "roots update";
  readonly root: string;
  readonly check: boolean;
  readonly mirror: string | undefined;
  readonly offline: string | undefined;
}

/** The protocol of the public TUF suite. */
export interface TufConformanceCommand {
  readonly name: "tuf-conformance-client";
  /** The root to begin at, which is all that `init` does. */
  readonly trustedRoot: string | undefined;
  readonly download: boolean;
  readonly metadataDir: string;
  readonly metadataUrl: string | undefined;
  readonly targetBaseUrl: string | undefined;
  readonly targetDir: string | undefined;
  readonly targetNames: readonly string[];
}

export type Command =
  | VerifyCommand
  | ArtifactCommand
  | { readonly name: "inspect"; readonly bundle: string; readonly format: Format }
  | { readonly name: "roots"; readonly root: string | undefined; readonly format: Format }
  | UpdateCommand
  | { readonly name: "roots reset"; readonly root: string | undefined }
  | TufConformanceCommand
  | { readonly name: "help"; readonly asked: boolean }
  | { readonly name: "version" };

const ONE: Option = { takes: "one" };
const MANY: Option = { takes: "many" };
const FLAG: Option = { takes: "nothing" };
const TEXT: Option = { takes: "one", check: text };
const FORMAT: Option = { takes: "one", values: ["text", "json"] };

const TIME = {
  at: { takes: "one", check: time },
  "max-clock-skew": { takes: "one", check: seconds },
} as const;

/** What every method takes. */
const COMMON: Syntax["options"] = {
  signature: ONE,
  "ignore-paths": MANY,
  "ignore-unsigned-files": FLAG,
  "allow-symlinks": FLAG,
  "link-targets": ONE,
  ...TIME,
  "root-digest": { takes: "one", check: sha256 },
  "model-name": TEXT,
  deny: { takes: "many", check: sha256 },
  format: FORMAT,
  diagnostics: FLAG,
};

const KEY: Syntax = {
  options: { ...COMMON, "public-key": ONE, "trust-root": ONE },
  arguments: ["MODEL"],
  required: [["signature"], ["public-key"]],
};

const CERTIFICATE: Syntax = {
  options: {
    ...COMMON,
    "certificate-chain": MANY,
    "anchor-digest": { takes: "many", check: sha256 },
    "intermediate-anchors": FLAG,
    "allow-digests-v01": FLAG,
    "trust-root": ONE,
  },
  arguments: ["MODEL"],
  required: [["signature"], ["certificate-chain", "anchor-digest"]],
};

const SIGSTORE: Syntax = {
  options: { ...COMMON, ...EXPECTED.options },
  arguments: ["MODEL"],
  required: [["signature"]],
  conflicts: EXPECTED.conflicts,
};

const PRESET: Syntax = { options: COMMON, arguments: ["NAME", "MODEL"], required: [["signature"]] };

const ARTIFACT: Syntax = {
  options: {
    ...EXPECTED.options,
    bundle: ONE,
    "public-key": ONE,
    "predicate-type": { takes: "many", check: text },
    "any-predicate-type": FLAG,
    deny: { takes: "many", check: sha256 },
    ...TIME,
    format: FORMAT,
  },
  arguments: ["FILE|DIGEST"],
  required: [["bundle"]],
  conflicts: [
    ["public-key", [...EXPECTED.names, "report-only"]],
    ...EXPECTED.conflicts,
    ["any-predicate-type", ["predicate-type"]],
  ],
};

/** The protocol of the public OMS conformance suite. */
const VERIFY_MODEL: Syntax = {
  options: {
    method: { takes: "one", values: ["key", "certificate", "sigstore"] },
    "model-path": ONE,
    bundle: ONE,
    "public-key": ONE,
    "cert-chain": MANY,
    identity: TEXT,
    "identity-provider": TEXT,
    "use-staging": FLAG,
    "ignore-paths": MANY,
    "ignore-unsigned-files": FLAG,
  },
  arguments: [],
  required: [["method"], ["model-path"], ["bundle"]],
};

/** The protocol of the public Sigstore conformance suite. */
const VERIFY_BUNDLE: Syntax = {
  options: {
    bundle: ONE,
    "certificate-identity": TEXT,
    "certificate-oidc-issuer": TEXT,
    key: ONE,
    "trusted-root": ONE,
    staging: FLAG,
  },
  arguments: ["FILE|sha256:HEX"],
  required: [["bundle"], ["certificate-identity", "key"]],
  conflicts: [
    ["key", ["certificate-identity"]],
    ["staging", ["trusted-root"]],
  ],
};

const INSPECT: Syntax = { options: { format: FORMAT }, arguments: ["BUNDLE"] };
const ROOTS: Syntax = { options: { format: FORMAT }, arguments: ["[NAME|FILE]"] };
const ROOTS_UPDATE: Syntax = {
  options: { check: FLAG, mirror: TEXT, offline: ONE },
  arguments: ["[NAME]"],
  conflicts: [["offline", ["mirror"]]],
};
const ROOTS_RESET: Syntax = { options: {}, arguments: ["[NAME]"] };

const TUF_CONFORMANCE: Syntax = {
  options: {
    "metadata-dir": ONE,
    "metadata-url": TEXT,
    "target-name": MANY,
    "target-base-url": TEXT,
    "target-dir": ONE,
  },
  arguments: ["COMMAND", "[ROOT]"],
};

/** Presets by name. */
const PRESETS = ["ibm-granite", "nvidia-agent-capabilities"];

/** Reads the command line. */
export function parseCommand(words: readonly string[]): Command {
  const [name, ...rest] = words;
  const end = rest.indexOf("--");
  const flags = end < 0 ? rest : rest.slice(0, end);
  if (flags.includes("--help") || flags.includes("-h")) return { name: "help", asked: true };
  switch (name) {
    case undefined:
      return { name: "help", asked: false };
    case "help":
    case "--help":
    case "-h":
      return { name: "help", asked: true };
    case "--version":
    case "-V":
      return { name: "version" };
    case "verify":
      return parseVerify(rest);
    case "verify-model":
      return parseVerifyModel(parse(rest, VERIFY_MODEL));
    case "verify-bundle":
      return parseVerifyBundle(parse(rest, VERIFY_BUNDLE));
    case "inspect": {
      const given = parse(rest, INSPECT);
      return { name, bundle: given.argument(0), format: formatOf(given) };
    }
    case "roots":
      return parseRoots(rest);
    case "tuf-conformance-client":
      return parseTufConformance(parse(rest, TUF_CONFORMANCE));
    default:
      throw new UsageFailure(
        name.startsWith("-") ? `unknown option \`${name.split("=")[0]}\`` : `unknown command \`${name}\``,
      );
  }
}

function parseRoots(words: readonly string[]): Command {
  const [first, ...rest] = words;
  if (first === "update") {
    const given = parse(rest, ROOTS_UPDATE);
    return {
      name: "roots update",
      root: given.optionalArgument(0) ?? "production",
      check: given.has("check"),
      mirror: given.one("mirror"),
      offline: given.one("offline"),
    };
  }
  if (first === "reset") return { name: "roots reset", root: parse(rest, ROOTS_RESET).optionalArgument(0) };
  const given = parse(words, ROOTS);
  return { name: "roots", root: given.optionalArgument(0), format: formatOf(given) };
}

function parseTufConformance(given: Given): TufConformanceCommand {
  const command = given.argument(0);
  check("COMMAND", command, { values: ["init", "refresh", "download"] });
  const trustedRoot = given.optionalArgument(1);
  if (command === "init" && trustedRoot === undefined) throw new UsageFailure("missing: ROOT");
  return {
    name: "tuf-conformance-client",
    trustedRoot: command === "init" ? trustedRoot : undefined,
    download: command === "download",
    metadataDir: given.one("metadata-dir") ?? ".",
    metadataUrl: given.one("metadata-url"),
    targetBaseUrl: given.one("target-base-url"),
    targetDir: given.one("target-dir"),
    targetNames: given.many("target-name"),
  };
}

function parseVerify([method, ...rest]: readonly string[]): Command {
  switch (method) {
    case undefined:
      return { name: "help", asked: false };
    case "--help":
    case "-h":
      return { name: "help", asked: true };
    case "key": {
      const given = parse(rest, KEY);
      const publicKey = given.required("public-key");
      return verifyCommand(
        { method, publicKey, trustRoot: given.one("trust-root") },
        given,
        given.argument(0),
      );
    }
    case "certificate": {
      const given = parse(rest, CERTIFICATE);
      const expected = {
        method,
        anchors: given.many("certificate-chain"),
        anchorDigests: given.many("anchor-digest"),
        intermediateAnchors: given.has("intermediate-anchors"),
        digestsV01: given.has("allow-digests-v01"),
        trustRoot: given.one("trust-root"),
      } as const;
      return verifyCommand(expected, given, given.argument(0));
    }
    case "sigstore": {
      const given = parse(rest, SIGSTORE);
      const expected = keyless(given);
      const pinned = ["root-digest", "model-name", "deny"].some((flag) => given.has(flag));
      if (given.has("report-only") && pinned) {
        throw new Failure(
          "usage-invalid",
          "--report-only expects no one: it cannot be combined with --root-digest, --model-name or --deny",
        );
      }
      return verifyCommand(expected, given, given.argument(0));
    }
    case "preset": {
      const given = parse(rest, PRESET);
      const preset = given.argument(0);
      check("NAME", preset, { values: PRESETS });
      return verifyCommand({ method, preset }, given, given.argument(1));
    }
    case "artifact":
    case "attestation":
      return parseArtifact(parse(rest, ARTIFACT));
    default:
      throw new UsageFailure(
        method.startsWith("-")
          ? `unknown option \`${method.split("=")[0]}\``
          : `unknown command \`${method}\``,
      );
  }
}

function verifyCommand(expected: Expected, given: Given, model: string): VerifyCommand {
  return {
    name: "verify",
    expected,
    model,
    signature: given.required("signature"),
    ignorePaths: given.many("ignore-paths"),
    ignoreUnsignedFiles: given.has("ignore-unsigned-files"),
    allowSymlinks: given.has("allow-symlinks"),
    linkTargets: given.one("link-targets"),
    rootDigest: given.one("root-digest"),
    modelName: given.one("model-name"),
    deny: given.many("deny"),
    ...timeOf(given),
    format: formatOf(given),
    diagnostics: given.has("diagnostics"),
  };
}

function parseArtifact(given: Given): ArtifactCommand {
  const publicKey = given.one("public-key");
  const expected = publicKey === undefined ? keyless(given) : artifactKey(publicKey, given);
  const command = {
    name: "artifact",
    expected,
    artifact: given.argument(0),
    bundle: given.required("bundle"),
    predicateTypes: given.many("predicate-type"),
    anyPredicateType: given.has("any-predicate-type"),
    deny: given.many("deny"),
    ...timeOf(given),
    format: formatOf(given),
  } as const;
  const narrowed = command.anyPredicateType || command.predicateTypes.length + command.deny.length > 0;
  if (given.has("report-only") && narrowed) {
    throw new Failure(
      "usage-invalid",
      "--report-only expects no one: it cannot be combined with --predicate-type, --any-predicate-type or --deny",
    );
  }
  return command;
}

/** Log entries about an artifact are the rule, by whatever key it was signed. */
function artifactKey(publicKey: string, given: Given): Expected {
  const trustRoot = given.one("trust-root") ?? (given.has("use-staging") ? "staging" : "production");
  return { method: "key", publicKey, trustRoot };
}

function parseVerifyModel(given: Given): VerifyCommand {
  const method = given.required("method");
  const require = (...flags: string[]) => {
    const missing = flags.filter((flag) => !given.has(flag)).map((flag) => `--${flag}`);
    if (missing.length > 0) throw new UsageFailure(`missing: ${missing.sort().join(", ")}`);
  };
  let expected: Expected;
  if (method === "key") {
    require("public-key");
    expected = { method, publicKey: given.required("public-key"), trustRoot: undefined };
  } else if (method === "certificate") {
    require("cert-chain");
    expected = {
      method,
      anchors: given.many("cert-chain"),
      anchorDigests: [],
      intermediateAnchors: false,
      // The suite has one bundle of that form.
      digestsV01: true,
      trustRoot: undefined,
    };
  } else {
    require("identity", "identity-provider");
    const trustRoot = given.has("use-staging") ? "staging" : undefined;
    expected = oneIdentity(given.required("identity"), given.required("identity-provider"), trustRoot);
  }
  const values = new Map([
    ["signature", [given.required("bundle")]],
    ...["ignore-paths", "ignore-unsigned-files"]
      .filter((flag) => given.has(flag))
      .map((flag) => [flag, [...given.many(flag)]] as const),
  ] as [string, string[]][]);
  return verifyCommand(expected, new Given(values, []), given.required("model-path"));
}

function parseVerifyBundle(given: Given): ArtifactCommand {
  const identity = given.one("certificate-identity");
  const issuer = given.one("certificate-oidc-issuer");
  if (identity !== undefined && issuer === undefined)
    throw new UsageFailure("missing: --certificate-oidc-issuer");
  if (identity === undefined && issuer !== undefined)
    throw new UsageFailure("missing: --certificate-identity");
  const root = given.one("trusted-root") ?? (given.has("staging") ? "staging" : "production");
  return {
    name: "artifact",
    expected:
      identity === undefined || issuer === undefined
        ? { method: "key", publicKey: given.required("key"), trustRoot: root }
        : oneIdentity(identity, issuer, root),
    artifact: given.argument(0),
    bundle: given.required("bundle"),
    predicateTypes: [],
    // The suite has attestations of any type.
    anyPredicateType: true,
    deny: [],
    at: undefined,
    maxClockSkew: undefined,
    format: "text",
  };
}

function oneIdentity(identity: string, issuer: string, trustRoot: string | undefined): Expected {
  return { method: "sigstore", identities: [{ issuer, identity }], trustRoot };
}

function timeOf(given: Given): Pick<VerifyCommand, "at" | "maxClockSkew"> {
  const skew = given.one("max-clock-skew");
  return { at: given.one("at"), maxClockSkew: skew === undefined ? undefined : Number(skew) };
}

function formatOf(given: Given): Format {
  return given.one("format") === "json" ? "json" : "text";
}
