/** Where a listing comes from: made by {@link huggingFace} or {@link jsonListing}. */
export interface Hub {
  /** Pins a revision and lists its files. */
  list(signal?: AbortSignal): Promise<HubListing>;
}

/** The files of one revision, as a hub states them. */
export interface HubListing {
  /** The repository's name, or the listing's address. */
  readonly name: string;
  /** The commit that was pinned; `null` where the hub has none. */
  readonly commit: string | null;
  readonly files: readonly HubFile[];
  /** Fetches a file of this revision. */
  fetchFile(file: HubFile, signal?: AbortSignal): Promise<Response>;
}

/** A file that a hub lists. */
export interface HubFile {
  readonly path: string;
  readonly size: number;
  /** `sha256:` and hex, where the hub states the digest of the content. */
  readonly digest?: string;
  /** Where it is, relative to the listing; by default its path. */
  readonly url?: string;
}
