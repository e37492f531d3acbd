/// <reference path="../../types/platform.d.ts" preserve="true" />
import { createInstance } from "../../wasm/instance.js";
import { misuse, WasmError } from "./errors.js";
import { ownMembers } from "./own.js";
import { isBytes, isResponse } from "./sources.js";

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

/** The bindings of one instance of the Wasm. */
export type Wasm = ReturnType<typeof createInstance>;

/** An instance, and its memory, which never becomes smaller. */
interface Instance {
  readonly wasm: Wasm;
  readonly memory: WebAssembly.Memory;
}

/**
 * An instance with more memory than this is not used for the next call. Models that are honest need some 20 MiB;
 * what a hostile bundle made it take would otherwise stay taken as long as the page or the gateway runs.
 */
const MEMORY_MOST = 256 * 1024 * 1024;

let fallback: (() => WasmSource) | undefined;
let ownIntegrity: string | undefined;
let given: WasmSource | undefined;
let loading: Promise<WebAssembly.Module> | undefined;
let compiled: WebAssembly.Module | undefined;
let current: Instance | undefined;
let givenWorker: WorkerSource | false | undefined;
let ownWorker: (() => Worker) | undefined;

/**
 * For the entry of each runtime: how the Wasm is found when the caller does not say. What is fetched then must have
 * the digest `integrity` (Subresource Integrity).
 */
export function provideWasm(source: () => WasmSource, integrity?: string): void {
  fallback = source;
  ownIntegrity = integrity;
}

/** For the entry of browsers: how a worker is made when the caller does not say. */
export function provideWorker(start: () => Worker): void {
  ownWorker = start;
}

/** How workers are made, if there are to be any. */
export interface Workers {
  start(): Worker;
  /** Whether the caller said how. */
  readonly given: boolean;
  /** The same for all that are made in one way. */
  readonly key: unknown;
}

/** How to make workers here, if there are to be any. */
export function workerSource(): Workers | undefined {
  const given = givenWorker;
  if (typeof given === "function") return { start: given, given: true, key: given };
  if (given === false || typeof Worker === "undefined") return undefined;
  if (given === undefined) return ownWorker && { start: ownWorker, given: false, key: ownWorker };
  return { start: () => new Worker(given, { type: "module" }), given: true, key: `${given}` };
}

/** The compiled Wasm, for other threads. */
export function compiledModule(): WebAssembly.Module {
  if (compiled === undefined) throw new WasmError("the WebAssembly is not loaded");
  return compiled;
}

/**
 * Loads the WebAssembly, once. Calling it is optional: everything else does so on its own. It is of use where
 * the file lies elsewhere, or to load it before it is needed. It rejects where another source was loaded
 * already, since that one stays.
 *
 * @example
 * import { init } from "modelseal";
 * await init();
 */
export async function init(options: InitOptions = {}): Promise<void> {
  if (typeof options !== "object" || options === null) throw misuse("init()", "takes an object");
  const { wasm, worker } = ownMembers<InitOptions>(options, ["wasm", "worker"], { name: "options" });
  if (wasm !== undefined && loading !== undefined && !isSame(wasm, given)) {
    throw misuse("wasm", "comes too late: the WebAssembly is loaded already, or is being loaded");
  }
  if (worker !== undefined) givenWorker = readWorker(worker);
  await load(wasm);
}

/** The Wasm for a call. The call keeps to it: what one instance made, no other knows. */
export async function ready(): Promise<Wasm> {
  await load();
  return instance();
}

/** The instance for the next call, if the Wasm is loaded. A live object keeps the one that it was made by. */
export function instance(): Wasm {
  if (current === undefined || current.memory.buffer.byteLength > MEMORY_MOST) {
    const wasm = createInstance();
    const { memory } = wasm.initSync({ module: compiledModule() });
    current = { wasm, memory };
  }
  return current.wasm;
}

/** Lets an instance go whose memory has grown too large, so that the memory does not wait for the next call. */
export function releaseGrown(): void {
  if (current !== undefined && current.memory.buffer.byteLength > MEMORY_MOST) current = undefined;
}

/** A load that failed is tried again the next time. */
function load(source?: WasmSource): Promise<WebAssembly.Module> {
  if (loading === undefined) {
    given = source;
    loading = compileFrom(source ?? fallback).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
  }
  return loading;
}

async function compileFrom(source: WasmSource | (() => WasmSource) | undefined): Promise<WebAssembly.Module> {
  if (source === undefined) throw new WasmError("no WebAssembly to load: call init({ wasm }) first");
  compiled = await compile(source);
  return compiled;
}

/** One file, or two addresses of it. */
function isSame(a: unknown, b: unknown): boolean {
  const address = (source: unknown) => (source instanceof URL ? source.href : source);
  return address(a) === address(b);
}

function readWorker(worker: WorkerSource | false): WorkerSource | false {
  const known = worker === false || typeof worker === "function" || typeof worker === "string";
  if (!known && !(worker instanceof URL)) {
    throw misuse(
      "worker",
      "must be the address of modelseal/worker.js, a function that makes a worker, or false",
    );
  }
  return worker;
}

async function compile(given: WasmSource | (() => WasmSource)): Promise<WebAssembly.Module> {
  let source: Awaited<WasmSource> | undefined;
  try {
    const found = await (typeof given === "function" ? given() : given);
    source = found;
    if (isModule(found)) return found;
    if (isBytes(found)) return await WebAssembly.compile(found as BufferSource);
    const own = given === fallback ? ownIntegrity : undefined;
    const response = isResponse(found) ? found : await fetchWasm(found, own);
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
    : WebAssembly.compile(refuseHtml(await response.arrayBuffer()));
}

/** Whether something is a compiled module: in edge runtimes it is one of another realm, which `instanceof` misses. */
function isModule(value: unknown): value is WebAssembly.Module {
  return Object.prototype.toString.call(value) === "[object WebAssembly.Module]";
}

/** Fetches the Wasm; with a digest, nothing else arrives. */
async function fetchWasm(address: string | URL, integrity: string | undefined): Promise<Response> {
  if (integrity === undefined) return fetch(address);
  try {
    return await fetch(address, { integrity });
  } catch (error) {
    // The engines say only that it failed. What lies there is looked at for the message, and not used.
    const other = await fetch(address).catch(() => undefined);
    if (other === undefined) throw error;
    if (!other.ok) return other;
    refuseHtml(await other.arrayBuffer());
    throw new WasmError("the file there is not the one that this version of modelseal was built with", {
      cause: error,
    });
  }
}

/** The server of a single-page app answers with HTML for a file that does not exist. */
function refuseHtml(bytes: ArrayBuffer): ArrayBuffer {
  const start = new TextDecoder().decode(bytes.slice(0, 64)).trimStart();
  if (!start.startsWith("<")) return bytes;
  throw new WasmError(
    "the server answered with HTML, so the file is probably not there. With Vite 5 to 7 set " +
      "optimizeDeps.exclude to ['modelseal']; otherwise serve modelseal/modelseal.wasm and call " +
      "init({ wasm: address }), or import from modelseal/inline",
  );
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
