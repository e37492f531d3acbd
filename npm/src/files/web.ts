import { UsageError } from "../core/errors.js";
import type { ModelFiles } from "../types/index.js";
import type { DirectoryOptions } from "./directory.js";

export { type DirectoryHandleOptions, fromDirectoryHandle } from "./directory-handle.js";
export { fromDataTransfer } from "./dropped.js";
export { fromEntries } from "./entries.js";
export { fromFile, fromFileList } from "./file-list.js";
export { fromUrls, type RemoteFile } from "./urls.js";
export type { DirectoryOptions };

/** A folder on disk: in Node, Deno and Bun. Elsewhere it throws, and {@link fromDirectoryHandle} is what there is. */
export async function fromDirectory(_path: string, _options?: DirectoryOptions): Promise<ModelFiles> {
  const at = "fromDirectory()";
  throw new UsageError(`${at} needs Node, Deno or Bun: here use fromDirectoryHandle(handle)`, { at });
}
