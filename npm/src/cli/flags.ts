import { type ParseArgsConfig, parseArgs } from "node:util";
import { Failure } from "./failure.js";

export type Format = "text" | "json";

/** Wrong use of the command. */
export function usage(message: string): Failure {
  return new Failure("usage-invalid", message);
}

/** How to print. */
export function parseFormat(format = "text"): Format {
  if (format !== "text" && format !== "json") throw usage("--format takes text or json");
  return format;
}

/** Reads flags, whose mistakes are wrong use. */
export function parse<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    // The first sentence; what follows are hints on parseArgs itself.
    throw usage(error instanceof Error ? (error.message.split(". ")[0] ?? "") : String(error));
  }
}

/** Underscores are hyphens, as in the Python CLI. */
export function withHyphens(arg: string): string {
  if (!arg.startsWith("--")) return arg;
  const [flag = "", ...value] = arg.split("=");
  return [flag.replaceAll("_", "-"), ...value].join("=");
}

/** As many texts as there are names. */
export function exactly<Names extends string[]>(
  positionals: readonly string[],
  ...names: Names
): { [name in keyof Names]: string } {
  const missing = names[positionals.length];
  if (missing !== undefined) throw usage(`${missing} is missing`);
  if (positionals.length > names.length) throw usage(`only one ${names.at(-1)} can be given`);
  return positionals as unknown as { [name in keyof Names]: string };
}

/** What has to be given, and not as an empty text. */
export function required<T>(value: T | undefined, flag: string): T {
  if (value === undefined || value === "") throw usage(`${flag} is missing`);
  return value;
}
