import "../entry/node.js";
import { inspect, version } from "../api/inspect.js";
import * as roots from "../api/trust-roots.js";
import { verify } from "../api/verify.js";
import { type ArtifactVerdict, verifyArtifact } from "../api/verify-artifact.js";
import { escapeJson, escapeText } from "../core/escape.js";
import { fromDirectory } from "../files/node.js";
import type { Verdict } from "../types/index.js";
import { type Command, parseCommand } from "./args.js";
import type { ArtifactCommand, VerifyCommand } from "./commands.js";
import { asFailure, Failure } from "./failure.js";
import type { Format } from "./flags.js";
import { HELP } from "./help.js";
import {
  ignoreRule,
  locateModel,
  openArtifact,
  pinned,
  readPolicy,
  readSignature,
  readTrustRoot,
  within,
} from "./input.js";
import { report, reportArtifact, reportRoots } from "./report.js";

/** Runs the command `modelseal` and gives its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await run(parseCommand(args));
  } catch (error) {
    const { code, message, exit } = asFailure(error);
    process.stderr.write(`error[${code}]: ${escapeText(message)}\n`);
    return exit;
  }
}

async function run(command: Command): Promise<number> {
  switch (command.name) {
    case "help":
      process.stdout.write(HELP);
      return 0;
    case "version":
      process.stdout.write(`modelseal ${await version()}\n`);
      return 0;
    case "inspect": {
      const claimed = await inspect(await readSignature(command.bundle));
      process.stdout.write(`${escapeJson(JSON.stringify(claimed))}\n`);
      return 0;
    }
    case "verify":
      return runVerify(command);
    case "artifact":
      return runArtifact(command);
    case "roots": {
      const root = await readTrustRoot(command.root);
      const found = root === undefined ? await roots.trustRoots() : [await roots.readTrustRoot(root)];
      print(found, command, reportRoots);
      return 0;
    }
  }
}

async function runVerify(command: VerifyCommand): Promise<number> {
  const [policy, bundle, { root, folder }] = await Promise.all([
    readPolicy(command.expected),
    readSignature(command.signature),
    locateModel(command.model),
  ]);
  if (!folder && command.ignorePaths.length > 0) {
    throw new Failure("usage-invalid", "--ignore-paths has no meaning: the model is a single file");
  }
  const verdict = await verify({
    bundle,
    policy: pinned(policy, command),
    files: await fromDirectory(command.model),
    time: command.at,
    ignorePaths: await Promise.all(command.ignorePaths.map((path) => ignoreRule(root, path))),
    ignoreUnsignedFiles: command.ignoreUnsignedFiles,
    allowSymlinks: command.allowSymlinks,
    signaturePath: folder ? (await within(root, command.signature)) || undefined : undefined,
  });
  print(verdict, command, report);
  const asked = command.ignorePaths.length > 0 || command.ignoreUnsignedFiles;
  return exitCode(verdict, asked);
}

async function runArtifact(command: ArtifactCommand): Promise<number> {
  const [policy, bundle] = await Promise.all([readPolicy(command.expected), readSignature(command.bundle)]);
  const verdict = await verifyArtifact({ bundle, policy, artifact: openArtifact(command.artifact) });
  if (command.attestation && verdict.signature.status === "valid" && verdict.signature.form === "message") {
    const message = "the bundle is a signature over the file, and no attestation about it";
    throw new Failure("attestation-missing", message);
  }
  print(verdict, command, reportArtifact);
  return exitCode(verdict, false);
}

function print<T>(value: T, { format }: { readonly format: Format }, asText: (value: T) => string): void {
  process.stdout.write(format === "json" ? `${escapeJson(JSON.stringify(value))}\n` : asText(value));
}

/** `incomplete` counts as verified only if an option `asked` for a part of the files. */
function exitCode({ outcome, reasons }: Verdict | ArtifactVerdict, asked: boolean): number {
  if (outcome === "verified") return 0;
  const unasked = reasons.filter((reason) => !(asked && reason === "coverage-partial"));
  if (unasked.length === 0) return outcome === "incomplete" && reasons.length > 0 ? 0 : 1;
  // Nothing contradicts, but a disk or a permission stood in the way.
  return unasked.every((reason) => reason === "file-unreadable" || reason === "file-not-checked") ? 2 : 1;
}
