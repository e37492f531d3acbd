import type { Policy as Expecting, ReportOnlyPolicy } from "modelseal";
import { Problem } from "./problem.js";

/** A policy that expects a signer, or one that only reports who signed. */
type Policy = Expecting | ReportOnlyPolicy;

/** The policies of the gateway's configuration, by name. A request can name one, never contain one. */
export class Policies {
  readonly #byName: ReadonlyMap<string, Policy>;

  private constructor(byName: ReadonlyMap<string, Policy>) {
    this.#byName = byName;
  }

  /** Reads the configuration: a map from name to policy, as JSON text or as a JSON binding. */
  static parse(configuration: unknown): Policies {
    let value = configuration;
    if (typeof value === "string") {
      try {
        value = JSON.parse(value);
      } catch {
        throw misconfigured("POLICIES is not valid JSON");
      }
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw misconfigured("POLICIES must be a JSON object of policies by name");
    }
    // What a policy holds is for the core to judge, strictly, when the policy is used.
    return new Policies(new Map(Object.entries(value) as [string, Policy][]));
  }

  names(): string[] {
    return [...this.#byName.keys()].sort();
  }

  get(name: string): Policy {
    const policy = this.#byName.get(name);
    if (policy === undefined) {
      throw new Problem(
        404,
        "policy-unknown",
        "The gateway has no policy of this name; GET /v1/policies lists them.",
      );
    }
    return policy;
  }
}

/** The operator's mistake, not the caller's: a 500 that says which setting to look at. */
export function misconfigured(message: string): Problem {
  return new Problem(500, "configuration-invalid", `The gateway is not set up correctly: ${message}.`);
}
