import type { Hub, HubFile } from "./hub.js";
import { HubError } from "./hub-error.js";
import { ownOptions } from "./options.js";
import { ask, member, readJson, readPath, readSha256, readSize } from "./request.js";

/** What {@link jsonListing} takes. */
export interface JsonListingOptions {
  /** Sent to the listing's origin alone. */
  readonly accessToken?: string;
  readonly fetch?: typeof fetch;
}

/**
 * A listing as a JSON file: `{ "commit"?, "files": [{ "path", "size", "sha256"?, "url"? }] }`. Files lie where their
 * `url` says, relative to the listing; by default under their path, beside it.
 *
 * @example
 * import { jsonListing } from "modelseal/hub";
 * const hub = jsonListing("https://models.example/m/listing.json");
 */
export function jsonListing(url: string | URL, options: JsonListingOptions = {}): Hub {
  const { href, origin } = new URL(url);
  const { accessToken, fetch: get = fetch } = ownOptions(options, ["accessToken", "fetch"], "options");
  const asking = { fetch: get, origin, accessToken };
  return {
    async list(signal) {
      const listing = await readJson(await ask(asking, href, signal));
      const entries = member(listing, "files");
      if (!Array.isArray(entries))
        throw new HubError("hub-answer-invalid", "the listing does not have a list of files");
      const commit = member(listing, "commit");
      return {
        name: href,
        commit: typeof commit === "string" ? commit : null,
        files: entries.map(fileOf),
        fetchFile: ({ path, url }, fileSignal) => {
          const place = url ?? path.split("/").map(encodeURIComponent).join("/");
          return ask(asking, new URL(place, href).href, fileSignal);
        },
      };
    },
  };
}

function fileOf(entry: unknown): HubFile {
  const [sha256, url] = [member(entry, "sha256"), member(entry, "url")];
  return {
    path: readPath(member(entry, "path")),
    size: readSize(member(entry, "size")),
    ...(sha256 !== undefined && sha256 !== null && { digest: readSha256(sha256) }),
    ...(typeof url === "string" && { url }),
  };
}
