import type { Answer } from "./answer.js";

/** The command that makes the same check, where it can be written: keys and certificates are files there. */
export function command({ given = "", signaturePath, policy, artifact }: Answer): string | undefined {
  if (policy === undefined || artifact !== undefined || given === "") return undefined;
  const folder = quoted(given);
  const signature = signaturePath === undefined ? "model.sig" : quoted(`${given}/${signaturePath}`);
  const rule: unknown = JSON.parse(policy);
  if (typeof rule !== "object" || rule === null) return undefined;
  if ("preset" in rule) return `modelseal verify preset ${rule.preset} ${folder} --signature ${signature}`;
  if (!("method" in rule)) return undefined;
  switch (rule.method) {
    case "key":
      return `modelseal verify key ${folder} --signature ${signature} --public-key key.pub`;
    case "certificate":
      return `modelseal verify certificate ${folder} --signature ${signature} --certificate-chain root.pem`;
    case "sigstore": {
      const [identity] = "identities" in rule && Array.isArray(rule.identities) ? rule.identities : [];
      if (typeof identity?.identity !== "string") return undefined;
      const issuer =
        typeof identity.issuer === "string"
          ? `--identity-provider ${quoted(identity.issuer)}`
          : "--no-identity-provider";
      return `modelseal verify sigstore ${folder} --signature ${signature} --identity ${quoted(identity.identity)} ${issuer}`;
    }
    default:
      return undefined;
  }
}

/** A word of a POSIX shell. What has a control character in it is for no shell: the word stands for it then. */
function quoted(text: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(text) && !text.startsWith("-")) return text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal acts on
  if (/[\u0000-\u001f\u007f]/.test(text)) return "NAME";
  return `'${(text.startsWith("-") ? `./${text}` : text).replaceAll("'", `'\\''`)}'`;
}
