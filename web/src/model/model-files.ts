import type { ModelFiles as Found } from "modelseal";
import { fromDataTransfer, fromFileList } from "modelseal/files";
import type { ModelFile, PickedModel } from "./picked-model.js";
import { isSignatureName } from "./signatures.js";

/** What was given is not a model. */
export class PickError extends Error {
  override readonly name = "PickError";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Files of an `<input type="file">`, with or without `webkitdirectory`. */
export async function fromInput(list: readonly File[]): Promise<PickedModel> {
  const [first] = list;
  if (first === undefined) throw new PickError("files-missing", "There are no files in what you chose.");
  const found = fromFileList(list);
  const folder = first.webkitRelativePath.split("/", 1)[0] || undefined;
  return picked(folder, await collect(found), found.complete);
}

/**
 * What was dropped: one folder is a model, and a signature may lie beside it; anything else is single
 * files. The items are gone when the event's handler returns, so all are taken before the first wait.
 */
export async function fromDrop(
  items: DataTransferItemList,
  onFound: (count: number) => void,
): Promise<PickedModel> {
  const all = Array.from(items).filter(({ kind }) => kind === "file");
  const folders = all.filter((item) => item.webkitGetAsEntry()?.isDirectory === true);
  const loose = all.filter((item) => !folders.includes(item));
  const [folder] = folders;
  if (folder === undefined) {
    const found = fromDataTransfer(loose);
    const files = await collect(await found, onFound);
    if (files.length === 0) throw new PickError("files-missing", "There are no files in what you dropped.");
    return picked(undefined, files, false);
  }
  const name = folder.webkitGetAsEntry()?.name;
  const beside = loose.map((item) => item.getAsFile()).filter((file) => file !== null);
  if (folders.length > 1 || !beside.every((file) => isSignatureName(file.name))) {
    throw new PickError(
      "drop-ambiguous",
      "Drop one folder, with or without its signature beside it, or single files.",
    );
  }
  const found = fromDataTransfer([folder]);
  const files = await collect(await found, onFound);
  if (files.length === 0) throw new PickError("files-missing", "There are no files in this folder.");
  return picked(name, files, true, beside);
}

function picked(
  folder: string | undefined,
  files: readonly ModelFile[],
  complete: boolean,
  beside: readonly File[] = [],
): PickedModel {
  const [first] = files;
  const name = folder ?? (files.length === 1 && first !== undefined ? first.path : "");
  return { name, files, complete, beside };
}

/** Opens every file, which reads nothing yet: a file's handle can cross to a worker, a way to open it cannot. */
async function collect(found: Found, onFound?: (count: number) => void): Promise<ModelFile[]> {
  const files: ModelFile[] = [];
  for await (const entry of found) {
    if (!("kind" in entry) || entry.kind !== "file") continue;
    const file = await entry.open?.();
    if (file instanceof File) files.push({ path: entry.path, file });
    if (files.length % 1000 === 0) onFound?.(files.length);
  }
  return files;
}
