// One file configures the gateway. It is read once, and one that is wrong stops the start.
import type { Policy, ReportOnlyPolicy } from "modelseal";
import * as v from "valibot";
import { type AddressRules, requireOrigin } from "../origin/address.js";
import { LIMITS, type Limits } from "../verify/limits.js";
import { schema, type WrittenModel } from "./schema.js";

/** A policy that expects a signer, or one that only reports who signed. */
export type AnyPolicy = Policy | ReportOnlyPolicy;

/** Where models come from. */
export interface Origin {
  readonly name: string;
  readonly kind: "hub" | "files";
  readonly url: URL;
  /** The origins that may be asked: its own and those that it may redirect to. */
  readonly allowed: ReadonlySet<string>;
  /** Sent to its own origin alone. */
  readonly secret: string | undefined;
}

/** A model that is served. */
export interface Entry extends Omit<WrittenModel, "origin" | "policy" | "public" | "source"> {
  readonly slug: string;
  readonly origin: Origin;
  readonly source: string;
  readonly policy: Policy;
  /** Whether clients need no token. */
  readonly public: boolean;
}

export interface Configuration {
  readonly publicOrigin: string;
  readonly policies: ReadonlyMap<string, AnyPolicy>;
  readonly models: ReadonlyMap<string, Entry>;
  readonly byRepository: ReadonlyMap<string, Entry>;
  readonly refreshTrustRoots: boolean;
  readonly clientTokens: ReadonlySet<string>;
  readonly operatorTokens: ReadonlySet<string>;
  /** Web origins whose pages may read answers. */
  readonly corsOrigins: "*" | ReadonlySet<string>;
  readonly limits: Limits;
}

/** What the configuration is checked against. */
export interface Surroundings extends AddressRules {
  /** The value of a secret, by name. */
  secret(name: string): string | undefined;
  readonly hasStore: boolean;
  /** Whether the runtime declares the length of a stream's body. Bun does not. */
  readonly keepsLengths: boolean;
}

/** A configuration that cannot be used. The message begins with the path of what is wrong. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}

/** Reads the configuration: JSON as a string, or what it holds. */
export function readConfiguration(given: unknown, surroundings: Surroundings): Configuration {
  const parsed = v.safeParse(schema, parseJson(given));
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw wrong(v.getDotPath(issue) ?? "", issue.message);
  }
  const written = parsed.output;
  const origins = new Map(
    Object.entries(written.origins).map(([name, { kind, url, redirectsTo, secret }]) => {
      const at = `origins.${name}`;
      const own = check(`${at}.url`, () => requireOrigin(url, surroundings, "folder"));
      const others = redirectsTo.map((other, i) =>
        check(`${at}.redirectsTo.${i}`, () => requireOrigin(other, surroundings, "origin")),
      );
      const value = secret === undefined ? undefined : surroundings.secret(secret);
      if (secret !== undefined && !value) throw wrong(`${at}.secret`, `there is no secret named ${secret}`);
      const allowed = new Set([own, ...others].map(({ origin }) => origin));
      return [name, { name, kind, url: own, allowed, secret: value }] satisfies [string, Origin];
    }),
  );
  if (written.refreshTrustRoots && !surroundings.hasStore) {
    throw wrong("refreshTrustRoots", "needs a store, to keep what was fetched");
  }
  const policies = new Map(Object.entries(written.policies) as unknown as [string, AnyPolicy][]);
  const hasClients = written.tokens.clients.length > 0;
  const models = new Map(
    Object.entries(written.models).map(([slug, model]): [string, Entry] => [
      slug,
      readEntry(slug, model, { origins, policies, hasClients, surroundings }),
    ]),
  );
  const publicOrigin = check("publicOrigin", () =>
    requireOrigin(written.publicOrigin, { allowLoopback: true }, "origin"),
  );
  return {
    publicOrigin: publicOrigin.origin,
    policies,
    models,
    byRepository: byRepository(models),
    refreshTrustRoots: written.refreshTrustRoots,
    clientTokens: new Set(written.tokens.clients),
    operatorTokens: new Set(written.tokens.operators),
    corsOrigins: written.cors.origins === "*" ? "*" : new Set(written.cors.origins),
    limits: { ...LIMITS, ...defined(written.limits) },
  };
}

interface Around {
  readonly origins: ReadonlyMap<string, Origin>;
  readonly policies: ReadonlyMap<string, AnyPolicy>;
  readonly hasClients: boolean;
  readonly surroundings: Surroundings;
}

function readEntry(slug: string, model: WrittenModel, around: Around): Entry {
  const at = `models.${slug}`;
  const origin = around.origins.get(model.origin);
  if (origin === undefined) throw wrong(`${at}.origin`, `there is no origin named ${model.origin}`);
  const policy = around.policies.get(model.policy);
  if (policy === undefined) throw wrong(`${at}.policy`, `there is no policy named ${model.policy}`);
  if ("reportOnly" in policy) throw wrong(`${at}.policy`, "a policy that only reports verifies no files");
  const pins = [model.modelName, model.rootDigests, model.anyName].filter((pin) => pin !== undefined);
  if (pins.length !== 1) {
    // The right publisher's other model is a substitution.
    throw wrong(at, "must have one of modelName, rootDigests and anyName: true");
  }
  const source = model.source ?? model.repository;
  if (origin.kind === "hub" && source === undefined) {
    throw wrong(`${at}.source`, "is missing: the model's name at the hub");
  }
  if (origin.secret !== undefined && model.public !== true && !around.hasClients) {
    throw wrong(
      at,
      "its origin needs a secret, so its clients need a token: set tokens.clients, or public: true",
    );
  }
  if (model.public === false && !around.hasClients) {
    throw wrong(`${at}.public`, "is false, and tokens.clients has no token");
  }
  if (model.delivery === "streamed" || model.mode === "log-only") {
    const what = model.delivery === "streamed" ? "delivery" : "mode";
    const { hasStore, keepsLengths } = around.surroundings;
    if (!hasStore) {
      throw wrong(
        `${at}.${what}`,
        "needs a store, to remember which transfers were not verified to their end",
      );
    }
    if (!keepsLengths) {
      throw wrong(`${at}.${what}`, "cannot be used on this runtime, which drops the length of streams");
    }
  }
  return {
    ...model,
    slug,
    origin,
    source: source ?? "",
    policy,
    public: model.public ?? origin.secret === undefined,
  };
}

function byRepository(models: ReadonlyMap<string, Entry>): ReadonlyMap<string, Entry> {
  const found = new Map<string, Entry>();
  for (const entry of models.values()) {
    if (entry.repository === undefined) continue;
    if (found.has(entry.repository)) {
      throw wrong(`models.${entry.slug}.repository`, "is the repository of another model too");
    }
    found.set(entry.repository, entry);
  }
  return found;
}

function parseJson(given: unknown): unknown {
  if (typeof given !== "string") return given;
  try {
    return JSON.parse(given);
  } catch {
    throw wrong("", "the configuration is not valid JSON");
  }
}

function check<T>(at: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw wrong(at, error instanceof Error ? error.message : "cannot be used");
  }
}

function wrong(at: string, message: string): ConfigurationError {
  return new ConfigurationError(at === "" ? message : `${at}: ${message}`);
}

function defined<T extends object>(values: T): { [K in keyof T]-?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
