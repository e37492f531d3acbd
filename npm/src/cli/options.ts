// Reads the command line: flags are named as in the Python CLI, with hyphens or underscores. What is wrong is said in
// the sentences that the native command has.
import { UsageFailure } from "./failure.js";

/** What a flag takes. */
export interface Option {
  /** Nothing, one value, or a value each time that it is given. */
  readonly takes: "nothing" | "one" | "many";
  /** A second name. */
  readonly alias?: string;
  /** Why a value is refused, if it is. */
  readonly check?: (value: string) => string | undefined;
  /** The values that it may have. */
  readonly values?: readonly string[];
}

/** What a command takes. */
export interface Syntax {
  readonly options: Readonly<Record<string, Option>>;
  /** The names of its arguments without a flag; a name in brackets may be left out. */
  readonly arguments: readonly string[];
  /** The flags of which one of each list must be given. */
  readonly required?: readonly (readonly string[])[];
  /** Flags that cannot be combined: each with any of the others. */
  readonly conflicts?: readonly (readonly [string, readonly string[]])[];
}

/** What was given. */
export class Given {
  readonly #values: ReadonlyMap<string, readonly string[]>;
  readonly #arguments: readonly string[];

  constructor(values: ReadonlyMap<string, readonly string[]>, arguments_: readonly string[]) {
    this.#values = values;
    this.#arguments = arguments_;
  }

  has(flag: string): boolean {
    return this.#values.has(flag);
  }

  one(flag: string): string | undefined {
    return this.#values.get(flag)?.[0];
  }

  many(flag: string): readonly string[] {
    return this.#values.get(flag) ?? [];
  }

  /** The value of a flag or the argument that {@link parse} required. */
  required(flag: string): string {
    return this.one(flag) ?? "";
  }

  argument(index: number): string {
    return this.#arguments[index] ?? "";
  }

  optionalArgument(index: number): string | undefined {
    return this.#arguments[index];
  }
}

/** Reads these words. */
export function parse(words: readonly string[], syntax: Syntax): Given {
  const values = new Map<string, string[]>();
  const found: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (word === "--") {
      for (const rest of words.slice(index + 1)) take(rest, found, syntax);
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      take(word, found, syntax);
      continue;
    }
    const [name, option, joined] = flagOf(word, syntax);
    const shown = `--${name}`;
    const before = values.get(name);
    if (option.takes === "nothing") {
      if (joined !== undefined) throw usage(`unexpected argument \`${joined}\``);
      if (before !== undefined) throw usage(`${shown} was given more than once`);
      values.set(name, []);
      continue;
    }
    let value = joined;
    if (value === undefined) {
      const next = words[index + 1];
      if (next === undefined || (next.startsWith("-") && next !== "-")) throw usage(`${shown} needs a value`);
      value = next;
      index += 1;
    }
    if (before !== undefined && option.takes === "one") throw usage(`${shown} was given more than once`);
    check(shown, value, option);
    values.set(name, [...(before ?? []), value]);
  }
  refuseConflicts(values, syntax);
  requireAll(values, found, syntax);
  return new Given(values, found);
}

function take(word: string, found: string[], { arguments: names }: Syntax): void {
  const name = names[found.length];
  if (name === undefined) throw usage(`unexpected argument \`${word}\``);
  if (word === "") throw usage(`${bare(name)} needs a value`);
  found.push(word);
}

function flagOf(word: string, { options }: Syntax): readonly [string, Option, string | undefined] {
  const at = word.indexOf("=");
  const flag = at < 0 ? word : word.slice(0, at);
  const joined = at < 0 ? undefined : word.slice(at + 1);
  if (flag.startsWith("--")) {
    const name = flag.slice(2).replaceAll("_", "-");
    for (const [own, option] of Object.entries(options)) {
      if (own === name || option.alias === name) return [own, option, joined];
    }
  }
  throw usage(`unknown option \`${flag}\``);
}

/** Refuses a value; `shown` is the name of its flag or argument. */
export function check(shown: string, value: string, { check, values }: Omit<Option, "takes">): void {
  if (values !== undefined && !values.includes(value)) {
    if (value === "") throw usage(`${shown} needs a value`);
    throw usage(`${shown} must be ${values.join(" or ")}, not \`${value}\``);
  }
  if (check === undefined) {
    if (value === "") throw usage(`${shown} needs a value`);
    return;
  }
  const why = check(value);
  if (why === undefined) return;
  throw usage(value === "" ? `${shown} is ${why}` : `${shown}: \`${value}\` is ${why}`);
}

function refuseConflicts(values: ReadonlyMap<string, unknown>, { conflicts = [] }: Syntax): void {
  for (const [flag, others] of conflicts) {
    const given = others.filter((other) => values.has(other));
    if (!values.has(flag) || given.length === 0) continue;
    const names = [flag, ...given].map((name) => `--${name}`).sort();
    throw usage(`${names.join(" and ")} cannot be combined`);
  }
}

function requireAll(values: ReadonlyMap<string, unknown>, found: readonly string[], syntax: Syntax): void {
  const flags = (syntax.required ?? []).filter((any) => !any.some((flag) => values.has(flag)));
  const missing = [
    ...flags.map((any) => any.map((flag) => `--${flag}`).join(" or ")),
    ...syntax.arguments.slice(found.length).filter((name) => name === bare(name)),
  ];
  if (missing.length > 0) throw usage(`missing: ${missing.sort().join(", ")}`);
}

function bare(name: string): string {
  return name.replace(/^\[(.*)\]$/, "$1");
}

function usage(sentence: string): UsageFailure {
  return new UsageFailure(sentence);
}

/** A string that is compared exactly. An empty one would read like "any". */
export function text(value: string): string | undefined {
  return value === "" ? "an empty string, which names nothing" : undefined;
}

export function sha256(value: string): string | undefined {
  return /^sha256:[0-9a-f]{64}$/.test(value) ? undefined : "not `sha256:` and 64 lower-case hex digits";
}

export function seconds(value: string): string | undefined {
  return /^[0-9]{1,9}$/.test(value) ? undefined : "not a number of seconds";
}

const RFC3339 = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

export function time(value: string): string | undefined {
  const parts = RFC3339.exec(value);
  const local = parts === null ? Number.NaN : Date.parse(`${parts[1]}Z`);
  // A day that the month does not have rolls over.
  const exists = !Number.isNaN(local) && new Date(local).toISOString().startsWith(parts?.[1] ?? " ");
  if (!exists || Number.isNaN(Date.parse(value))) return "not a time as in 2026-01-31T12:00:00Z (RFC 3339)";
  return Date.parse(value) < 0 ? "before 1970" : undefined;
}
