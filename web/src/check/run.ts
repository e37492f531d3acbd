// One run over the files of a model, and what it is judged by.
import type { Claims, Examination, FileEntry, Manifest, ModelFiles, Verdict } from "modelseal";
import { kindOf } from "../given/content.js";
import { hasSigned, idOf, type Remembered } from "../signers/remembered.js";
import type { SignatureRow } from "./answer.js";
import type { Candidate, RemoteFile } from "./case.js";
import { isOwnName } from "./judged.js";
import type { Lead } from "./lead.js";
import type { Wishes } from "./protocol.js";
import type { Status } from "./rows.js";

/** Placeholders of Git LFS have some 130 bytes. */
const MOST_POINTER_BYTES = 1024;

/** Error pages have some thousands. */
const MOST_PAGE_BYTES = 256 * 1024;

/** Files looked at for a web page: one is enough to say what happened. */
const MOST_PAGE_TRIES = 1000;

/** What a finished run leaves, to be judged and looked at again. */
export interface Finished {
  readonly examination: Examination;
  readonly run: Run;
}

/** What one run works on. */
export interface Run {
  /** The files are the whole folder: one that is not signed would have been seen. */
  readonly complete: boolean;
  readonly candidate: Candidate;
  readonly bytes: Uint8Array;
  readonly claims: Claims;
  readonly lead: Lead;
  readonly scope: "whole" | "part" | "cache" | "remote";
  /** Files under their paths in the signed model. */
  readonly files: ReadonlyMap<string, File | RemoteFile>;
  readonly setAside: readonly string[];
  readonly signatures: readonly SignatureRow[];
  readonly before: Remembered | undefined;
  readonly wishes: Wishes;
  readonly results: Map<string, Status>;
  readonly given: string;
}

/** Entries of the model, small files first: a changed program shows in the first second. */
export function modelFiles(
  files: ReadonlyMap<string, File | RemoteFile>,
  complete: boolean,
  signaturePath: string | undefined,
): ModelFiles {
  const sizeOf = (file: File | RemoteFile) => file.size ?? 0;
  const own = Array.from(files).sort(([, a], [, b]) => sizeOf(a) - sizeOf(b));
  const entries = own.map(([path, file]): FileEntry => {
    const open = () => (file instanceof Blob ? file : file.open());
    return { path, kind: "file", size: file.size, open };
  });
  const others = own.filter(([path]) => path !== signaturePath);
  const [only] = others;
  return {
    [Symbol.iterator]: () => entries[Symbol.iterator](),
    complete,
    // A browser's list of files follows links, or leaves them out, and does not say so.
    symlinksObservable: false,
    totalBytes: others.reduce((sum, [, file]) => sum + sizeOf(file), 0),
    ...(others.length === 1 && only !== undefined && { singleFile: only[0] }),
  };
}

/** The signer that is remembered for this name, where another one signed. */
export function changedSigner(
  { signature, model }: Manifest,
  remembered: readonly Remembered[],
  lead: Lead,
): Remembered | undefined {
  if (
    lead.remembered !== undefined ||
    lead.expectation?.by === "given" ||
    !isOwnName(model.name ?? undefined)
  )
    return undefined;
  const forThis = remembered.filter((signer) => signer.model === model.name);
  if (forThis.some((signer) => hasSigned(signer, signature))) return undefined;
  return forThis.sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1))[0];
}

/** What was downloaded in place of some of the changed files: a placeholder of Git LFS, or a web page. */
export async function substitutes(
  { bytes }: Verdict,
  files: Run["files"],
): Promise<{ readonly pointers: readonly string[]; readonly page: string | undefined }> {
  const pointers: string[] = [];
  let page: string | undefined;
  let tries = 0;
  for (const { path } of bytes.changed) {
    const file = files.get(path);
    if (!(file instanceof Blob)) continue;
    if (file.size > MOST_POINTER_BYTES) {
      if (page !== undefined || file.size > MOST_PAGE_BYTES || tries >= MOST_PAGE_TRIES) continue;
      tries += 1;
    }
    const kind = await kindOf(file);
    if (kind === "lfs-pointer") pointers.push(path);
    if (kind === "html") page ??= path;
  }
  return { pointers, page };
}
