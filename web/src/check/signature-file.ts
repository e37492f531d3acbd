// The signature's file: what is none, and what several are worth.
import { type Claims, VerifyError, WasmError } from "modelseal";
import { kindOf, MOST_BYTES } from "../given/content.js";
import type { Answer, PageCode, SignatureRow } from "./answer.js";
import type { Candidate } from "./case.js";
import { isUncheckable } from "./judged.js";
import { type Attempt, claimsOf, findLead, type Lead, signerOf } from "./lead.js";

/** Signatures looked at, of those that a model has. */
export const MOST_SIGNATURES = 16;

/** A signature's file that is a bundle, and what it claims. */
export interface OpenedBundle {
  readonly candidate: Candidate;
  readonly bytes: Uint8Array;
  readonly claims: Claims;
}

/** The first of the candidates that is a bundle at all. */
export async function openAny(candidates: readonly Candidate[]): Promise<OpenedBundle | undefined> {
  for (const candidate of candidates.slice(0, MOST_SIGNATURES)) {
    if (candidate.bundle.size > MOST_BYTES) continue;
    const bytes = new Uint8Array(await candidate.bundle.arrayBuffer());
    try {
      return { candidate, bytes, claims: await claimsOf(bytes) };
    } catch (error) {
      if (VerifyError.from(error) === undefined) throw error;
    }
  }
  return undefined;
}

/** What a file is that was taken for a signature. */
export async function notASignature({ bundle, name }: Candidate): Promise<Omit<Answer, "rows">> {
  const kind = await kindOf(bundle);
  let error: Answer["error"];
  try {
    await claimsOf(new Uint8Array(await bundle.slice(0, MOST_BYTES + 1).arrayBuffer()));
  } catch (reason) {
    error = codeOf(reason);
  }
  // What is a bundle by its form, and cannot be read, is broken; anything else is not a bundle.
  if (kind === "bundle" && error !== undefined && error.code !== "bundle-unreadable") {
    if (isUncheckable(error.code)) return { state: "uncheckable", tone: "open", given: name, error };
    return { state: "signature-broken", tone: "bad", given: name, error };
  }
  return { state: "not-a-signature", tone: "quiet", kind, given: name, ...(error && { error }) };
}

/** The other signatures of the model: each is judged on its own, and none counts as an extra file. */
export async function rowsOfSignatures(
  checked: Candidate,
  others: readonly Candidate[],
  attempt: Attempt,
  { manifest }: Lead,
): Promise<SignatureRow[]> {
  const signer = manifest === undefined ? null : nameOf(signerOf(manifest.signature));
  const rows: SignatureRow[] = [{ name: checked.name, result: "checked", signer }];
  for (const other of others) {
    const opened = await openAny([other]);
    if (opened === undefined) {
      rows.push({ name: other.name, result: "unreadable", signer: null });
      continue;
    }
    const lead = await findLead({ ...attempt, bundle: opened.bytes, claims: opened.claims });
    const result = lead.manifest === undefined ? "bad" : lead.ask ? "open" : "good";
    rows.push({
      name: other.name,
      result: result === "bad" && opened.claims.method !== "sigstore" ? "open" : result,
      signer: lead.manifest === undefined ? null : nameOf(signerOf(lead.manifest.signature)),
    });
  }
  return rows;
}

function nameOf({ name, key }: { readonly name: string; readonly key: string | null }): string {
  return name || (key ?? "");
}

/** Why there is no verdict: misuse or input that cannot be read, never a bad signature. */
export function refusal(error: unknown): Omit<Answer, "rows"> {
  const known = codeOf(error);
  const material = VerifyError.from(error)?.stage === "policy";
  return { state: material ? "unusable-material" : "refused", tone: "quiet", error: known };
}

function codeOf(error: unknown): NonNullable<Answer["error"]> {
  const known = VerifyError.from(error);
  if (known !== undefined) return { code: known.code, message: known.message };
  if (error instanceof WasmError) return { code: "wasm-unavailable", message: "" };
  const gone =
    error instanceof DOMException && (error.name === "NotReadableError" || error.name === "NotFoundError");
  const code: PageCode = gone ? "file-gone" : "internal";
  return { code, message: "" };
}
