import type { Policy, PresetName } from "modelseal";

/** What a signed model is, as far as its list of files tells. */
export type ModelKind = "model" | "skill";

/** A signer that is built into this page. */
export interface KnownSigner {
  readonly preset: PresetName;
  /** Who that is, for people. */
  readonly name: string;
  /** The kind of model that it signs; it counts for no other. */
  readonly kind: ModelKind;
  readonly method: "certificate" | "sigstore";
  /** Where it is known from. */
  readonly source: string;
}

/** Presets of the core, tried in this order. Sources: `crates/modelseal/src/policy/presets`. */
export const KNOWN_SIGNERS: readonly KnownSigner[] = [
  {
    preset: "nvidia-agent-capabilities",
    name: "NVIDIA Corporation",
    kind: "skill",
    method: "certificate",
    source: "https://github.com/NVIDIA/skills",
  },
  {
    preset: "ibm-granite",
    name: "IBM Granite",
    kind: "model",
    method: "sigstore",
    source: "https://huggingface.co/ibm-granite",
  },
];

/** An agent skill has a `SKILL.md`; all else is a model. */
export function kindOfModel(signed: Iterable<string>): ModelKind {
  for (const path of signed) if (path === "SKILL.md") return "skill";
  return "model";
}

/** How the person expects the signer to be known: from the expert form, a link, or what was remembered. */
export interface Expectation {
  readonly policy: Policy;
  readonly by: "example" | "given" | "link" | "preset" | "remembered";
  /** The name that the model should have, where one is expected. */
  readonly modelName?: string;
  /** When it was remembered (RFC 3339). */
  readonly since?: string;
}
