import type { FileCheck as WasmCheck } from "#wasm";
import { translate } from "./errors.js";

/**
 * The check of one file whose bytes come piece by piece, and perhaps not all at once: its state can be saved,
 * and resumed after a reload or in another process. Made by {@link SignedModel.checkFile}.
 */
export class FileCheck {
  /** The path of the file. */
  readonly path: string;
  readonly #check: WasmCheck;

  /** @internal */
  constructor(path: string, check: WasmCheck) {
    this.path = path;
    this.#check = check;
  }

  /** How many bytes it has seen: where a download that was broken off has to go on. */
  get length(): number {
    return this.#check.length();
  }

  /** Takes the next bytes. */
  push(bytes: Uint8Array): void {
    translate(() => this.#check.push(bytes));
  }

  /**
   * The state so far, at most a few KiB, for {@link SignedModel.checkFile}. It has a check sum against damage,
   * but none against malice: keep it where nobody else can write, as you do with the bytes themselves.
   */
  save(): Uint8Array {
    return translate(() => this.#check.save());
  }

  /** Compares the whole file with what was signed. The check is over then. */
  finish(): { readonly path: string; readonly status: "ok" | "changed" } {
    const status = translate(() => this.#check.finish()) as "ok" | "changed";
    return { path: this.path, status };
  }

  /** Frees the memory at once. Optional: abandoning the object frees it later. */
  [Symbol.dispose](): void {
    this.#check.free();
  }
}
