// The headers of a file's answer: an allow-list that is written here. Nothing of an origin's answer is passed on.

/** What is known of a file that is served. */
export interface FileFacts {
  readonly path: string;
  readonly commit: string;
  readonly size: number | undefined;
  /** In hex; `undefined` where neither the signature nor a verified copy tells it. */
  readonly sha256: string | undefined;
  /** What names the content where no SHA-256 does: 40 hex digits. */
  readonly id: string;
  /** Whether a shared cache may hold it. */
  readonly shared: boolean;
}

/** The entity tag of a file: clients of hubs name the file in their cache by it, so it is plain hex. */
function entityTag({ sha256, id }: Pick<FileFacts, "sha256" | "id">): string {
  return `"${sha256 ?? id}"`;
}

/** Whether bytes of the answer are known to be right. */
export type Certainty = "verified" | "unverified";

export function fileHeaders(facts: FileFacts, request: Headers, certainty: Certainty): Headers {
  const { path, commit, size, sha256, shared } = facts;
  const tag = entityTag(facts);
  const headers = new Headers({
    "Cache-Control": cacheControl(certainty, shared),
    "Content-Disposition": disposition(path),
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Content-Type": "application/octet-stream",
    ETag: tag,
    Vary: "Authorization, Range",
    "X-Content-Type-Options": "nosniff",
    "X-Linked-ETag": tag,
    "X-Repo-Commit": commit,
  });
  if (certainty === "verified") headers.set("Accept-Ranges", "bytes");
  if (size !== undefined) headers.set("X-Linked-Size", `${size}`);
  if (sha256 !== undefined) {
    const digest = base64OfHex(sha256);
    headers.set("Repr-Digest", `sha-256=:${digest}:`);
    // The form of RFC 3230, which aria2 checks.
    if (/\bsha-256\b/i.test(request.get("want-digest") ?? "")) headers.set("Digest", `SHA-256=${digest}`);
  }
  return headers;
}

/** The headers of a signed file whose bytes are not known to be right yet. */
export function unverifiedHeaders(
  file: Pick<FileFacts, "commit" | "id" | "path" | "sha256">,
  size: number | undefined,
  request: Headers,
): Headers {
  const { path, commit, sha256, id } = file;
  const headers = fileHeaders({ path, commit, size, sha256, id, shared: false }, request, "unverified");
  if (size !== undefined) headers.set("Content-Length", `${size}`);
  return headers;
}

/** Without `no-transform` a proxy may encode a body on its way. A body without a length can be cut unnoticed. */
function cacheControl(certainty: Certainty, shared: boolean): string {
  if (certainty === "unverified") return "no-store, no-transform";
  // A revocation must be seen soon.
  return `${shared ? "public" : "private"}, max-age=300, no-transform`;
}

/** A file is saved, never shown; its name in two forms (RFC 6266 section 4.3). */
function disposition(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const plain = name.replace(/[^\w.-]/g, "_");
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

function base64OfHex(hex: string): string {
  return btoa(hex.replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16))));
}
