// What the gateway remembers, beside the verified copies. Without a store it is remembered as long as it runs.
import type { Store } from "./store.js";

/** What is known of a commit. */
export interface CommitRecord {
  /** The first verified root digest of the commit; it never changes. */
  readonly rootDigest: string;
  /** The bundle's bytes in base64. */
  readonly bundle: string;
  /** What a hub lists of the commit: sizes, and the identifiers of git. */
  readonly listed: Readonly<Record<string, { readonly size: number; readonly oid: string }>>;
}

/** A verified copy in the store. */
export interface CopyRecord {
  readonly size: number;
  readonly sha256: string;
}

/** Bytes of an origin that are not those that were signed. */
export interface FailureRecord {
  /** What the origin said of the file, so that it is seen when it has another. */
  readonly version: string;
  readonly code: string;
  readonly message: string;
  /** When it was last looked at, in milliseconds since 1970. */
  readonly checkedAt: number;
}

/** Which file of which model. `content` names what was signed. */
export interface FileName {
  readonly slug: string;
  readonly commit: string;
  readonly content: string;
  /** The SHA-256 of the path. */
  readonly pathDigest: string;
}

/** A store that forgets: for a gateway without one, which then serves small files only. */
class Memory implements Pick<Store, "delete" | "list" | "read" | "write"> {
  readonly #values = new Map<string, string>();

  async read(key: string): Promise<string | undefined> {
    return this.#values.get(key);
  }

  async write(key: string, value: string, { ifAbsent = false } = {}): Promise<boolean> {
    if (ifAbsent && this.#values.has(key)) return false;
    this.#values.delete(key);
    this.#values.set(key, value);
    const [oldest] = this.#values.keys();
    if (this.#values.size > MOST_IN_MEMORY && oldest !== undefined) this.#values.delete(oldest);
    return true;
  }

  async delete(key: string): Promise<void> {
    this.#values.delete(key);
  }

  async list(prefix: string, limit: number): Promise<string[]> {
    return [...this.#values.keys()].filter((key) => key.startsWith(prefix)).slice(0, limit);
  }
}

const MOST_IN_MEMORY = 1000;
const MOST_PURGED = 1000;

export class Records {
  readonly #store: Pick<Store, "delete" | "list" | "read" | "write">;

  constructor(store: Store | undefined) {
    this.#store = store ?? new Memory();
  }

  commit(slug: string, commit: string): Promise<CommitRecord | undefined> {
    return this.#read(`commits/${slug}/${commit}`);
  }

  /** Writes what is known of a commit, where nothing is: false if something was. */
  addCommit(slug: string, commit: string, record: CommitRecord): Promise<boolean> {
    return this.#store.write(`commits/${slug}/${commit}`, JSON.stringify(record), { ifAbsent: true });
  }

  replaceCommit(slug: string, commit: string, record: CommitRecord): Promise<boolean> {
    return this.#store.write(`commits/${slug}/${commit}`, JSON.stringify(record));
  }

  /** The commit that a revision's name led to when it was last asked. */
  revision(slug: string, revision: string): Promise<string | undefined> {
    return this.#read(`revisions/${slug}/${hexOf(revision)}`);
  }

  setRevision(slug: string, revision: string, commit: string): Promise<boolean> {
    return this.#store.write(`revisions/${slug}/${hexOf(revision)}`, JSON.stringify(commit));
  }

  /** A generation of a trust root, as `modelseal/tuf` writes it. It is verified whenever it is read. */
  trustRoot(name: string): Promise<string | undefined> {
    return this.#store.read(`trust-roots/${name}`);
  }

  setTrustRoot(name: string, generation: string): Promise<boolean> {
    return this.#store.write(`trust-roots/${name}`, generation);
  }

  copy(content: string): Promise<CopyRecord | undefined> {
    return this.#read(`copies/${content}`);
  }

  setCopy(content: string, record: CopyRecord): Promise<boolean> {
    return this.#store.write(`copies/${content}`, JSON.stringify(record));
  }

  deleteCopy(content: string): Promise<void> {
    return this.#store.delete(`copies/${content}`);
  }

  failure(file: FileName): Promise<FailureRecord | undefined> {
    return this.#read(failureKey(file));
  }

  setFailure(file: FileName, record: FailureRecord): Promise<boolean> {
    return this.#store.write(failureKey(file), JSON.stringify(record));
  }

  clearFailure(file: FileName): Promise<void> {
    return this.#store.delete(failureKey(file));
  }

  /** The size that an origin once declared. */
  size(file: FileName): Promise<number | undefined> {
    return this.#read(sizeKey(file));
  }

  setSize(file: FileName, size: number): Promise<boolean> {
    return this.#store.write(sizeKey(file), JSON.stringify(size), { ifAbsent: true });
  }

  /**
   * Notes that unverified bytes of this content are about to leave. A client that has a part of them must not be given
   * the rest, from wherever it is: it would be joined to what came first.
   */
  async addTaint(content: string, transfer: string): Promise<void> {
    await this.#store.write(`taints/${content}/${transfer}`, "1");
  }

  /** Takes that back: the transfer came to its end, and its bytes were right. */
  endTaint(content: string, transfer: string): Promise<void> {
    return this.#store.delete(`taints/${content}/${transfer}`);
  }

  async isTainted(content: string): Promise<boolean> {
    return (await this.#store.list(`taints/${content}/`, 1)).length > 0;
  }

  /** The operator's command: forgets that transfers were cut. */
  clearTaints(content: string): Promise<number> {
    return this.#deleteAll(`taints/${content}/`);
  }

  clearFailures(slug: string, commit: string): Promise<number> {
    return this.#deleteAll(`failures/${slug}/${commit}/`);
  }

  clearSizes(slug: string, commit: string): Promise<number> {
    return this.#deleteAll(`sizes/${slug}/${commit}/`);
  }

  async #deleteAll(prefix: string): Promise<number> {
    const keys = await this.#store.list(prefix, MOST_PURGED);
    for (const key of keys) await this.#store.delete(key);
    return keys.length;
  }

  async #read<T>(key: string): Promise<T | undefined> {
    const text = await this.#store.read(key);
    return text === undefined ? undefined : JSON.parse(text);
  }
}

function failureKey({ slug, commit, pathDigest }: FileName): string {
  return `failures/${slug}/${commit}/${pathDigest}`;
}

function sizeKey({ slug, commit, pathDigest }: FileName): string {
  return `sizes/${slug}/${commit}/${pathDigest}`;
}

/** A name as a key can have it. */
function hexOf(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
