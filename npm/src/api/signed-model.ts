import type { Opened } from "../../wasm/instance.js";
import { type Bound, isBeyondSigned, readMaxBytes, signedBound } from "../core/bound.js";
import { readAll } from "../core/bytes.js";
import { misuse, translate, VerifyError } from "../core/errors.js";
import { ownMember } from "../core/own.js";
import { asBytes, copyOf, isBytes, isResponse, requireSource } from "../core/sources.js";
import { hashOne } from "../hashing/index.js";
import { type Hashed, joined, type Plan } from "../hashing/plan.js";
import { type CheckStatus, changed, type SignedContent, StreamCheck } from "../hashing/stream-check.js";
import type {
  CheckOptions,
  FileResult,
  Manifest,
  Publisher,
  ReadFileOptions,
  SignatureValid,
  SignedFile,
  Source,
  VerifyFileOptions,
} from "../types/index.js";
import { READ_OPTIONS, type ReadCheckOptions, readCheckOptions, readOptions } from "./check-options.js";
import { checkedStream, type Settled } from "./checked-stream.js";
import { FileCheck, readKey } from "./file-check.js";
import { answerWith, boundOf, mustSpool, type Reason, readResponse, verifiedAnswer } from "./response.js";

/** Who signed, and how that is known. */
export interface Signer extends SignatureValid {
  readonly publisher: Publisher;
}

/** A response with a checked body, and what came of it. */
export interface CheckedResponse {
  readonly response: Response;
  /**
   * Resolves when the body was read to its end, or cannot be: `ok`, `changed` or `unreadable` with the `error`,
   * `not-checked` where the reader cancelled. It never rejects, and stays pending while the body is not read.
   */
  readonly result: Promise<FileResult>;
}

/**
 * What a signature that holds says, where no signer was expected: to be shown. Made by {@link openBundle}.
 */
export class ReportedModel {
  /** Who signed. */
  readonly signer: Signer;
  readonly model: Manifest["model"];
  /** The files that the signature covers. */
  readonly files: readonly SignedFile[];
  /** What the signature says of the model as a whole. */
  readonly manifest: Manifest;

  /** @internal */
  constructor(manifest: Manifest) {
    this.manifest = freeze(manifest);
    this.signer = Object.freeze({ ...manifest.signature, publisher: manifest.publisher });
    this.model = manifest.model;
    this.files = manifest.files;
  }
}

/** A model whose signature holds; its files have yet to be checked. Made by {@link openBundle}. */
export class SignedModel {
  /** Who signed. */
  readonly signer: Signer;
  readonly model: Manifest["model"];
  /** The files that the signature covers. */
  readonly files: readonly SignedFile[];
  /** What the signature says of the model as a whole. */
  readonly manifest: Manifest;
  readonly #opened: Opened;
  readonly #sizes: ReadonlyMap<string, number | undefined>;
  readonly #plan: Plan;
  #disposed = false;

  /** @internal */
  constructor(opened: Opened, manifest: Manifest) {
    this.#opened = opened;
    this.manifest = freeze(manifest);
    this.signer = Object.freeze({ ...manifest.signature, publisher: manifest.publisher });
    this.model = manifest.model;
    this.files = manifest.files;
    this.#plan = { algorithm: manifest.algorithm, shardSize: ownMember(manifest, "shardSize") };
    this.#sizes = new Map(manifest.files.map((file) => [file.path, ownMember(file, "size")]));
  }

  /** Whether the signature covers a file of this path. */
  has(path: string): boolean {
    return this.#sizes.has(path);
  }

  /**
   * Checks the bytes of one file.
   *
   * @example
   * import { readFile } from "node:fs/promises";
   * import { byKey, openBundle } from "modelseal";
   * const policy = byKey(await readFile("key.pem", "utf8"));
   * const signed = await openBundle({ bundle: await readFile("model.sig"), policy });
   * const { status } = await signed.verifyFile("config.json", await readFile("model/config.json"));
   * console.log(status); // ok
   */
  async verifyFile(
    path: string,
    source: Source,
    options: VerifyFileOptions = {},
  ): Promise<{ readonly path: string; readonly status: "ok" | "changed" }> {
    const { signal, maxBytes } = readOptions<VerifyFileOptions>(options, ["signal", "maxBytes"]);
    this.#require(path);
    requireSource(source, { at: "source", path });
    const bound = this.#bound(path, readMaxBytes(maxBytes));
    const file = { plan: this.#plan, source, at: { at: "source", path }, bound, signal };
    try {
      return { path, status: this.#compare(path, await hashOne(file)) };
    } catch (error) {
      // Longer than was signed: it need not be read to its end.
      if (isBeyondSigned(error)) return { path, status: "changed" };
      throw error;
    }
  }

  /**
   * Begins to check a file whose bytes come piece by piece. Given a state that was saved, and the key that it was
   * saved with, it goes on from there: a download that was broken off need not be read again.
   *
   * @example
   * import { readFile } from "node:fs/promises";
   * import { byKey, openBundle } from "modelseal";
   * const policy = byKey(await readFile("key.pem", "utf8"));
   * const signed = await openBundle({ bundle: await readFile("model.sig"), policy });
   * const bytes = await readFile("model/config.json");
   * const key = crypto.getRandomValues(new Uint8Array(32)); // yours alone, and kept
   * const begun = signed.checkFile("config.json");
   * begun.push(bytes.subarray(0, 10));
   * const state = begun.save(key); // to be kept, with how far the download was
   * const resumed = signed.checkFile("config.json", { resume: state, key });
   * resumed.push(bytes.subarray(resumed.length));
   * console.log(resumed.finish()); // { path: "config.json", status: "ok", resumed: true }
   */
  checkFile(
    path: string,
    options: { readonly resume?: Uint8Array | undefined; readonly key?: Uint8Array | undefined } = {},
  ): FileCheck {
    const { resume, key } = readOptions<typeof options>(options, ["resume", "key"]);
    this.#require(path);
    if (resume === undefined)
      return new FileCheck(
        path,
        translate(() => this.#opened.check(path)),
      );
    if (!isBytes(resume)) throw misuse("resume", "must be a Uint8Array");
    const [state, secret] = [asBytes(resume), readKey(key)];
    return new FileCheck(
      path,
      translate(() => this.#opened.restore(path, state, secret), { at: "resume", path }),
    );
  }

  /**
   * A stream of the same bytes that ends well only if they are the signed ones; otherwise it errors with a
   * {@link VerifyError} of the code `file-changed`. See {@link CheckOptions} for what `delivery` means.
   *
   * @example
   * import { readFile } from "node:fs/promises";
   * import { byKey, openBundle } from "modelseal";
   * const policy = byKey(await readFile("key.pem", "utf8"));
   * const signed = await openBundle({ bundle: await readFile("model.sig"), policy });
   * const stream = new Blob([await readFile("model/config.json")]).stream();
   * for await (const chunk of signed.checkStream("config.json", stream)) console.log(chunk.length);
   */
  checkStream(
    path: string,
    readable: ReadableStream<Uint8Array>,
    options: CheckOptions = {},
  ): ReadableStream<Uint8Array> {
    const given = readCheckOptions(options);
    this.#require(path);
    if (!(typeof readable === "object" && readable !== null && "getReader" in readable)) {
      throw misuse({ at: "readable", path }, "must be a ReadableStream");
    }
    return this.#stream(path, readable, given, this.#bound(path, given.maxBytes));
  }

  /**
   * A response with a checked body. It has the status and the headers of the other one, without those that
   * would not be true of this body. Its own methods, such as `json()`, reject with the {@link VerifyError}.
   *
   * A wrong file never arrives at an HTTP client as a complete answer. In workerd that takes a length: where none
   * is known that counts these bytes, the response is a promise as well, which resolves when the file is verified.
   * Awaiting it, or returning it from a handler, waits for that.
   *
   * @example
   * import { readFile } from "node:fs/promises";
   * import { byKey, openBundle } from "modelseal";
   * const policy = byKey(await readFile("key.pem", "utf8"));
   * const signed = await openBundle({ bundle: await readFile("model.sig"), policy });
   * const response = new Response(await readFile("model/config.json"));
   * console.log(await signed.checkResponse("config.json", response).json());
   */
  checkResponse(path: string, response: Response, options: CheckOptions = {}): Response {
    return this.#respond(path, response, options, () => {});
  }

  /**
   * The same as {@link SignedModel.checkResponse}, with what comes of it beside it. Of a body that another part of
   * the platform reads, such as a cache or a page behind a service worker, browsers tell only that it broke.
   *
   * @example
   * import { readFile } from "node:fs/promises";
   * import { byKey, openBundle, VerifyError } from "modelseal";
   * const policy = byKey(await readFile("key.pem", "utf8"));
   * const signed = await openBundle({ bundle: await readFile("model.sig"), policy });
   * const { response, result } = signed.response("config.json", new Response("not the file"));
   * await response.text().catch(() => {});
   * const { status, error } = await result;
   * console.log(status, VerifyError.from(error)?.code); // changed file-changed
   */
  response(path: string, response: Response, options: CheckOptions = {}): CheckedResponse {
    let settle: (result: FileResult) => void = () => {};
    const result = new Promise<FileResult>((resolve) => {
      settle = resolve;
    });
    const checked = this.#respond(path, response, options, ({ status, error }) =>
      settle(error === undefined ? { path, status } : { path, status, error }),
    );
    return { response: checked, result };
  }

  /**
   * The response, when its body is read and is the signed file; it rejects with a {@link VerifyError} otherwise, so
   * that there is time to answer with an error. The body is held in memory, `spoolLimit` bytes of it at most.
   *
   * @example
   * import { readFile } from "node:fs/promises";
   * import { byKey, openBundle, VerifyError } from "modelseal";
   * const policy = byKey(await readFile("key.pem", "utf8"));
   * const signed = await openBundle({ bundle: await readFile("model.sig"), policy });
   * const response = await signed
   *   .verified("config.json", new Response("not the file"))
   *   .catch((error) => new Response(VerifyError.from(error)?.code, { status: 502 }));
   * console.log(response.status); // 502
   */
  async verified(path: string, response: Response, options: ReadFileOptions = {}): Promise<Response> {
    const given = readCheckOptions(options, READ_OPTIONS);
    this.#require(path);
    const answer = readResponse(path, response);
    const bound = this.#bound(path, given.maxBytes, answer.length);
    return verifiedAnswer(answer, await this.#read(path, answer.body, given, bound));
  }

  /**
   * The bytes of one file, if they are the signed ones; it rejects with a {@link VerifyError} otherwise.
   *
   * @example
   * import { readFile } from "node:fs/promises";
   * import { byKey, openBundle } from "modelseal";
   * const policy = byKey(await readFile("key.pem", "utf8"));
   * const signed = await openBundle({ bundle: await readFile("model.sig"), policy });
   * const bytes = await signed.bytes("config.json", new Response(await readFile("model/config.json")));
   * console.log(bytes.length);
   */
  async bytes(
    path: string,
    source: Source | Response,
    options: ReadFileOptions = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    const given = readCheckOptions(options, READ_OPTIONS);
    this.#require(path);
    const place = { at: "source", path };
    if (isResponse(source)) {
      const answer = readResponse(path, source, "source");
      return this.#read(path, answer.body, given, this.#bound(path, given.maxBytes, answer.length));
    }
    requireSource(source, place);
    return this.#read(path, source, given, this.#bound(path, given.maxBytes));
  }

  /**
   * What the JSON of one file holds, if its bytes are the signed ones; it rejects with a {@link VerifyError}
   * otherwise.
   *
   * @example
   * import { readFile } from "node:fs/promises";
   * import { byKey, openBundle } from "modelseal";
   * const policy = byKey(await readFile("key.pem", "utf8"));
   * const signed = await openBundle({ bundle: await readFile("model.sig"), policy });
   * console.log(await signed.json("config.json", await readFile("model/config.json")));
   */
  async json(path: string, source: Source | Response, options: ReadFileOptions = {}): Promise<unknown> {
    return JSON.parse(new TextDecoder().decode(await this.bytes(path, source, options)));
  }

  /** Frees the memory at once. Optional: abandoning the object frees it later. */
  [Symbol.dispose](): void {
    if (!this.#disposed) this.#opened.free();
    this.#disposed = true;
  }

  #respond(
    path: string,
    response: Response,
    options: CheckOptions,
    onSettled: (settled: Settled) => void,
  ): Response {
    const given = readCheckOptions(options);
    this.#require(path);
    const answer = readResponse(path, response);
    const bound = this.#bound(path, given.maxBytes, answer.length);
    const length = this.#sizes.get(path) ?? answer.length;
    const delivery = mustSpool(length) ? "verified" : given.delivery;
    const reason: Reason = {};
    const stream = this.#stream(path, answer.body, { ...given, delivery }, bound, (settled) => {
      if (settled.error !== undefined) reason.error = settled.error;
      onSettled(settled);
    });
    return answerWith({ ...answer, length }, stream, {
      spoolBound: spoolBound(given.spoolLimit),
      reason,
      path,
    });
  }

  #stream(
    path: string,
    readable: ReadableStream<Uint8Array>,
    options: ReadCheckOptions,
    bound: Bound,
    onSettled: (settled: Settled) => void = () => {},
  ): ReadableStream<Uint8Array> {
    const { shardSize } = this.#plan;
    const held = Math.min(shardSize ?? 0, this.#sizes.get(path) ?? 0);
    if (held > options.spoolLimit) {
      throw misuse(
        { at: "spoolLimit", path },
        `is ${options.spoolLimit}, and each shard has ${held} bytes, which are held until they are verified`,
      );
    }
    const check = new StreamCheck(this.#signed(path));
    return checkedStream(
      check,
      readable,
      { ...options, bound, sharded: shardSize !== undefined, path },
      onSettled,
    );
  }

  async #read(
    path: string,
    source: Source,
    { signal, spoolLimit }: ReadCheckOptions,
    bound: Bound,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const limit = bound.bytes <= spoolLimit ? bound : spoolBound(spoolLimit);
    const place = { at: "source", path };
    // What the caller changes while it is hashed is not what is returned.
    const bytes = isBytes(source)
      ? copyOf(asBytes(source))
      : await readAll(source, { at: place, bound: limit, signal });
    if (bytes.byteLength > limit.bytes) throw limit.exceeded();
    const hashed = await hashOne({ plan: this.#plan, source: bytes, at: place, bound, signal });
    if (this.#compare(path, hashed) !== "ok") throw changed(path);
    return bytes;
  }

  /** How long a file may be: as long as it was signed, or declared, or as the caller says. */
  #bound(path: string, maxBytes: number, declared?: number | undefined): Bound {
    const signed = this.#sizes.get(path);
    return signed === undefined ? boundOf(declared, maxBytes, path) : signedBound(signed, path);
  }

  #signed(path: string): SignedContent {
    return {
      path,
      plan: this.#plan,
      compare: (hashed) => this.#compare(path, hashed),
      compareShard: (index, digest) => {
        this.#require(path);
        return translate(() => this.#opened.compareShard(path, index, digest));
      },
    };
  }

  #compare(path: string, { digests, length }: Hashed): CheckStatus {
    this.#require(path);
    return translate(() => this.#opened.compare(path, joined(digests), length)) as CheckStatus;
  }

  #require(path: string): void {
    if (this.#disposed) throw misuse("this model", "was disposed of");
    if (typeof path !== "string") throw misuse("path", "must be a string");
    if (!this.has(path)) {
      throw new VerifyError("file-unsigned", "files", "a file is not covered by the signature", { path });
    }
  }
}

function spoolBound(bytes: number): Bound {
  return {
    bytes,
    exceeded: () => new RangeError(`the file is larger than the spoolLimit of ${bytes} bytes`),
  };
}

/** Freezes what was parsed of JSON: a caller cannot change what another one reads. */
function freeze<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const member of Object.values(value)) freeze(member);
  return Object.freeze(value);
}
