import type { ModelFiles } from "../types/index.js";
import { fromEntries } from "./entries.js";

/** A file of the model and where it is. */
export interface RemoteFile {
  readonly path: string;
  readonly url: string | URL;
  readonly size?: number;
}

/**
 * Files behind addresses. A model cannot be listed there, so a verdict on them is `incomplete` at best.
 *
 * @example
 * import { fromUrls } from "modelseal/files";
 * const files = fromUrls([{ path: "config.json", url: "https://models.example/m/config.json" }]);
 */
export function fromUrls(
  files: Iterable<RemoteFile>,
  options: { readonly fetch?: typeof fetch } = {},
): ModelFiles {
  const get = options.fetch ?? ((input) => fetch(input));
  const entries = Array.from(files, ({ path, url, size }) => ({
    path,
    kind: "file" as const,
    size,
    open: () => get(url),
  }));
  return fromEntries(entries, { complete: false });
}
