import "../entry/node.js";
import { inspect, version } from "../api/inspect.js";
import * as roots from "../api/trust-roots.js";
import { verify } from "../api/verify.js";
import { verifyArtifact } from "../api/verify-artifact.js";
import { VerifyError } from "../core/errors.js";
import { escapeJson, escapeText } from "../core/escape.js";
import { fromDirectory } from "../files/node.js";
import type { ErrorCode, Outcome } from "../types/index.js";
import { type ArtifactCommand, type Command, type Format, parseCommand, type VerifyCommand } from "./args.js";
import {
  asFailure,
  Failure,
  inFile,
  isSystemError,
  quoted,
  reason,
  UsageFailure,
  unreadable,
} from "./failure.js";
import { HELP } from "./help.js";
import {
  describeTrustRoot,
  ignoreRule,
  inPolicyFile,
  locateModel,
  narrowed,
  openArtifact,
  pinned,
  readPolicy,
  readSignature,
  readTrustRoot,
  within,
} from "./input.js";
import { resetRoots, updateRoots } from "./roots/update.js";
import { showArtifact } from "./show/artifact.js";
import { showClaims } from "./show/claims.js";
import { Page } from "./show/page.js";
import { showRoots } from "./show/roots.js";
import { showVerdict } from "./show/verdict.js";
import { runTufConformance } from "./tuf-conformance.js";

/** Runs the command `modelseal` and returns its exit code. */
export async function main(words: readonly string[]): Promise<number> {
  try {
    return await run(parseCommand(words));
  } catch (error) {
    const failure = asFailure(error);
    process.stderr.write(`error[${failure.code}]: ${escapeText(failure.message)}\n`);
    if (failure instanceof UsageFailure) process.stderr.write("\nFor more, try `--help`.\n");
    return failure.exit;
  }
}

async function run(command: Command): Promise<number> {
  switch (command.name) {
    case "help":
      (command.asked ? process.stdout : process.stderr).write(HELP);
      return command.asked ? 0 : 2;
    case "version":
      process.stdout.write(`modelseal ${await version()}\n`);
      return 0;
    case "inspect": {
      const bundle = await readSignature(command.bundle);
      const claimed = await named(command.bundle, inspect(bundle));
      print(claimed, command.format, (page) => showClaims(page, claimed));
      return 0;
    }
    case "verify":
      return runVerify(command);
    case "artifact":
      return runArtifact(command);
    case "roots": {
      const found = command.root === undefined ? await roots.trustRoots() : [await trustRoot(command.root)];
      print(found, command.format, (page) => showRoots(page, found));
      return 0;
    }
    case "roots update":
      process.stdout.write(await updateRoots(command));
      return 0;
    case "roots reset":
      process.stdout.write(await resetRoots(command.root));
      return 0;
    case "tuf-conformance-client":
      await runTufConformance(command);
      return 0;
  }
}

async function trustRoot(name: string): Promise<roots.TrustRoot> {
  const root = await readTrustRoot(name);
  return root instanceof Uint8Array ? describeTrustRoot(name, root) : roots.readTrustRoot(root);
}

async function runVerify(command: VerifyCommand): Promise<number> {
  const { expected, format } = command;
  const policy = pinned(await readPolicy(expected), command);
  const { root, folder } = await locateModel(command.model);
  if (!folder && command.linkTargets !== undefined) {
    throw new Failure("usage-invalid", "--link-targets has no meaning: the model is a single file");
  }
  const files = await listed(command);
  const rules: string[] = [];
  for (const path of command.ignorePaths) {
    if (!folder) throw ignoresNothing(path);
    rules.push(await ignoreRule(root, path));
  }
  const bundle = await readSignature(command.signature);
  const why = new Map<string, string>();
  const checked = verify({
    bundle,
    policy,
    files,
    time: timeOf(command),
    maxClockSkew: command.maxClockSkew,
    ignorePaths: rules,
    ignoreUnsignedFiles: command.ignoreUnsignedFiles,
    allowSymlinks: command.allowSymlinks,
    signaturePath: folder ? (await within(root, command.signature)) || undefined : undefined,
    onFile: ({ path, status, error }) => {
      if (status === "unreadable") why.set(path, reason(error));
    },
  });
  const verdict = await checked.catch(async (error) => {
    throw await explained(error, command, root);
  });
  // How the files were hashed depends on the machine.
  const shown = command.diagnostics ? verdict : { ...verdict, diagnostics: null };
  if (format === "json") {
    for (const [path, text] of why) warn(`cannot read ${quoted(path)}: ${text}`);
  }
  print(shown, format, (page) => showVerdict(page, verdict, why, rules));
  const accepted: ErrorCode[] = rules.length > 0 || command.ignoreUnsignedFiles ? ["coverage-partial"] : [];
  return exitCode(verdict, accepted);
}

async function listed({ model, linkTargets }: VerifyCommand) {
  return fromDirectory(model, { linkTargets }).catch((error) => {
    throw isSystemError(error) && error.path === linkTargets
      ? unreadable("link-targets-unreadable", linkTargets ?? "", error)
      : error;
  });
}

function ignoresNothing(path: string): Failure {
  const message = `--ignore-paths ${quoted(path)} has no meaning: the model is a single file`;
  return new Failure("usage-invalid", message);
}

/** An error of a check, with the file or the folder that it is about. */
async function explained(error: unknown, command: VerifyCommand, root: string): Promise<unknown> {
  if (error instanceof VerifyError && error.code === "bundle-unreadable") {
    return inFile(command.signature, error);
  }
  if (isSystemError(error) && error.syscall === "scandir" && error.path !== undefined) {
    const folder = (await within(root, error.path)) || ".";
    return new Failure("model-unreadable", `cannot list ${quoted(folder)} in the model: ${reason(error)}`);
  }
  return inPolicyFile(error, command.expected);
}

async function runArtifact(command: ArtifactCommand): Promise<number> {
  const policy = narrowed(await readPolicy(command.expected), command);
  const bundle = await readSignature(command.bundle);
  const checked = verifyArtifact({
    bundle,
    policy,
    artifact: openArtifact(command.artifact),
    time: timeOf(command),
    maxClockSkew: command.maxClockSkew,
  });
  const verdict = await checked.catch(async (error) => {
    if (error instanceof VerifyError && error.code === "bundle-unreadable")
      throw inFile(command.bundle, error);
    throw await inPolicyFile(error, command.expected);
  });
  print(verdict, command.format, (page) => showArtifact(page, verdict, command.artifact));
  return exitCode(verdict, command.anyPredicateType ? ["predicate-unchecked"] : []);
}

function timeOf({ at }: { readonly at: string | undefined }): Date | undefined {
  return at === undefined ? undefined : new Date(Math.floor(Date.parse(at) / 1000) * 1000);
}

/** The result, or its error with the file that it is about. */
async function named<T>(path: string, result: Promise<T>): Promise<T> {
  return result.catch((error) => {
    throw inFile(path, error);
  });
}

function print(value: unknown, format: Format, show: (page: Page) => void): void {
  if (format === "json") {
    process.stdout.write(`${escapeJson(JSON.stringify(value))}\n`);
    return;
  }
  const { NO_COLOR = "" } = process.env;
  const page = new Page(process.stdout.isTTY === true && NO_COLOR === "");
  show(page);
  process.stdout.write(page.text);
}

/** An observation beside the verdict. */
function warn(text: string): void {
  process.stderr.write(`warning: ${escapeText(text)}\n`);
}

/** `incomplete` counts as verified only for reasons that an option `accepted`. */
function exitCode(
  { outcome, reasons }: { readonly outcome: Outcome; readonly reasons: readonly ErrorCode[] },
  accepted: readonly ErrorCode[],
): number {
  if (outcome === "verified") return 0;
  const unasked = reasons.filter((reason) => !accepted.includes(reason));
  if (unasked.length === 0) return outcome === "incomplete" && reasons.length > 0 ? 0 : 1;
  // Nothing contradicts, but a disk or a permission stood in the way.
  return unasked.every((reason) => reason === "file-unreadable" || reason === "file-not-checked") ? 2 : 1;
}
