// From a model's name and a revision to a model whose signature holds.
import { openBundle, VerifyError } from "modelseal";
import { absent, Problem, sentence } from "../answers/problem.js";
import { fromBase64, toBase64 } from "../bytes.js";
import type { Entry } from "../configuration/configuration.js";
import type { Host } from "../host.js";
import { fileAddress, revisionAddress, treeAddress } from "../origin/addresses.js";
import { askOrigin, OriginError, originProblem, readLimited } from "../origin/request.js";
import type { CommitRecord, Records } from "../store/records.js";
import type { TrustRoots } from "../trust-roots.js";
import type { Limits } from "../verify/limits.js";
import { sha256Hex } from "./digest.js";
import { Model } from "./model.js";

const COMMIT = /^([0-9a-f]{40}|[0-9a-f]{64})$/;
const REVISION = /^[\w./-]{1,128}$/;

/** Models that are held open; the oldest is let go. */
const MOST_OPEN = 16;
/** What a hub's answer about a revision, and a page of its list, may have. */
const ANSWER_BYTES = 8 * 1024 * 1024;
const MOST_PAGES = 8;
/** How long the answer about a moving revision is used. */
const REVISION_SECONDS = 30;

interface Open {
  readonly model: Promise<Model>;
  readonly until: number;
}

export class Models {
  readonly #limits: Limits;
  readonly #records: Records;
  readonly #host: Host;
  readonly #trustRoots: TrustRoots;
  readonly #open = new Map<string, Open>();
  readonly #revisions = new Map<string, { readonly commit: string; readonly until: number }>();

  constructor(limits: Limits, records: Records, host: Host, trustRoots: TrustRoots) {
    this.#trustRoots = trustRoots;
    this.#limits = limits;
    this.#records = records;
    this.#host = host;
  }

  /** The commit that a revision names. */
  async commit(entry: Entry, revision: string): Promise<string> {
    if (COMMIT.test(revision)) return requireServed(entry, revision);
    if (!REVISION.test(revision))
      throw absent("RevisionNotFound", "revision-unknown", "There is no such revision.");
    const key = `${entry.slug} ${revision}`;
    const known = this.#revisions.get(key);
    if (known !== undefined && known.until > Date.now()) return requireServed(entry, known.commit);
    const commit = await this.#askRevision(entry, revision);
    if (this.#revisions.size > 1000) this.#revisions.clear();
    this.#revisions.set(key, { commit, until: Date.now() + REVISION_SECONDS * 1000 });
    return requireServed(entry, commit);
  }

  /** The model at a commit. Throws a {@link Problem} where its signature does not hold, or cannot be had. */
  async model(entry: Entry, commit: string): Promise<Model> {
    requireServed(entry, commit);
    const key = `${entry.slug} ${commit}`;
    const known = this.#open.get(key);
    if (known !== undefined && known.until > Date.now()) return known.model;
    const model = this.#load(entry, commit);
    this.#remember(key, { model, until: Date.now() + this.#limits.recheckSeconds * 1000 });
    model.catch(() => this.#open.delete(key));
    return model;
  }

  /** Lets go of what is held of a model. */
  forget(entry: Entry, commit: string): void {
    this.#open.delete(`${entry.slug} ${commit}`);
    for (const key of this.#revisions.keys()) {
      if (key.startsWith(`${entry.slug} `)) this.#revisions.delete(key);
    }
  }

  #remember(key: string, open: Open): void {
    this.#open.delete(key);
    this.#open.set(key, open);
    const [oldest] = this.#open.keys();
    // Its memory is freed when the last request that uses it has ended.
    if (this.#open.size > MOST_OPEN && oldest !== undefined) this.#open.delete(oldest);
  }

  async #askRevision(entry: Entry, revision: string): Promise<string> {
    try {
      const commit =
        entry.origin.kind === "hub"
          ? await this.#askHub(entry, revision)
          : await this.#askFolder(entry, revision);
      await this.#records.setRevision(entry.slug, revision, commit);
      return commit;
    } catch (error) {
      if (!(error instanceof OriginError) || error.code === "origin-redirect") {
        throw originProblem(error, entry.whenOriginDown);
      }
      // What was verified before can be served while the origin is down.
      const last = await this.#records.revision(entry.slug, revision);
      if (last !== undefined) return last;
      throw originProblem(error, entry.whenOriginDown);
    }
  }

  async #askHub(entry: Entry, revision: string): Promise<string> {
    const response = await askOrigin(entry.origin, revisionAddress(entry, revision), {}, this.#limits);
    if (response.status === 404) {
      await response.body?.cancel();
      throw absent("RevisionNotFound", "revision-unknown", "The origin has no such revision.");
    }
    const { sha } = (await readJson(response, "answer about the revision")) as { sha?: unknown };
    if (typeof sha === "string" && COMMIT.test(sha)) return sha;
    throw new Problem(
      502,
      "origin-answer-invalid",
      "The origin's answer about the revision names no commit.",
    );
  }

  /** Without git a commit is the signed root digest. */
  async #askFolder(entry: Entry, revision: string): Promise<string> {
    if (revision !== "main" && revision !== "HEAD") {
      throw absent("RevisionNotFound", "revision-unknown", "This origin has no revision but main.");
    }
    const bundle = await this.#fetchBundle(entry, "main");
    const { rootDigest } = await this.#openBundle(entry, undefined, bundle);
    return rootDigest;
  }

  async #load(entry: Entry, commit: string): Promise<Model> {
    const known = await this.#records.commit(entry.slug, commit);
    const fetched = await this.#fetchAgain(entry, commit, known);
    if (fetched === undefined && known !== undefined) {
      const bundle = fromBase64(known.bundle);
      const { signed } = await this.#openBundle(entry, commit, bundle);
      return new Model(entry, commit, { signed, bundle, listed: known.listed });
    }
    const bundle = fetched ?? (await this.#fetchBundle(entry, commit));
    const { signed, rootDigest } = await this.#openBundle(entry, commit, bundle);
    if (known !== undefined && known.rootDigest !== rootDigest) throw this.#changedRoot(entry, commit);
    const listed = known?.listed ?? (await this.#fetchList(entry, commit));
    const record: CommitRecord = { rootDigest, bundle: toBase64(bundle), listed };
    if (known !== undefined) await this.#records.replaceCommit(entry.slug, commit, record);
    else if (!(await this.#records.addCommit(entry.slug, commit, record))) {
      const first = await this.#records.commit(entry.slug, commit);
      if (first !== undefined && first.rootDigest !== rootDigest) throw this.#changedRoot(entry, commit);
    }
    return new Model(entry, commit, { signed, bundle, listed });
  }

  /** The bundle that the origin has now, where it has another than the one that is known. */
  async #fetchAgain(
    entry: Entry,
    commit: string,
    known: CommitRecord | undefined,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (known === undefined) return undefined;
    const bundle = await this.#fetchBundle(entry, commit).catch(() => undefined);
    if (bundle === undefined || toBase64(bundle) === known.bundle) return undefined;
    if (entry.origin.kind === "hub") return bundle;
    // A folder has moved on to another model: its earlier one is served from what is stored.
    const { rootDigest } = await this.#openBundle(entry, undefined, bundle).catch(() => ({
      rootDigest: undefined,
    }));
    return rootDigest === commit ? bundle : undefined;
  }

  #changedRoot(entry: Entry, commit: string): Problem {
    this.#host.log({ event: "root-digest-changed", model: entry.slug, commit });
    return new Problem(
      409,
      "root-digest-changed",
      "The origin has another signed model under this commit than the one that was verified first.",
    );
  }

  async #fetchBundle(entry: Entry, commit: string): Promise<Uint8Array<ArrayBuffer>> {
    try {
      const address = fileAddress(entry, commit, entry.bundle);
      const response = await askOrigin(entry.origin, address, {}, this.#limits);
      if (response.status === 200) return await readLimited(response, this.#limits.bundleBytes, "bundle");
      await response.body?.cancel();
      if (response.status === 404 || response.status === 410) {
        throw new Problem(
          entry.whenBundleMissing,
          "bundle-missing",
          "The origin has no signature for this model.",
        );
      }
      throw new OriginError("origin-refused", `The origin answers with status ${response.status}.`);
    } catch (error) {
      throw originProblem(error, entry.whenOriginDown);
    }
  }

  /** What a hub lists of a commit. Without it sizes are asked one by one. */
  async #fetchList(entry: Entry, commit: string): Promise<CommitRecord["listed"]> {
    const listed: Record<string, { size: number; oid: string }> = {};
    if (entry.origin.kind !== "hub") return listed;
    let url: URL | undefined = treeAddress(entry, commit);
    try {
      for (let page = 0; page < MOST_PAGES && url !== undefined; page++) {
        const response: Response = await askOrigin(entry.origin, url, {}, this.#limits);
        const entries = await readJson(response, "list of files");
        if (!Array.isArray(entries)) break;
        for (const { path, size, oid } of entries as { path: unknown; size: unknown; oid: unknown }[]) {
          const isEntry =
            typeof path === "string" && Number.isSafeInteger(size) && /^[0-9a-f]{40}$/.test(`${oid}`);
          if (isEntry)
            Object.defineProperty(listed, path, {
              value: { size, oid },
              enumerable: true,
              configurable: true,
            });
        }
        const next = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get("link") ?? "")?.[1];
        url = next === undefined ? undefined : new URL(next, url);
      }
    } catch (error) {
      this.#host.log({ event: "list-unavailable", model: entry.slug, commit, error: `${error}` });
    }
    return listed;
  }

  /** Opens a bundle by the entry's policy and pins. */
  async #openBundle(entry: Entry, commit: string | undefined, bundle: Uint8Array<ArrayBuffer>) {
    const { policy, modelName, rootDigests } = entry;
    const pin = rootDigests !== undefined && commit !== undefined ? rootDigests[commit] : undefined;
    const pins = {
      ...(modelName !== undefined && { modelName }),
      ...(pin !== undefined && { rootDigest: pin }),
    };
    try {
      const signed = await openBundle({
        bundle,
        policy: { ...(await this.#trustRoots.applyTo(policy)), ...pins },
      });
      const rootDigest = signed.model.rootDigest?.slice("sha256:".length) ?? (await sha256Hex(bundle));
      if (commit?.length === 64 && entry.origin.kind === "files" && commit !== rootDigest) {
        throw absent(
          "RevisionNotFound",
          "revision-unknown",
          "The origin's model is not the one of this revision.",
        );
      }
      return { signed, rootDigest };
    } catch (error) {
      if (!(error instanceof VerifyError)) throw error;
      if (error.stage === "policy" || error.stage === "usage") {
        throw new Problem(
          500,
          "configuration-invalid",
          `The policy of this model cannot be used: ${error.code}.`,
        );
      }
      throw new Problem(
        422,
        "signature-rejected",
        `${sentence(error.message).slice(0, -1)} (${error.code}).`,
      );
    }
  }
}

/** A commit that is neither revoked nor left open by the entry's pins. */
function requireServed(entry: Entry, commit: string): string {
  if (entry.revoked.includes(commit)) {
    throw absent("RevisionNotFound", "revision-revoked", "This revision was revoked.");
  }
  if (entry.rootDigests !== undefined && !Object.hasOwn(entry.rootDigests, commit)) {
    throw absent("RevisionNotFound", "revision-unknown", "This revision is not one that the gateway serves.");
  }
  return commit;
}

async function readJson(response: Response, what: string): Promise<unknown> {
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new OriginError("origin-refused", `The origin answers with status ${response.status}.`);
  }
  const bytes = await readLimited(response, ANSWER_BYTES, what);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new Problem(502, "origin-answer-invalid", `The origin's ${what} is not JSON.`);
  }
}
