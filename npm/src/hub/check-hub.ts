import { openBundle } from "../api/open-bundle.js";
import { verify } from "../api/verify.js";
import { VerifyError, type VerifyErrorJson } from "../core/errors.js";
import type { FileEntry, ListedFile, OpenRequest, Progress, Verdict } from "../types/index.js";
import { readBody } from "./body.js";
import type { Hub, HubFile, HubListing } from "./hub.js";
import { HubError } from "./hub-error.js";
import { ownOptions, usage } from "./options.js";

/** What {@link checkHub} takes. */
export interface CheckHubRequest extends Omit<OpenRequest, "bundle"> {
  readonly hub: Hub;
  /** The path of the signature, where there are several and one is meant. By default each gets a verdict. */
  readonly signature?: string | undefined;
  readonly onProgress?: ((progress: Progress & { readonly signature: string }) => void) | undefined;
}

/** What {@link checkHub} found: a verdict for each signature. None is better than `incomplete`. */
export interface HubCheck {
  /** The repository's name, the new one if it was renamed, or the listing's address. */
  readonly name: string;
  /** The commit that was looked at; `null` where the hub has none. Newer ones were not. */
  readonly commit: string | null;
  readonly signatures: readonly HubSignature[];
  /** What was not looked at: bytes that only the listing speaks for, and later revisions. */
  readonly notChecked: readonly ("listed-bytes" | "newer-revisions")[];
}

/** One signature in a hub's repository: its verdict, or why it could not be read. */
export interface HubSignature {
  readonly path: string;
  /** The folder that the verdict is about: empty for the whole repository. */
  readonly folder: string;
  readonly verdict: Verdict | null;
  readonly error: VerifyErrorJson | null;
  /** Whether the signed name is another one than the repository's; `null` where one has none. */
  readonly otherName: boolean | null;
}

/** Files without a comparable digest are fetched up to this size each, and all together. */
const SMALL_FILE = 10 * 1024 * 1024;
const SMALL_FILES = 256 * 1024 * 1024;

/** Signatures that are looked at, and the bytes that one may have. */
const SIGNATURES = 64;
const BUNDLE_BYTES = 64 * 1024 * 1024;

/** Of another form: a signature over a list of digests. */
const KERNEL_SIGNATURE = /(^|\/)metadata\.json\.sigstore$/;

const SIGNATURE_NAME = /(\.sig|\.sigstore|\.sigstore\.json)$/;

const MEMBERS = [
  "hub",
  "policy",
  "signature",
  "time",
  "maxClockSkew",
  "signal",
  "expectation",
  "onProgress",
] as const;

/**
 * Checks a model on a hub without downloading it: its signatures are verified, the digests that the hub lists are
 * compared with what was signed, and small files without one are fetched and hashed. For the rest the hub's listing
 * stands in, so no outcome is better than `incomplete`, with the reason `listing-only`.
 *
 * It throws a {@link HubError} where the hub cannot be asked or has no signature, and as `verify` does for misuse.
 *
 * @example
 * import { preset } from "modelseal";
 * import { checkHub, HubError, huggingFace } from "modelseal/hub";
 * const hub = huggingFace({ repo: "nvidia/skills" });
 * try {
 *   const { commit, signatures } = await checkHub({ hub, policy: preset("nvidia-agent-capabilities") });
 *   for (const { path, verdict } of signatures) console.log(commit, path, verdict?.outcome, verdict?.reasons);
 * } catch (error) {
 *   if (error instanceof HubError) console.log(error.code);
 * }
 */
export async function checkHub(request: CheckHubRequest): Promise<HubCheck> {
  const { hub, signature, onProgress, ...open } = readRequest(request);
  const listing = await hub.list(open.signal);
  const found = signaturesOf(listing, signature);
  const signatures: HubSignature[] = [];
  for (const file of found) signatures.push(await checkSignature(listing, file, open, onProgress));
  const { name, commit } = listing;
  return { name, commit, signatures, notChecked: ["listed-bytes", "newer-revisions"] };
}

function readRequest(request: CheckHubRequest): CheckHubRequest {
  const members = ownOptions(request, MEMBERS, "request");
  const { hub, signature, onProgress } = members;
  if (typeof hub?.list !== "function") throw usage("hub", "must be made by huggingFace() or jsonListing()");
  if (signature !== undefined && typeof signature !== "string") throw usage("signature", "must be a path");
  if (onProgress !== undefined && typeof onProgress !== "function") {
    throw usage("onProgress", "must be a function");
  }
  return members;
}

function signaturesOf({ files }: HubListing, signature: string | undefined): readonly HubFile[] {
  if (signature !== undefined) {
    const found = files.filter(({ path }) => path === signature);
    if (found.length > 0) return found;
    throw new HubError(
      "signature-missing",
      "the repository does not have a file at the path of the signature",
    );
  }
  const found = files.filter(({ path }) => SIGNATURE_NAME.test(path) && !KERNEL_SIGNATURE.test(path));
  if (found.length === 0) {
    const kernels = files.some(({ path }) => KERNEL_SIGNATURE.test(path));
    const what = kernels
      ? "only signatures of kernels, which are not checked yet"
      : "no signature of a model";
    throw new HubError("signature-missing", `the repository has ${what}`);
  }
  if (found.length <= SIGNATURES) return found;
  throw new HubError(
    "hub-listing-too-long",
    `the repository has more than ${SIGNATURES} signatures: name one of them`,
  );
}

async function checkSignature(
  listing: HubListing,
  file: HubFile,
  open: Omit<OpenRequest, "bundle">,
  onProgress: CheckHubRequest["onProgress"],
): Promise<HubSignature> {
  const { path } = file;
  const own = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  try {
    const bundle = await readBundle(listing, file, open.signal);
    const check = (folder: string) =>
      verify({
        ...open,
        bundle,
        files: filesIn(listing, folder, open.signal),
        ...(isIn(folder, path) && { signaturePath: below(folder, path) }),
        ...(onProgress && {
          onProgress: (progress: Progress) => onProgress({ ...progress, signature: path }),
        }),
      });
    let folder = own;
    let verdict = await check(folder);
    // Nothing that was signed lies beside the signature: it is about another folder, if there is just one.
    const { missing, signedFiles } = verdict.coverage;
    if (signedFiles > 0 && missing.length === signedFiles) {
      const other = await folderOf(listing, { ...open, bundle });
      if (other !== undefined) [folder, verdict] = [other, await check(other)];
    }
    const otherName = isOtherName(listing, verdict);
    return { path, folder, verdict: atBestIncomplete(verdict), error: null, otherName };
  } catch (error) {
    if (!(error instanceof VerifyError) || error.stage === "usage" || error.stage === "policy") throw error;
    return { path, folder: own, verdict: null, error: error.toJSON(), otherName: null };
  }
}

async function readBundle(listing: HubListing, file: HubFile, signal?: AbortSignal): Promise<Uint8Array> {
  const tooLarge = () => {
    const message = `the bundle has more bytes than the limit of ${BUNDLE_BYTES}`;
    return new VerifyError("bundle-too-large", "bundle", message);
  };
  if (file.size > BUNDLE_BYTES) throw tooLarge();
  const body = await readBody(await listing.fetchFile(file, signal), BUNDLE_BYTES, tooLarge);
  return new Uint8Array(await body.arrayBuffer());
}

/** The listed files below a folder, as files of a model. */
function filesIn(listing: HubListing, folder: string, signal?: AbortSignal) {
  const entries: (FileEntry | ListedFile)[] = [];
  let fetched = 0;
  for (const file of listing.files) {
    if (!isIn(folder, file.path)) continue;
    const { size, digest } = file;
    const path = below(folder, file.path);
    const small = size <= SMALL_FILE && fetched + size <= SMALL_FILES;
    if (digest !== undefined) entries.push({ path, size, digest });
    // A digest that no model is signed by: it is listed as not checked.
    else if (!small) entries.push({ path, size, digest: "git:0" });
    else {
      fetched += size;
      entries.push({ path, size, kind: "file", open: () => listing.fetchFile(file, signal) });
    }
  }
  return Object.assign(entries, { complete: true, symlinksObservable: false });
}

/** The one folder of the repository that has all files of the signature; `undefined` for none or several. */
async function folderOf(listing: HubListing, request: OpenRequest): Promise<string | undefined> {
  const signed = (await openBundle(request)).files.map(({ path }) => path);
  const [first] = signed;
  if (first === undefined) return undefined;
  const paths = new Set(listing.files.map(({ path }) => path));
  const folders = listing.files
    .filter(({ path }) => path === first || path.endsWith(`/${first}`))
    .map(({ path }) => path.slice(0, Math.max(0, path.length - first.length - 1)))
    .filter((folder) => signed.every((path) => paths.has(folder === "" ? path : `${folder}/${path}`)));
  return folders.length === 1 ? folders[0] : undefined;
}

function isIn(folder: string, path: string): boolean {
  return folder === "" || path.startsWith(`${folder}/`);
}

function below(folder: string, path: string): string {
  return folder === "" ? path : path.slice(folder.length + 1);
}

function isOtherName({ name, commit }: HubListing, { model }: Verdict): boolean | null {
  if (commit === null || model === null || model.name === null) return null;
  const last = (text: string) => text.slice(text.lastIndexOf("/") + 1).toLowerCase();
  return last(name) !== last(model.name);
}

/** Even where every byte was fetched, only the hub says that there are no other files. */
function atBestIncomplete(verdict: Verdict): Verdict {
  return verdict.outcome === "verified"
    ? { ...verdict, outcome: "incomplete", reasons: ["listing-only"] }
    : verdict;
}
