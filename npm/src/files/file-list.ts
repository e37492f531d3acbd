import { UsageError } from "../core/errors.js";
import type { ModelFiles } from "../types/index.js";
import { blobEntry, fromEntries } from "./entries.js";

/**
 * The files of an `<input type="file">`. With `webkitdirectory` they are a whole folder, whose own name is
 * not part of the paths; otherwise it is not known what lies beside them.
 *
 * @example
 * import { fromFileList } from "modelseal/files";
 * const input = { files: [new File(["{}"], "config.json")] }; // an <input type="file">
 * const files = fromFileList(input.files);
 */
export function fromFileList(list: Iterable<File> | ArrayLike<File> | null): ModelFiles {
  if (list === null) throw new UsageError("list is null: the input is not of the type file", { at: "list" });
  const found = Array.from(list);
  const complete = found.length > 0 && found.every((file) => relativePath(file) !== "");
  const entries = found.map((file) => blobEntry(withoutRoot(relativePath(file)) || file.name, file));
  const totalBytes = found.reduce((sum, file) => sum + file.size, 0);
  const singleFile = !complete && found.length === 1 ? found[0]?.name : undefined;
  // No browser says which of the files is a symlink.
  return fromEntries(entries, { complete, symlinksObservable: false, singleFile, totalBytes });
}

/**
 * A model that is one single file.
 *
 * @example
 * import { fromFile } from "modelseal/files";
 * const files = fromFile(new File(["…"], "model.safetensors"));
 */
export function fromFile(file: File): ModelFiles {
  return fromEntries([blobEntry(file.name, file)], {
    complete: true,
    symlinksObservable: false,
    singleFile: file.name,
    totalBytes: file.size,
  });
}

function relativePath(file: File): string {
  return file.webkitRelativePath ?? "";
}

function withoutRoot(path: string): string {
  return path.slice(path.indexOf("/") + 1);
}
