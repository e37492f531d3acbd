import type { Opened } from "#wasm";
import { checkedStream } from "./checked-stream.js";
import { fromJson, translate, VerifyError } from "./errors.js";
import { FileCheck } from "./file-check.js";
import { Check, type CheckStatus } from "./hashing/check.js";
import { type Hashed, joined, type Plan } from "./hashing/plan.js";
import { hashOne } from "./hashing/start.js";
import { open, requireObject } from "./opened.js";
import type {
  CheckOptions,
  Manifest,
  OpenRequest,
  Policy,
  Publisher,
  ReportOnlyPolicy,
  SignatureValid,
  SignedFile,
  Source,
} from "./types.js";

/**
 * Opens a bundle whose signature holds, to check single files with. Throws a {@link VerifyError} when the
 * signature does not hold.
 *
 * What it gives says nothing about a model as a whole: for that there is {@link verify}. By a policy that only
 * reports it gives a {@link ReportedModel}, which checks no files.
 *
 * @example
 * import { readFile } from "node:fs/promises";
 * import { openBundle } from "modelseal";
 * const policy = { method: "key", publicKey: await readFile("key.pem", "utf8") };
 * const signed = await openBundle({ bundle: await readFile("model.sig"), policy });
 * console.log(signed.signer.key, signed.files.length);
 */
export async function openBundle(request: OpenRequest & { readonly policy: Policy }): Promise<SignedModel>;
export async function openBundle(
  request: OpenRequest & { readonly policy: ReportOnlyPolicy },
): Promise<ReportedModel>;
export async function openBundle(request: OpenRequest): Promise<SignedModel | ReportedModel>;
export async function openBundle(request: OpenRequest): Promise<SignedModel | ReportedModel> {
  requireObject(request, "openBundle");
  const opened = await open(request);
  let keep = false;
  try {
    const error = opened.error();
    if (error !== undefined) throw fromJson(error);
    const manifest: Manifest = JSON.parse(translate(() => opened.manifest()));
    if (opened.isReport()) return new ReportedModel(manifest);
    const signed = new SignedModel(opened, manifest);
    keep = true;
    return signed;
  } finally {
    if (!keep) opened.free();
  }
}

/** Who signed, and how that is known. */
export interface Signer extends SignatureValid {
  readonly publisher: Publisher;
}

/**
 * What a signature that holds says, by a signer whom nobody expected: to be shown. Made by {@link openBundle}.
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
    this.manifest = manifest;
    this.signer = { ...manifest.signature, publisher: manifest.publisher };
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
  readonly #paths: ReadonlySet<string>;
  readonly #plan: Plan;

  /** @internal */
  constructor(opened: Opened, manifest: Manifest) {
    this.#opened = opened;
    this.manifest = manifest;
    this.signer = { ...manifest.signature, publisher: manifest.publisher };
    this.model = manifest.model;
    this.files = manifest.files;
    this.#plan = { algorithm: manifest.algorithm, shardSize: manifest.shardSize };
    this.#paths = new Set(manifest.files.map((file) => file.path));
  }

  /** Whether the signature covers a file of this path. */
  has(path: string): boolean {
    return this.#paths.has(path);
  }

  /**
   * Checks the bytes of one file.
   *
   * @example
   * import { readFile } from "node:fs/promises";
   * import { openBundle } from "modelseal";
   * const policy = { method: "key", publicKey: await readFile("key.pem", "utf8") };
   * const signed = await openBundle({ bundle: await readFile("model.sig"), policy });
   * const { status } = await signed.verifyFile("config.json", await readFile("model/config.json"));
   * console.log(status); // ok
   */
  async verifyFile(
    path: string,
    source: Source,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<{ readonly path: string; readonly status: "ok" | "changed" }> {
    this.#require(path);
    return { path, status: this.#compare(path, await hashOne(this.#plan, source, options.signal)) };
  }

  /**
   * Begins to check a file whose bytes come piece by piece. Given a state that was saved, it goes on from there:
   * a download that was broken off need not be read again.
   *
   * @example
   * import { readFile } from "node:fs/promises";
   * import { openBundle } from "modelseal";
   * const policy = { method: "key", publicKey: await readFile("key.pem", "utf8") };
   * const signed = await openBundle({ bundle: await readFile("model.sig"), policy });
   * const bytes = await readFile("model/config.json");
   * const begun = signed.checkFile("config.json");
   * begun.push(bytes.subarray(0, 10));
   * const state = begun.save(); // to be kept, with how far the download was
   * const resumed = signed.checkFile("config.json", { resume: state });
   * resumed.push(bytes.subarray(resumed.length));
   * console.log(resumed.finish().status); // ok
   */
  checkFile(path: string, options: { readonly resume?: Uint8Array | undefined } = {}): FileCheck {
    this.#require(path);
    const { resume } = options;
    if (resume !== undefined && !(resume instanceof Uint8Array)) {
      throw new TypeError("resume must be a Uint8Array");
    }
    const check = translate(() =>
      resume === undefined ? this.#opened.check(path) : this.#opened.restore(path, resume),
    );
    return new FileCheck(path, check);
  }

  /**
   * A stream of the same bytes that ends well only if they are the signed ones; otherwise it errors with a
   * {@link VerifyError} of the code `file-changed`. See {@link CheckOptions} for what `delivery` means.
   *
   * @example
   * import { readFile } from "node:fs/promises";
   * import { openBundle } from "modelseal";
   * const policy = { method: "key", publicKey: await readFile("key.pem", "utf8") };
   * const signed = await openBundle({ bundle: await readFile("model.sig"), policy });
   * const stream = new Blob([await readFile("model/config.json")]).stream();
   * for await (const chunk of signed.checkStream("config.json", stream)) console.log(chunk.length);
   */
  checkStream(
    path: string,
    readable: ReadableStream<Uint8Array>,
    options: CheckOptions = {},
  ): ReadableStream<Uint8Array> {
    if (!(typeof readable === "object" && readable !== null && "getReader" in readable)) {
      throw new TypeError("readable must be a ReadableStream");
    }
    const { delivery } = options;
    if (delivery !== undefined && delivery !== "streamed" && delivery !== "verified") {
      throw new TypeError('delivery must be "streamed" or "verified"');
    }
    return checkedStream(this.#check(path), readable, options);
  }

  /**
   * A response with a checked body. It has the status and the headers of the other one, without those that
   * would not be true of this body.
   *
   * @example
   * import { readFile } from "node:fs/promises";
   * import { openBundle } from "modelseal";
   * const policy = { method: "key", publicKey: await readFile("key.pem", "utf8") };
   * const signed = await openBundle({ bundle: await readFile("model.sig"), policy });
   * const response = new Response(await readFile("model/config.json"));
   * console.log(await signed.checkResponse("config.json", response).json());
   */
  checkResponse(path: string, response: Response, options: CheckOptions = {}): Response {
    // Another status brings another body than the file: a part of it, an error, nothing.
    if (response.status !== 200) {
      const message = `a response with HTTP status ${response.status} does not bring a whole file`;
      throw new VerifyError("file-unreadable", "files", message);
    }
    const { status, statusText } = response;
    const headers = new Headers(response.headers);
    // `fetch` has decoded the body, but left the headers that describe it encoded.
    if (headers.has("content-encoding")) {
      headers.delete("content-encoding");
      headers.delete("content-length");
    }
    // A part could be asked for from the same address, and nobody would have checked it.
    headers.delete("accept-ranges");
    const body = response.body ?? new Blob([]).stream();
    return new Response(this.checkStream(path, body, options), { status, statusText, headers });
  }

  /** Frees the memory at once. Optional: abandoning the object frees it later. */
  [Symbol.dispose](): void {
    this.#opened.free();
  }

  #check(path: string): Check {
    this.#require(path);
    return new Check(this.#plan, (hashed) => this.#compare(path, hashed));
  }

  #compare(path: string, { digests, length }: Hashed): CheckStatus {
    return translate(() => this.#opened.compare(path, joined(digests), length)) as CheckStatus;
  }

  #require(path: string): void {
    if (typeof path !== "string") throw new TypeError("path must be a string");
    if (!this.has(path))
      throw new VerifyError("file-unsigned", "files", "a file is not covered by the signature");
  }
}
