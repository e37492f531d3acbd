// Fetches a large file into the store and verifies it there, in steps that can be resumed: the file is not there
// before its digest is right.
import { type FileCheck, VerifyError } from "modelseal";
import { Problem } from "../answers/problem.js";
import { fromBase64, toBase64 } from "../bytes.js";
import type { Gateway } from "../gateway.js";
import type { GatewayFile, Model } from "../models/model.js";
import { OriginError, originProblem, versionOf } from "../origin/request.js";
import type { Store } from "../store/store.js";
import { objectKey } from "./copy.js";
import { askForFile, changedProblem, rememberFailure, requireLength, sizeOf } from "./origin-file.js";
import { inParts } from "./parts.js";
import type { PullAnswer, PullJob } from "./pull-job.js";

/** What a pull needs to go on where it was. */
export interface PullState {
  readonly upload: string;
  /** The parts that are stored. */
  readonly parts: readonly string[];
  readonly bytes: number;
  /** What the origin said of the file, so that no two versions are joined. */
  readonly version: string;
  readonly etag: string | null;
  /** The hash so far, sealed with the key. */
  readonly hash: string;
  /** Whether the last part is stored. */
  readonly ended: boolean;
}

/** Where a pull keeps its state between its steps. */
export interface PullMemory {
  read(): Promise<PullState | undefined>;
  write(state: PullState | undefined): Promise<void>;
  /** At least 32 secret bytes: with them a state can be made up. */
  readonly key: Uint8Array;
}

/** How many parts a step stores. */
const STEP_PARTS = 16;

/**
 * Does one step. Answers `more`, or `done` when the verified copy is in the store. Throws a {@link Problem} of 422
 * where the file is not the signed one, and an {@link OriginError} where it could not be fetched this time.
 */
export async function pullStep(
  gateway: Gateway,
  model: Model,
  file: GatewayFile,
  memory: PullMemory,
): Promise<"done" | "more"> {
  const store = requireStore(gateway);
  if (await settleCopy(gateway, store, file)) return "done";
  const step = new Step(gateway, store, model, file, memory);
  try {
    return await step.run();
  } catch (error) {
    if (error instanceof Problem && error.status === 422) {
      await rememberFailure(gateway, file, step.version, error);
      await step.abandon();
    }
    throw error;
  }
}

class Step {
  readonly #gateway: Gateway;
  readonly #store: Store;
  readonly #model: Model;
  readonly #file: GatewayFile;
  readonly #memory: PullMemory;
  #state: PullState | undefined;
  /** The version of the origin's file. */
  version = "";

  constructor(gateway: Gateway, store: Store, model: Model, file: GatewayFile, memory: PullMemory) {
    this.#gateway = gateway;
    this.#store = store;
    this.#model = model;
    this.#file = file;
    this.#memory = memory;
  }

  async run(): Promise<"done" | "more"> {
    this.#state = await this.#memory.read();
    this.version = this.#state?.version ?? "";
    const response = this.#state?.ended === true ? undefined : await this.#ask();
    const check = this.#check();
    try {
      if (response === undefined) return await this.#finish(check);
      this.version = this.#state?.version ?? versionOf(response);
      if (this.#state === undefined) {
        await this.#begin(response, check.save(this.#memory.key));
      }
      return await this.#fill(response, check);
    } finally {
      check[Symbol.dispose]();
    }
  }

  /** Lets go of what was stored. */
  async abandon(): Promise<void> {
    const state = this.#state ?? (await this.#memory.read());
    if (state !== undefined)
      await this.#upload(state)
        .abort()
        .catch(() => {});
    this.#state = undefined;
    await this.#memory.write(undefined);
  }

  /** Asks for what is missing; for the whole file where the origin has another one by now. */
  async #ask(): Promise<Response> {
    const state = this.#state;
    if (state !== undefined && state.bytes > 0) {
      const headers = {
        Range: `bytes=${state.bytes}-`,
        ...(state.etag !== null && !state.etag.startsWith("W/") && { "If-Range": state.etag }),
      };
      const response = await askForFile(this.#gateway, this.#model, this.#file.path, { headers }).catch(
        () => undefined,
      );
      if (response !== undefined && response.status === 206 && continues(response, state)) return response;
      await response?.body?.cancel();
    }
    if (state !== undefined) await this.abandon();
    const response = await askForFile(this.#gateway, this.#model, this.#file.path);
    const known = this.#file.size ?? (await this.#gateway.records.size(this.#file));
    try {
      requireLength(this.#file, known, response);
    } catch (error) {
      this.version = versionOf(response);
      await response.body?.cancel();
      throw error;
    }
    return response;
  }

  async #begin(response: Response, hash: Uint8Array): Promise<void> {
    const upload = await this.#store.beginUpload(objectKey(this.#file));
    const etag = response.headers.get("etag");
    await this.#write({
      upload,
      parts: [],
      bytes: 0,
      version: this.version,
      etag,
      hash: toBase64(hash),
      ended: false,
    });
  }

  async #fill(response: Response, check: FileCheck): Promise<"done" | "more"> {
    const upload = this.#upload(this.#require());
    const most = this.#gateway.configuration.limits.fileBytes;
    let stored = 0;
    for await (const { bytes, last } of inParts(response, upload.partBytes)) {
      const state = this.#require();
      check.push(bytes);
      if (state.bytes + bytes.byteLength > (this.#file.size ?? most)) {
        throw changedProblem(
          this.#file,
          "file-size-changed",
          "The origin's file is longer than the signed one. It is not delivered.",
        );
      }
      const parts =
        bytes.byteLength === 0
          ? state.parts
          : [...state.parts, await upload.write(state.parts.length + 1, bytes)];
      await this.#write({
        ...state,
        parts,
        bytes: state.bytes + bytes.byteLength,
        hash: toBase64(check.save(this.#memory.key)),
        ended: last,
      });
      if (last) return this.#finish(check);
      if (++stored === STEP_PARTS) return "more";
    }
    return this.#finish(check);
  }

  async #finish(check: FileCheck): Promise<"done"> {
    const state = this.#require();
    const { status } = check.finish();
    if (status !== "ok") throw changedProblem(this.#file);
    const upload = this.#upload(state);
    if (state.parts.length > 0) await upload.complete(state.parts);
    else {
      // R2 completes no object of no parts.
      await this.#store.putObject(objectKey(this.#file), new Uint8Array());
      await upload.abort().catch(() => {});
    }
    if (!(await settleCopy(this.#gateway, this.#store, this.#file))) {
      throw new OriginError("origin-down", "The store does not have what was written to it.");
    }
    await this.#memory.write(undefined);
    return "done";
  }

  /** The hash where it was. */
  #check(): FileCheck {
    const { path } = this.#file;
    if (this.#state === undefined) return this.#model.signed.checkFile(path);
    const [resume, key] = [fromBase64(this.#state.hash), this.#memory.key];
    return this.#model.signed.checkFile(path, { resume, key });
  }

  #upload({ upload }: PullState) {
    return this.#store.upload(objectKey(this.#file), upload);
  }

  async #write(state: PullState): Promise<void> {
    this.#state = state;
    await this.#memory.write(state);
  }

  #require(): PullState {
    if (this.#state === undefined) throw new Error("a pull has not begun");
    return this.#state;
  }
}

/** Whether an answer goes on exactly where the stored parts end, in the same version of the file. */
function continues(response: Response, { bytes, etag }: PullState): boolean {
  const range = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15}|\*)$/.exec(
    response.headers.get("content-range") ?? "",
  );
  return range !== null && Number(range[1]) === bytes && response.headers.get("etag") === etag;
}

/**
 * Notes a copy that the store has: it is only completed when its digest was right. Of a file that is signed
 * otherwise the SHA-256, which clients go by, is computed from the copy.
 */
async function settleCopy(gateway: Gateway, store: Store, file: GatewayFile): Promise<boolean> {
  const size = await store.objectSize(objectKey(file));
  if (size === undefined) return false;
  const known = await gateway.records.copy(file.content);
  if (known?.size === size) return true;
  const sha256 = file.sha256 ?? (await digestOfCopy(gateway, store, file));
  await gateway.records.setCopy(file.content, { size, sha256 });
  return true;
}

async function digestOfCopy(gateway: Gateway, store: Store, file: GatewayFile): Promise<string> {
  const hash = gateway.host.sha256();
  const body = await store.readObject(objectKey(file));
  if (body === undefined)
    throw new OriginError("origin-down", "The store does not have what was written to it.");
  for await (const { bytes } of inParts(new Response(body), 1024 * 1024)) await hash.push(bytes);
  return hash.finish();
}

/** The store, or the problem that there is none. */
export function requireStore(gateway: Gateway): Store {
  const { store } = gateway.host;
  if (store !== undefined) return store;
  throw new Problem(503, "no-store-configured", "This file is too large for a gateway without a store.");
}

/** How often a pull is tried again where the origin breaks off, and how long that is remembered. */
const ATTEMPTS = 3;
const REST_MILLISECONDS = 5000;

/** One pull, from its beginning to its end: what a Durable Object, or this process, has of each file. */
export class Pull {
  readonly startedAt = Date.now();
  readonly #gateway: Gateway;
  readonly #job: PullJob;
  readonly #memory: PullMemory;
  #attempts = 0;
  #answer: PullAnswer | undefined;
  #answeredAt = 0;

  constructor(gateway: Gateway, job: PullJob, memory: PullMemory) {
    this.#gateway = gateway;
    this.#job = job;
    this.#memory = memory;
  }

  /** What came of it, as long as that is to be told. */
  get answer(): PullAnswer | undefined {
    return this.#answer;
  }

  /** Whether it is over, and may be begun anew. */
  get isOver(): boolean {
    const answer = this.#answer;
    if (answer === undefined) return false;
    // A file that is not the signed one is remembered in the store.
    if (answer.status !== "failed" || answer.problem.status === 422) return true;
    return Date.now() - this.#answeredAt > REST_MILLISECONDS;
  }

  /** Does one step. False when there is none left to do. */
  async step(): Promise<boolean> {
    const { slug, commit, path } = this.#job;
    try {
      const entry = this.#gateway.configuration.models.get(slug);
      if (entry === undefined) throw new Problem(404, "model-unknown", "There is no such model.");
      const model = await this.#gateway.models.model(entry, commit);
      const file = await model.file(path);
      if (file === undefined) throw new Problem(404, "file-not-signed", "This file is not signed.");
      // Where the size is not known, it is from here on.
      await sizeOf(this.#gateway, model, file).catch(() => undefined);
      if ((await pullStep(this.#gateway, model, file, this.#memory)) === "more") {
        this.#attempts = 0;
        return true;
      }
      this.#settle({ status: "done" });
      return false;
    } catch (error) {
      if (this.#goesOn(error)) return true;
      // What the store or the state cannot do is not tried again from there.
      if (!(error instanceof OriginError)) await this.#memory.write(undefined).catch(() => {});
      return false;
    }
  }

  /** Whether it is worth another step; otherwise what came of it is told. */
  #goesOn(error: unknown): boolean {
    const isForGood = error instanceof Problem || error instanceof VerifyError;
    this.#attempts += 1;
    if (!isForGood && this.#attempts < ATTEMPTS) return true;
    const problem = error instanceof OriginError ? originProblem(error, 502) : error;
    if (!(problem instanceof Problem)) {
      this.#gateway.host.log({ event: "pull-failed", model: this.#job.slug, error: `${error}` });
    }
    const { status, code, message } =
      problem instanceof Problem
        ? problem
        : new Problem(502, "pull-failed", "The file could not be fetched.");
    this.#settle({ status: "failed", problem: { status, code, message } });
    return false;
  }

  #settle(answer: PullAnswer): void {
    this.#answer = answer;
    this.#answeredAt = Date.now();
  }
}
