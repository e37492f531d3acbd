import { type FileEntry, init, type ModelFiles, openBundle, VerifyError, verify, WasmError } from "modelseal";
import type { FileResult, Outcome, Progress, Refusal, Request } from "./protocol.js";

/** What a verification runs on: the compiled Wasm, and workers to hash in, where there are any. */
export interface Platform {
  readonly module: WebAssembly.Module;
  readonly worker: (() => Worker) | false;
}

/** Makes one verification, in whichever thread it is called. */
export async function run(
  { module, worker }: Platform,
  request: Request,
  onProgress: (progress: Progress) => void,
  signal?: AbortSignal,
): Promise<Outcome> {
  await init({ wasm: module, worker });
  const results: FileResult[] = [];
  let path = "";
  const verdict = await verify({
    bundle: request.bundle,
    files: modelFiles(request, await singleFile(request), (opened) => {
      path = opened;
    }),
    policy: request.policy,
    signaturePath: request.signaturePath,
    time: request.time,
    signal,
    onFile: ({ path, status }) => {
      if (status !== "skipped") results.push([path, status]);
    },
    onProgress: (progress) => onProgress({ path, totalBytes: 0, ...progress }),
  });
  return { verdict, results };
}

function modelFiles(
  { files, complete, signaturePath }: Request,
  singleFile: string | undefined,
  onOpen: (path: string) => void,
): ModelFiles {
  const entries = files.map(
    ({ path, file }): FileEntry => ({
      path,
      kind: "file",
      size: file.size,
      open() {
        onOpen(path);
        return file;
      },
    }),
  );
  return Object.assign(entries, {
    complete: complete || singleFile !== undefined,
    // A browser's file list follows symlinks, or leaves them out, and does not say so.
    symlinksObservable: false,
    totalBytes: files.reduce((sum, { path, file }) => (path === signaturePath ? sum : sum + file.size), 0),
    singleFile,
  });
}

/** The path of the one file given, if the signature says that the model is one file. */
async function singleFile(request: Request): Promise<string | undefined> {
  const others = request.files.filter(({ path }) => path !== request.signaturePath);
  if (request.complete || others.length !== 1) return undefined;
  try {
    const { bundle, policy, time } = request;
    const { manifest } = await openBundle({ bundle, policy, time });
    return manifest.single ? others[0]?.path : undefined;
  } catch {
    // Whatever is wrong with the bundle or the policy, `verify` is about to say it.
    return undefined;
  }
}

/** What to tell the person when there is no verdict. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof VerifyError) return { code: error.code, stage: error.stage, message: error.message };
  if (error instanceof WasmError) {
    return {
      code: "wasm-unavailable",
      stage: "usage",
      message: "this browser, or its settings, do not allow WebAssembly",
    };
  }
  if (
    error instanceof DOMException &&
    (error.name === "NotReadableError" || error.name === "NotFoundError")
  ) {
    return {
      code: "file-unreadable",
      stage: "files",
      message: "a file could not be read; choose the folder again, for it may have changed since",
    };
  }
  return { code: "internal", stage: "usage", message: "the verification could not be finished" };
}
