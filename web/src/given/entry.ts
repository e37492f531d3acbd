/** One file that the person gave, under its path inside of what was given. Nothing of it has been read. */
export interface GivenFile {
  readonly path: string;
  readonly file: File;
}

/** What the person dropped or chose at once, as far as the page itself needs to know it. */
export interface Drop {
  readonly folders: readonly GivenFolder[];
  /** Files that were given without a folder around them. */
  readonly loose: readonly File[];
}

/** A folder, in the forms that there are of it. */
export interface GivenFolder {
  readonly name: string;
  /** Crosses to the worker, which lists it four times as fast; but browsers hide files of some names from it. */
  readonly handle?: FileSystemDirectoryHandle;
  /** The paths of all files, in pieces. */
  paths(): AsyncIterable<readonly string[]>;
  /** The files themselves, in pieces. */
  files(): AsyncIterable<readonly GivenFile[]>;
  /** Files of these paths. */
  open(paths: readonly string[]): Promise<readonly GivenFile[]>;
}
