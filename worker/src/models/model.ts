import type { SignedFile, SignedModel } from "modelseal";
import type { Entry } from "../configuration/configuration.js";
import type { CommitRecord, FileName } from "../store/records.js";
import { sha256Hex } from "./digest.js";

/** A file that the signature covers, as the gateway deals with it. */
export interface GatewayFile extends FileName {
  readonly path: string;
  /** The signed SHA-256 in hex, where the model was signed with it. */
  readonly sha256: string | undefined;
  /** The signed size, else the one that a hub lists. */
  readonly size: number | undefined;
  /** What names the content for clients where no SHA-256 does: git's name where a hub lists it. */
  readonly id: string;
}

/** A model whose signature holds, at one commit. */
export class Model {
  readonly entry: Entry;
  readonly commit: string;
  readonly signed: SignedModel;
  readonly bundle: Uint8Array<ArrayBuffer>;
  readonly #listed: CommitRecord["listed"];
  readonly #files: ReadonlyMap<string, SignedFile>;

  constructor(
    entry: Entry,
    commit: string,
    opened: {
      readonly signed: SignedModel;
      readonly bundle: Uint8Array<ArrayBuffer>;
      readonly listed: CommitRecord["listed"];
    },
  ) {
    this.entry = entry;
    this.commit = commit;
    this.signed = opened.signed;
    this.bundle = opened.bundle;
    this.#listed = opened.listed;
    this.#files = new Map(opened.signed.files.map((file) => [file.path, file]));
  }

  /** The paths of all signed files, in the signature's order. */
  get paths(): readonly string[] {
    return this.signed.files.map(({ path }) => path);
  }

  /** The file of this path, if it is signed. */
  async file(path: string): Promise<GatewayFile | undefined> {
    const signed = this.#files.get(path);
    if (signed === undefined) return undefined;
    const { algorithm, shardSize } = this.signed.manifest;
    const sha256 =
      algorithm === "sha256" && signed.digest !== undefined ? withoutName(signed.digest) : undefined;
    const identity = () =>
      JSON.stringify([algorithm, shardSize ?? null, signed.digest ?? null, signed.shards ?? null]);
    const contentDigest = sha256 ?? (await sha256Hex(identity()));
    const listed = Object.hasOwn(this.#listed, path) ? this.#listed[path] : undefined;
    return {
      slug: this.entry.slug,
      commit: this.commit,
      path,
      pathDigest: await sha256Hex(path),
      content: `${sha256 === undefined ? "other" : "sha256"}-${contentDigest}`,
      sha256,
      size: signed.size ?? listed?.size,
      id: listed?.oid ?? (await sha256Hex(`${contentDigest}\n${path}`)).slice(0, 40),
    };
  }
}

/** Digests of the package begin with the algorithm's name. */
function withoutName(digest: string): string {
  return digest.slice(digest.indexOf(":") + 1);
}
