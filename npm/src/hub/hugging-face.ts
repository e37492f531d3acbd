import type { Hub, HubFile } from "./hub.js";
import { HubError } from "./hub-error.js";
import { ownOptions, usage } from "./options.js";
import { type Asking, ask, member, readJson, readPath, readSha256, readSize } from "./request.js";

/** What {@link huggingFace} takes. */
export interface HuggingFaceOptions {
  /** `owner/name`. */
  readonly repo: string;
  /** Default: `model`. */
  readonly repoType?: "model" | "dataset" | "space" | "kernel";
  /** A branch, a tag or a commit. Default: `main`. It is pinned to its commit before anything else. */
  readonly revision?: string;
  /** Sent to the endpoint's origin alone. */
  readonly accessToken?: string;
  /** Default: `https://huggingface.co`. */
  readonly endpoint?: string;
  readonly fetch?: typeof fetch;
}

const MEMBERS = ["repo", "repoType", "revision", "accessToken", "endpoint", "fetch"] as const;

/** What the hub calls each kind, in its API and before a repository's name. */
const KINDS = {
  model: { api: "models", prefix: "" },
  dataset: { api: "datasets", prefix: "datasets/" },
  space: { api: "spaces", prefix: "spaces/" },
  kernel: { api: "kernels", prefix: "kernels/" },
} as const;

/** Entries of a repository, and pages that list them. */
const FILES = 200_000;
const PAGES = 1_000;

/**
 * A repository of Hugging Face's hub, or of what speaks its protocol.
 *
 * @example
 * import { huggingFace } from "modelseal/hub";
 * const hub = huggingFace({ repo: "ibm-granite/granite-4.0-micro", revision: "main" });
 */
export function huggingFace(options: HuggingFaceOptions): Hub {
  const members = ownOptions(options, MEMBERS, "options");
  const {
    repo,
    repoType = "model",
    revision = "main",
    accessToken,
    endpoint = "https://huggingface.co",
  } = members;
  if (typeof repo !== "string" || !/^[\w.-]+(\/[\w.-]+)?$/.test(repo))
    throw usage("repo", 'must be "owner/name"');
  if (!Object.hasOwn(KINDS, repoType)) {
    throw usage("repoType", 'must be "model", "dataset", "space" or "kernel"');
  }
  if (typeof revision !== "string" || revision === "")
    throw usage("revision", "must be a string that is not empty");
  const { api, prefix } = KINDS[repoType];
  const base = readEndpoint(endpoint);
  const asking = { fetch: members.fetch ?? fetch, origin: new URL(base).origin, accessToken };
  return {
    async list(signal) {
      const about = `${base}/api/${api}/${repo}`;
      const info = await readJson(
        await ask(asking, `${about}/revision/${encodeURIComponent(revision)}`, signal),
      );
      const [id, commit] = [member(info, "id"), member(info, "sha")];
      if (typeof commit !== "string" || !/^[0-9a-f]{40,64}$/.test(commit)) {
        throw new HubError("hub-answer-invalid", "the hub does not name the revision's commit");
      }
      const files = await readTree(asking, `${about}/tree/${commit}?recursive=true`, commit, signal);
      return {
        // A repository that was renamed answers under its new name.
        name: typeof id === "string" ? id : repo,
        commit,
        files,
        fetchFile: ({ path }, fileSignal) =>
          ask(asking, `${base}/${prefix}${repo}/resolve/${commit}/${encodePath(path)}`, fileSignal),
      };
    },
  };
}

async function readTree(
  asking: Asking,
  first: string,
  commit: string,
  signal?: AbortSignal,
): Promise<HubFile[]> {
  const files: HubFile[] = [];
  let next: string | undefined = first;
  for (let page = 0; next !== undefined; page += 1) {
    if (page >= PAGES || files.length > FILES) {
      throw new HubError(
        "hub-listing-too-long",
        `the hub lists more than ${FILES} files, or on more than ${PAGES} pages`,
      );
    }
    const response: Response = await ask(asking, next, signal);
    const stated = response.headers.get("x-repo-commit");
    if (stated !== null && stated !== commit) {
      throw new HubError("hub-listing-changed", "the hub lists another commit than the one that was pinned");
    }
    next = nextPage(response.headers.get("link"), asking.origin);
    const entries = await readJson(response);
    if (!Array.isArray(entries)) throw new HubError("hub-answer-invalid", "the hub's tree is not a list");
    for (const entry of entries as readonly unknown[]) {
      if (member(entry, "type") === "file") files.push(fileOf(entry));
    }
  }
  return files;
}

function fileOf(entry: unknown): HubFile {
  const file = { path: readPath(member(entry, "path")), size: readSize(member(entry, "size")) };
  const lfs = member(entry, "lfs");
  // Without it, the `oid` is git's SHA-1 of a blob, which says nothing about a SHA-256.
  return lfs === undefined || lfs === null ? file : { ...file, digest: readSha256(member(lfs, "oid")) };
}

/** The address of the next page (RFC 8288). It must be the hub's own: the token goes there. */
function nextPage(link: string | null, origin: string): string | undefined {
  const [, address] = /<([^>]*)>\s*;[^,]*\brel="?next\b/.exec(link ?? "") ?? [];
  if (address === undefined) return undefined;
  const url = new URL(address, origin);
  if (url.origin === origin) return url.href;
  throw new HubError("hub-answer-invalid", "the hub's next page is at another origin");
}

function readEndpoint(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const local = url !== undefined && /^(127\.0\.0\.1|localhost|\[::1\])$/.test(url.hostname);
  if (url?.protocol === "https:" || (url?.protocol === "http:" && local)) return url.href.replace(/\/+$/, "");
  throw usage("endpoint", "must be an https address");
}

function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
