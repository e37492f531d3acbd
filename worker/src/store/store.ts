/**
 * Where verified copies are kept, and what the gateway must remember. Reads see every write that ended before
 * them, also of another machine: R2 and a folder do, KV does not.
 */
export interface Store {
  /** A small value, or nothing. */
  read(key: string): Promise<string | undefined>;
  /** Writes a small value as a whole. With `ifAbsent`, only where there is none: false if there was one. */
  write(key: string, value: string, options?: { readonly ifAbsent?: boolean }): Promise<boolean>;
  delete(key: string): Promise<void>;
  /** Keys with this beginning, so many at most. */
  list(prefix: string, limit: number): Promise<string[]>;

  /** The length of an object that was written to its end, or nothing. */
  objectSize(key: string): Promise<number | undefined>;
  /** An object that was written to its end, or a part of it. */
  readObject(key: string, part?: Part): Promise<BodyInit | undefined>;
  /** Writes an object at once. */
  putObject(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  deleteObject(key: string): Promise<void>;
  /** Begins an object that is written in parts, and not there before it is completed. The answer names the upload. */
  beginUpload(key: string): Promise<string>;
  /** The upload of that name. */
  upload(key: string, name: string): Upload;
}

/** A part of an object, in bytes. */
export interface Part {
  readonly offset: number;
  readonly length: number;
}

/** An object that is being written. */
export interface Upload {
  /** Every part but the last has exactly so many bytes. */
  readonly partBytes: number;
  /** Writes a part, counted from 1; once more is the same. The answer is needed to complete the object. */
  write(part: number, bytes: Uint8Array<ArrayBuffer>): Promise<string>;
  /** Makes the object of its parts, in order: from here on it is there. */
  complete(parts: readonly string[]): Promise<void>;
  abort(): Promise<void>;
}
