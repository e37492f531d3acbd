// What a caller states is read from the object that was given, never from its prototypes: `Object.prototype` is
// everybody's, and what one library leaves there would be a part of each policy.
import { misuse, VerifyError } from "./errors.js";

const DEPTH = 32;

/** An object's own members, as they were at the call. None but the known ones is accepted, and none that is null. */
export function ownMembers<T extends object>(
  value: T,
  known: readonly (keyof T & string)[],
  what: {
    readonly name: string;
    readonly hints?: Readonly<Record<string, string>>;
    /** The member about which another one says that it must not be null. */
    readonly judgedLater?: string;
  },
): { readonly [name in keyof T]: T[name] | undefined } {
  const members = Object.create(null) as Record<string, unknown>;
  for (const name of Object.getOwnPropertyNames(value)) {
    if (!known.includes(name as keyof T & string)) {
      const hint = ownMember(what.hints ?? {}, name) ?? `known are ${known.join(", ")}`;
      throw misuse(`${what.name}.${name}`, `is not a member of this ${what.name}: ${hint}`);
    }
    const member = (value as Record<string, unknown>)[name];
    if (member === null && name !== what.judgedLater) throw misuse(name, "must not be null: leave it out");
    members[name] = member;
  }
  return members as { readonly [name in keyof T]: T[name] | undefined };
}

/** One own member of an object. */
export function ownMember<T extends object, K extends keyof T>(value: T, name: K): T[K] | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

/**
 * A member of an object or of its class, but not one that every object or every array has: for what may be a
 * class's getter.
 */
export function classMember<T extends object, K extends keyof T>(value: T, name: K): T[K] | undefined {
  let holder: object | null = value;
  do {
    if (Object.hasOwn(holder, name)) return value[name];
    holder = Object.getPrototypeOf(holder);
  } while (holder !== null && Object.getPrototypeOf(holder) !== null && !Array.isArray(holder));
  return undefined;
}

/**
 * The JSON of what a caller stated. `JSON.stringify` leaves out what is undefined or a function and writes null
 * for NaN, so that a pin could be lost without a word; here each of them is refused under its name. In a policy so
 * is null, in the words of the core.
 */
export function ownJson(value: unknown, at: string, depth = 0): string {
  if (depth > DEPTH) throw misuse(at, "is nested too deeply");
  switch (typeof value) {
    case "string":
    case "boolean":
      return JSON.stringify(value);
    case "number":
      if (Number.isFinite(value)) return JSON.stringify(value);
      throw misuse(at, `must not be ${value}`);
    case "object":
      break;
    default:
      throw misuse(
        at,
        value === undefined ? "must not be undefined: leave it out" : `must not be a ${typeof value}`,
      );
  }
  if (value === null) {
    if (!at.startsWith("policy.") || at.startsWith("policy.trustRoot")) return "null";
    const message = `${at} is null: leave it out, or give it a value`;
    throw new VerifyError("policy-field-null", "policy", message, { at });
  }
  const json = (member: unknown, name: string) => ownJson(member, name, depth + 1);
  if (Array.isArray(value)) {
    const surplus = Object.getOwnPropertyNames(value).find(
      (name) => name !== "length" && !/^\d+$/.test(name),
    );
    if (surplus !== undefined) throw misuse(`${at}.${surplus}`, "is a member of an array, which has none");
    const items = Array.from({ length: value.length }, (_, i) => json(ownMember(value, i), `${at}[${i}]`));
    return `[${items.join(",")}]`;
  }
  if (Object.prototype.toString.call(value) !== "[object Object]") {
    throw misuse(at, "must be a plain object, an array, a string, a number, or true or false");
  }
  const members = Object.getOwnPropertyNames(value).map(
    (name) => `${JSON.stringify(name)}:${json((value as Record<string, unknown>)[name], `${at}.${name}`)}`,
  );
  return `{${members.join(",")}}`;
}

/** Whether something is a promise, of whichever kind. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
