// A link that makes a check again. Its expectation is in the fragment, which no server sees, and it is the claim of
// whoever made the link until the person accepts it.
import type { Policy, PresetName } from "modelseal";
import type { Answer } from "../check/answer.js";
import { type Expectation, KNOWN_SIGNERS } from "./known.js";

/** What a link suggests, and how to name that. */
export interface Suggestion {
  readonly expectation: Expectation;
  readonly says:
    | { readonly kind: "name"; readonly name: string }
    | { readonly kind: "key"; readonly key: string };
}

const LONGEST = 4096;

/** The suggestion of a fragment; `wrong` where it is none that can be read. */
export function readLink(fragment: string): Suggestion | "wrong" | undefined {
  const parts = new URLSearchParams(fragment.replace(/^#/, ""));
  const expect = parts.get("expect");
  if (expect === null) return undefined;
  if (fragment.length > LONGEST) return "wrong";
  const name = parts.get("name");
  const by = { by: "link" as const, ...(name !== null && { modelName: name }) };
  const policy = (policy: Policy): Policy => (name === null ? policy : { ...policy, modelName: name });
  const [kind, ...rest] = expect.split(":");
  const value = rest.join(":");
  switch (kind) {
    case "preset": {
      const known = KNOWN_SIGNERS.find(({ preset }) => preset === value);
      if (known === undefined) return "wrong";
      return {
        expectation: { ...by, policy: policy({ preset: known.preset }) },
        says: { kind: "name", name: known.name },
      };
    }
    case "identity": {
      const issuer = parts.get("issuer");
      if (value === "" || issuer === null || issuer === "") return "wrong";
      return {
        expectation: {
          ...by,
          policy: policy({ method: "sigstore", identities: [{ issuer, identity: value }] }),
        },
        says: { kind: "name", name: `${value} (${issuer})` },
      };
    }
    case "key": {
      if (!/^[A-Za-z0-9_-]{40,2000}$/.test(value)) return "wrong";
      const unpadded = value.replaceAll("-", "+").replaceAll("_", "/");
      const base64 = unpadded.padEnd(Math.ceil(unpadded.length / 4) * 4, "=");
      const publicKey = `-----BEGIN PUBLIC KEY-----\n${base64.replace(/.{64}/g, "$&\n").trimEnd()}\n-----END PUBLIC KEY-----\n`;
      return {
        expectation: { ...by, policy: policy({ method: "key", publicKey }) },
        says: { kind: "key", key: `${value.slice(-12)}` },
      };
    }
    case "anchor":
      if (!/^sha256$/.test(rest[0] ?? "") || !/^[0-9a-f]{64}$/.test(rest[1] ?? "")) return "wrong";
      return {
        expectation: { ...by, policy: policy({ method: "certificate", anchorDigests: [value] }) },
        says: { kind: "name", name: value },
      };
    default:
      return "wrong";
  }
}

/** The fragment of a link that expects the signer of an answer; nothing where there is no such signer. */
export function writeLink({ state, policy, modelName, brief }: Answer): string | undefined {
  const { signature, publisher } = brief?.verdict ?? {};
  if (policy === undefined || signature?.status !== "valid" || publisher?.status !== "expected")
    return undefined;
  if (state === "declined" || state === "confirm") return undefined;
  const rule = JSON.parse(policy) as { preset?: PresetName; publicKey?: string };
  const parts = new URLSearchParams();
  if (rule.preset !== undefined) parts.set("expect", `preset:${rule.preset}`);
  else if (signature.method === "sigstore") {
    const { identity } = signature;
    if (identity?.issuer == null) return undefined;
    parts.set("expect", `identity:${identity.identity}`);
    parts.set("issuer", identity.issuer);
  } else if (signature.method === "key" && rule.publicKey !== undefined) {
    const base64 = rule.publicKey.replace(/-----[^-]+-----/g, "").replace(/\s/g, "");
    parts.set("expect", `key:${base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`);
  } else {
    const anchor = signature.chain.at(-1);
    if (anchor === undefined) return undefined;
    parts.set("expect", `anchor:sha256:${anchor.sha256}`);
  }
  if (modelName !== undefined) parts.set("name", modelName);
  return `#${parts}`;
}
