// The page's side of a check: one worker for each model.
import { integrity } from "modelseal/integrity";
import wasmUrl from "modelseal/modelseal.wasm?url";
import type { Drop } from "../given/entry.js";
import type { RemoteModel } from "../given/remote.js";
import workerUrl from "../worker/check.worker.js?worker&url";
import { type Action, type Answer, refused } from "./answer.js";
import type { Found, FromWorker, Progress, ToWorker, Wishes } from "./protocol.js";
import type { Query, RowPage } from "./rows.js";
import { scriptUrl } from "./trusted-url.js";

/** What the page is told while a check runs. */
export interface Listener {
  listed(count: number): void;
  found(found: Found): void;
  contradiction(path: string): void;
  progress(progress: Progress): void;
}

type Message = Exclude<ToWorker, { type: "start" }>;

let compiling: Promise<WebAssembly.Module> | undefined;

/**
 * The page compiles, and hands the module over: the page's policy allows it no other origin, while a worker's own
 * requests are outside of that policy. No other Wasm than the one of this build is taken.
 */
export function loadWasm(): Promise<WebAssembly.Module> {
  compiling ??= WebAssembly.compileStreaming(fetch(wasmUrl, { integrity })).catch((error: unknown) => {
    compiling = undefined;
    throw error;
  });
  return compiling;
}

/** One model, and all that is asked about it. */
export class Client {
  #listener: Listener | undefined;
  #post: ((message: Message) => void) | undefined;
  #worker: Worker | undefined;
  #settle: ((answer: Answer) => void) | undefined;
  readonly #replies = new Map<number, (value: never) => void>();
  #lastId = 0;
  #remote: RemoteModel | undefined;

  /** Tells how far it is to someone else from now on. */
  listen(listener: Listener): void {
    this.#listener = listener;
  }

  /** Hands in what was dropped or chosen. */
  async give({ folders, loose }: Drop): Promise<void> {
    const post = await this.#start();
    for (const folder of folders) {
      const { name, handle } = folder;
      if (handle === undefined) {
        post({ type: "files", folder: name, files: [] });
        for await (const files of folder.files()) post({ type: "files", folder: name, files });
        continue;
      }
      post({ type: "folder", handle });
      for await (const paths of folder.paths()) post({ type: "paths", folder: name, paths });
      const hidden = await this.#question<readonly string[]>((id) => ({
        type: "paths",
        folder: name,
        paths: [],
        id,
      }));
      if (hidden.length > 0) post({ type: "files", folder: name, files: await folder.open(hidden) });
    }
    if (loose.length > 0) post({ type: "loose", files: loose });
  }

  /** Hands in a model at an address: its signature at once, its files when they are asked for. */
  async giveRemote(remote: RemoteModel): Promise<void> {
    const post = await this.#start();
    this.#remote = remote;
    post({ type: "remote", name: remote.name, bundle: await remote.bundle() });
  }

  check(wishes: Wishes): Promise<Answer> {
    return this.#ask({ type: "check", wishes });
  }

  act(action: Action, wishes: Wishes): Promise<Answer> {
    return this.#ask({ type: "act", action, wishes });
  }

  stop(): void {
    this.#post?.({ type: "stop" });
  }

  rows(query: Query): Promise<RowPage> {
    return this.#question((id) => ({ type: "rows", id, query }));
  }

  /** The verdict's JSON; nothing where there is no verdict. */
  report(): Promise<Blob | undefined> {
    return this.#question((id) => ({ type: "report", id }));
  }

  /** The signature's JSON. */
  bundle(): Promise<string | undefined> {
    return this.#question((id) => ({ type: "bundle", id }));
  }

  /** Ends the worker: nothing of this model reaches the next. */
  end(): void {
    this.#remote?.end();
    this.#worker?.terminate();
    this.#post = undefined;
  }

  async #ask(message: Message): Promise<Answer> {
    let post: (message: Message) => void;
    try {
      post = await this.#start();
    } catch {
      return refused("wasm-unavailable");
    }
    return new Promise((resolve) => {
      this.#settle = resolve;
      post(message);
    });
  }

  #question<T>(message: (id: number) => Message): Promise<T> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise<T>((resolve) => {
      this.#replies.set(id, resolve as (value: never) => void);
      this.#post?.(message(id));
    });
  }

  async #start(): Promise<(message: Message) => void> {
    if (this.#post !== undefined) return this.#post;
    const module = await loadWasm();
    const worker = await startWorker();
    this.#worker = worker;
    worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => this.#take(data));
    worker.addEventListener("error", () => this.#broken());
    worker.postMessage({ type: "start", module } satisfies ToWorker);
    this.#post = (message) => worker.postMessage(message);
    return this.#post;
  }

  #take(message: FromWorker): void {
    switch (message.type) {
      case "ready":
        break;
      case "listed":
        this.#listener?.listed(message.count);
        break;
      case "found":
        this.#listener?.found(message.found);
        break;
      case "contradiction":
        this.#listener?.contradiction(message.path);
        break;
      case "progress":
        this.#listener?.progress(message.progress);
        break;
      case "open":
        void this.#open(message.id, message.path);
        break;
      case "answer":
        this.#settle?.(message.answer);
        break;
      case "reply":
        this.#replies.get(message.id)?.(message.value as never);
        this.#replies.delete(message.id);
    }
  }

  /** Fetches a file for the worker, which has no network. The bytes go to it as they come. */
  async #open(id: number, path: string): Promise<void> {
    try {
      const stream = await this.#remote?.open(path);
      if (stream !== undefined) {
        this.#worker?.postMessage({ type: "opened", id, stream } satisfies ToWorker, [stream]);
        return;
      }
    } catch {
      // The worker is told that there is nothing, and says so of the file.
    }
    this.#worker?.postMessage({ type: "opened", id } satisfies ToWorker);
  }

  #broken(): void {
    this.#settle?.(refused("internal"));
  }
}

/** A worker that has answered. */
function startWorker(): Promise<Worker> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(scriptUrl(workerUrl), { type: "module" });
    worker.addEventListener("error", reject, { once: true });
    worker.addEventListener(
      "message",
      () => {
        worker.removeEventListener("error", reject);
        resolve(worker);
      },
      { once: true },
    );
  });
}
