import type { ParseArgsConfig } from "node:util";
import type { Expected } from "./expected.js";
import { type Format, type parse, parseFormat, required } from "./flags.js";

/** A model to verify, and how to print the verdict. */
export interface VerifyCommand {
  readonly name: "verify";
  readonly expected: Expected;
  readonly model: string;
  readonly signature: string;
  readonly ignorePaths: readonly string[];
  readonly ignoreUnsignedFiles: boolean;
  readonly allowSymlinks: boolean;
  readonly rootDigest: string | undefined;
  readonly modelName: string | undefined;
  readonly deny: readonly string[];
  readonly at: string | undefined;
  readonly format: Format;
}

/** An artifact to verify: a file, or its digest. */
export interface ArtifactCommand {
  readonly name: "artifact";
  readonly expected: Expected;
  readonly artifact: string;
  readonly bundle: string;
  /** Whether a signature over the artifact will not do. */
  readonly attestation: boolean;
  readonly format: Format;
}

/** What both ways to verify a model take. */
export const IGNORE = {
  "ignore-paths": { type: "string", multiple: true },
  "ignore-unsigned-files": { type: "boolean" },
} as const satisfies ParseArgsConfig["options"];

/** What every method takes. */
export const COMMON = {
  ...IGNORE,
  signature: { type: "string" },
  "allow-symlinks": { type: "boolean" },
  at: { type: "string" },
  "root-digest": { type: "string" },
  "model-name": { type: "string" },
  deny: { type: "string", multiple: true },
  format: { type: "string" },
} as const satisfies ParseArgsConfig["options"];

/** The values of {@link COMMON}. */
type CommonValues = ReturnType<typeof parse<{ options: typeof COMMON }>>["values"];

/** Puts together what was given. */
export function verifyCommand(expected: Expected, model: string, values: CommonValues): VerifyCommand {
  return {
    name: "verify",
    expected,
    model,
    signature: required(values.signature, "--signature"),
    ignorePaths: values["ignore-paths"] ?? [],
    ignoreUnsignedFiles: values["ignore-unsigned-files"] ?? false,
    allowSymlinks: values["allow-symlinks"] ?? false,
    rootDigest: values["root-digest"],
    modelName: values["model-name"],
    deny: values.deny ?? [],
    at: values.at,
    format: parseFormat(values.format),
  };
}
