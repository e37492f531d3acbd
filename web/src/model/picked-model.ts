/** One file that the person gave, under its path inside the model. */
export interface ModelFile {
  readonly path: string;
  readonly file: File;
}

/** What the person chose or dropped. */
export interface PickedModel {
  /** The folder's name, or the file's when there is but one; for people only. */
  readonly name: string;
  readonly files: readonly ModelFile[];
  /** Whether this is a whole folder, so that a file without a signature would have been seen. */
  readonly complete: boolean;
  /** Signatures that were dropped beside the model's folder, and are not a part of it. */
  readonly beside: readonly File[];
}
