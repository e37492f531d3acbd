import * as glue from "#wasm";
import { WasmError } from "./errors.js";

/** What the WebAssembly can be loaded from. */
export type WasmSource =
  | WebAssembly.Module
  | ArrayBuffer
  | Uint8Array
  | URL
  | string
  | Response
  | Promise<WebAssembly.Module | ArrayBuffer | Uint8Array | Response>;

/** What {@link init} takes. */
export interface InitOptions {
  /** Where the WebAssembly is: a module, its bytes, its address or a response. */
  readonly wasm?: WasmSource;
  /**
   * The worker that hashes in browsers: the address of `modelseal/worker.js`, or what makes one; `false` to
   * do without. By default it is looked for beside the package, and done without where it does not start.
   */
  readonly worker?: WorkerSource | false;
}

/** Where the worker's script lies, or what makes a worker of it. */
export type WorkerSource = string | URL | (() => Worker);

let fallback: (() => WasmSource) | undefined;
let loading: Promise<typeof glue> | undefined;
let compiled: WebAssembly.Module | undefined;
let givenWorker: WorkerSource | false | undefined;
let ownWorker: (() => Worker) | undefined;

/** For the entry of each runtime: how the Wasm is found when the caller does not say. */
export function provideWasm(source: () => WasmSource): void {
  fallback = source;
}

/** For the entry of browsers: how a worker is made when the caller does not say. */
export function provideWorker(start: () => Worker): void {
  ownWorker = start;
}

/** How to make a worker, if there are to be any, and whether that is the caller's word. */
export function workerSource(): { readonly start: () => Worker; readonly given: boolean } | undefined {
  const given = givenWorker;
  if (typeof given === "function") return { start: given, given: true };
  if (given === false || typeof Worker === "undefined") return undefined;
  if (given === undefined) return ownWorker && { start: ownWorker, given: false };
  return { start: () => new Worker(given, { type: "module" }), given: true };
}

/** The Wasm of {@link ready}, for other threads. */
export function compiledModule(): WebAssembly.Module {
  if (compiled === undefined) throw new WasmError("the WebAssembly is not loaded");
  return compiled;
}

/**
 * Loads the WebAssembly, once. Calling it is optional: everything else does so by itself. It is of use
 * where the file lies elsewhere, or to load it before it is needed.
 *
 * @example
 * import { init } from "modelseal";
 * await init();
 */
export async function init(options: InitOptions = {}): Promise<void> {
  if (typeof options !== "object" || options === null) throw new TypeError("init() takes an object");
  if (options.worker !== undefined) givenWorker = options.worker;
  await ready(options.wasm);
}

/** The loaded Wasm. A load that failed is tried again the next time. */
export function ready(source?: WasmSource): Promise<typeof glue> {
  loading ??= load(source).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(given: WasmSource | undefined): Promise<typeof glue> {
  const source = given ?? fallback;
  if (source === undefined) throw new WasmError("no WebAssembly to load: call init({ wasm }) first");
  compiled = await compile(source);
  glue.initSync({ module: compiled });
  return glue;
}

async function compile(given: WasmSource | (() => WasmSource)): Promise<WebAssembly.Module> {
  let source: Awaited<WasmSource> | undefined;
  try {
    const found = await (typeof given === "function" ? given() : given);
    source = found;
    if (found instanceof WebAssembly.Module) return found;
    if (found instanceof ArrayBuffer || found instanceof Uint8Array) {
      return await WebAssembly.compile(found as BufferSource);
    }
    const response = found instanceof Response ? found : await fetch(found);
    if (!response.ok) throw new WasmError(`HTTP status ${response.status}`);
    return await compileResponse(response);
  } catch (error) {
    throw explain(error, source);
  }
}

async function compileResponse(response: Response): Promise<WebAssembly.Module> {
  const type = response.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  // A server that sends another type than this makes compileStreaming() refuse.
  return type === "application/wasm"
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}

function explain(error: unknown, source: unknown): WasmError {
  const text = error instanceof Error ? error.message : String(error);
  // Each engine has its own words for a page policy that forbids Wasm.
  if (
    /content security policy|unsafe-eval|blocked by csp|disallowed by embedder|refused to compile/i.test(text)
  ) {
    return new WasmError(
      "WebAssembly is forbidden here: allow 'wasm-unsafe-eval' in the script-src of the Content-Security-Policy, " +
        "or give init({ wasm }) a WebAssembly.Module that the platform compiled",
      { cause: error },
    );
  }
  const where = source instanceof URL || typeof source === "string" ? ` from ${source}` : "";
  return new WasmError(`the WebAssembly could not be loaded${where}: ${text}`, { cause: error });
}
