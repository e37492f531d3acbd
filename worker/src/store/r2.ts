import type { Part, Store, Upload } from "./store.js";

// What is used of Cloudflare's R2 binding.
interface R2Object {
  readonly size: number;
  readonly key: string;
}

interface R2ObjectBody extends R2Object {
  readonly body: ReadableStream<Uint8Array>;
  text(): Promise<string>;
}

interface R2MultipartUpload {
  readonly uploadId: string;
  uploadPart(
    part: number,
    bytes: Uint8Array,
  ): Promise<{ readonly partNumber: number; readonly etag: string }>;
  complete(parts: readonly { readonly partNumber: number; readonly etag: string }[]): Promise<R2Object>;
  abort(): Promise<void>;
}

export interface R2Bucket {
  head(key: string): Promise<R2Object | null>;
  get(key: string, options?: { readonly range: Part }): Promise<R2ObjectBody | null>;
  put(key: string, value: Uint8Array | string, options?: object): Promise<R2Object | null>;
  delete(key: string): Promise<void>;
  list(options: {
    readonly prefix: string;
    readonly limit: number;
  }): Promise<{ readonly objects: R2Object[] }>;
  createMultipartUpload(key: string): Promise<R2MultipartUpload>;
  resumeMultipartUpload(key: string, uploadId: string): R2MultipartUpload;
}

/** R2 takes at most 10,000 parts, all of one length but the last. */
const PART_BYTES = 16 * 1024 * 1024;

/** A bucket of R2, whose reads see every write that ended before them. */
export class R2Store implements Store {
  readonly #bucket: R2Bucket;

  constructor(bucket: R2Bucket) {
    this.#bucket = bucket;
  }

  async read(key: string): Promise<string | undefined> {
    return (await this.#bucket.get(`records/${key}`))?.text();
  }

  async write(key: string, value: string, { ifAbsent = false } = {}): Promise<boolean> {
    const options = ifAbsent ? { onlyIf: { etagDoesNotMatch: "*" } } : undefined;
    return (await this.#bucket.put(`records/${key}`, value, options)) !== null;
  }

  async delete(key: string): Promise<void> {
    await this.#bucket.delete(`records/${key}`);
  }

  async list(prefix: string, limit: number): Promise<string[]> {
    const { objects } = await this.#bucket.list({ prefix: `records/${prefix}`, limit });
    return objects.map(({ key }) => key.slice("records/".length));
  }

  async objectSize(key: string): Promise<number | undefined> {
    return (await this.#bucket.head(key))?.size;
  }

  async readObject(key: string, part?: Part): Promise<BodyInit | undefined> {
    return (await this.#bucket.get(key, part && { range: part }))?.body;
  }

  async putObject(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#bucket.put(key, bytes);
  }

  async deleteObject(key: string): Promise<void> {
    await this.#bucket.delete(key);
  }

  async beginUpload(key: string): Promise<string> {
    return (await this.#bucket.createMultipartUpload(key)).uploadId;
  }

  upload(key: string, name: string): Upload {
    const upload = this.#bucket.resumeMultipartUpload(key, name);
    return {
      partBytes: PART_BYTES,
      write: async (part, bytes) => (await upload.uploadPart(part, bytes)).etag,
      complete: async (parts) => {
        await upload.complete(parts.map((etag, index) => ({ partNumber: index + 1, etag })));
      },
      abort: () => upload.abort(),
    };
  }
}
