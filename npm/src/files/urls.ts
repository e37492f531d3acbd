import type { ModelFiles } from "../types.js";
import { fromEntries } from "./entries.js";

/** A file of the model and where it is. */
export interface RemoteFile {
  readonly path: string;
  readonly url: string | URL;
  readonly size?: number;
}

/**
 * Files behind addresses. Nobody can list a model there, so that a verdict on them is `incomplete` at best.
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
    open: async () => {
      const response = await get(url);
      if (response.status !== 200) throw new Error(`HTTP status ${response.status}`);
      return response.body ?? new Uint8Array();
    },
  }));
  return fromEntries(entries, { complete: false });
}
