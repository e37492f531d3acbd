import "../entry/node.js";
import { fromDirectory } from "../files/node.js";
import { inspect, version } from "../inspect.js";
import type { Verdict } from "../types.js";
import { verify } from "../verify.js";
import { type Command, HELP, parseCommand, type VerifyCommand } from "./args.js";
import { escapeJson, escapeText } from "./escape.js";
import { asFailure, Failure } from "./failure.js";
import { ignoreRule, locateModel, readPolicy, readSignature, within } from "./input.js";
import { report } from "./report.js";

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
  }
}

async function runVerify(command: VerifyCommand): Promise<number> {
  const [policy, bundle, { root, folder }] = await Promise.all([
    readPolicy(command),
    readSignature(command.signature),
    locateModel(command.model),
  ]);
  if (!folder && command.ignorePaths.length > 0) {
    throw new Failure("usage-invalid", "--ignore-paths has no meaning: the model is a single file");
  }
  const verdict = await verify({
    bundle,
    policy,
    files: await fromDirectory(command.model),
    time: command.at,
    ignorePaths: await Promise.all(command.ignorePaths.map((path) => ignoreRule(root, path))),
    ignoreUnsignedFiles: command.ignoreUnsignedFiles,
    allowSymlinks: command.allowSymlinks,
    signaturePath: folder ? (await within(root, command.signature)) || undefined : undefined,
  });
  process.stdout.write(
    command.format === "json" ? `${escapeJson(JSON.stringify(verdict))}\n` : report(verdict),
  );
  return exitCode(verdict, command);
}

/** `incomplete` counts as verified only if an option asked for just that. */
function exitCode({ outcome, reasons }: Verdict, command: VerifyCommand): number {
  if (outcome === "verified") return 0;
  const asked = command.ignorePaths.length > 0 || command.ignoreUnsignedFiles;
  const unasked = reasons.filter((reason) => !(asked && reason === "coverage-partial"));
  if (unasked.length === 0) return outcome === "incomplete" && reasons.length > 0 ? 0 : 1;
  // Nothing contradicts, but a disk or a permission stood in the way.
  return unasked.every((reason) => reason === "file-unreadable" || reason === "file-not-checked") ? 2 : 1;
}
