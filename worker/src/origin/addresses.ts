// Where an origin has what is asked for.
import type { Entry } from "../configuration/configuration.js";

function under(base: URL, segments: readonly string[]): URL {
  const url = new URL(base);
  const folder = url.pathname.endsWith("/") ? url.pathname : `${url.pathname}/`;
  url.pathname = folder + segments.map(encodeURIComponent).join("/");
  return url;
}

/** The address of a file. */
export function fileAddress({ origin, source }: Entry, commit: string, path: string): URL {
  const folder = source === "" ? [] : source.split("/");
  const file = path.split("/");
  if (origin.kind === "files") return under(origin.url, [...folder, ...file]);
  return under(origin.url, [...folder, "resolve", commit, ...file]);
}

/** What a hub knows of a revision. */
export function revisionAddress({ origin, source }: Entry, revision: string): URL {
  return under(origin.url, ["api", "models", ...source.split("/"), "revision", revision]);
}

/** A hub's list of the files of a commit. */
export function treeAddress({ origin, source }: Entry, commit: string): URL {
  const url = under(origin.url, ["api", "models", ...source.split("/"), "tree", commit]);
  url.search = "recursive=true&expand=false";
  return url;
}
