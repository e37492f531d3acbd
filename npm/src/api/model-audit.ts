import { declaredBound, isBeyondSigned, limitBound, signedBound } from "../core/bound.js";
import { abortable, chunks, closeIterator } from "../core/bytes.js";
import { misuse, translate, VerifyError } from "../core/errors.js";
import { isThenable } from "../core/own.js";
import type { ProgressMeter } from "../core/progress.js";
import { isResponse, requireSource } from "../core/sources.js";
import { beginTurn, turn, turnIsDue } from "../core/turn.js";
import type { FileOutcome, FileTask, Hashing } from "../hashing/hashing.js";
import { startHashing } from "../hashing/index.js";
import { joined, type Plan } from "../hashing/plan.js";
import type { Diagnostics, Disposition, FileEntry, FileResult, ListedFile, Source } from "../types/index.js";
import { type EntryIterator, isForeign, isListed, type ListedModel, requireEntry } from "./model-files.js";
import type { AuditCalls } from "./recorded-audit.js";
import { readResponse } from "./response.js";

/** What an audit walks over, and what it tells on its way. */
export interface AuditedModel {
  readonly files: ListedModel;
  readonly limits: {
    readonly concurrency: number;
    readonly memoryBudget: number;
    /** How many entries there may be. */
    readonly entries: number;
    /** How long a file of unknown length may be. */
    readonly maxBytes: number;
  };
  readonly meter: ProgressMeter;
  readonly onFile: ((result: FileResult) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Walks the model's files and hashes those that were signed. */
export class ModelAudit {
  readonly #audit: AuditCalls;
  readonly #plan: Plan;
  readonly #model: AuditedModel;
  #hashing: Hashing | undefined;

  constructor(audit: AuditCalls, plan: Plan, model: AuditedModel) {
    this.#audit = audit;
    this.#plan = plan;
    this.#model = model;
  }

  /** Returns what hashed, for the verdict. */
  async run(): Promise<Diagnostics> {
    try {
      await this.#walk();
      await this.#hashing?.finish();
      return { engines: [...(this.#hashing?.engines ?? [])].sort(), workers: this.#hashing?.workers ?? 0 };
    } finally {
      this.#hashing?.stop();
    }
  }

  async #walk(): Promise<void> {
    beginTurn();
    const iterator = this.#model.files.iterate();
    let ended = false;
    try {
      ended = await this.#walkOn(iterator);
    } finally {
      if (!ended) closeIterator(iterator);
    }
  }

  async #walkOn(iterator: EntryIterator): Promise<true> {
    const { signal, limits } = this.#model;
    let answer: Disposition | undefined;
    for (let index = 0; ; index += 1) {
      signal?.throwIfAborted();
      // A generator learns the answer from its `yield`: it need not walk a folder that does not count.
      const stepping = iterator.next(answer);
      const step = isThenable(stepping) ? await abortable(stepping, signal) : await stepping;
      if (step.done === true) return true;
      if (index >= limits.entries) {
        throw misuse(
          "files",
          `has more than ${limits.entries} entries, the limit: raise entryLimit if that is right`,
        );
      }
      answer = await this.#entry(step.value, `files[${index}]`);
      if (turnIsDue()) await turn();
    }
  }

  async #entry(entry: unknown, at: string): Promise<Disposition> {
    requireEntry(entry, at);
    const { path, size } = entry;
    const kind = isListed(entry) ? "file" : entry.kind;
    const about = { at: `${at}.path`, path };
    const answer = translate(() => this.#audit.announce(path, kind, size), about) as Disposition;
    if (answer === "skip") {
      if (kind === "file" || kind === "followed-link") this.#model.meter.skipBytes(size ?? 0);
      this.#model.onFile?.({ path, status: "skipped" });
    }
    if (answer !== "hash") return answer;
    if (isListed(entry)) this.#compareListed(entry, at);
    else await this.#hash(entry, at);
    return answer;
  }

  #compareListed({ path, digest, size }: ListedFile, at: string): void {
    this.#model.meter.skipBytes(size ?? 0);
    // That a file is not compared is in the verdict, without a word of ours.
    if (isForeign(digest)) this.#tell({ path, status: "not-checked" });
    else {
      const about = { at: `${at}.digest`, path };
      const status = translate(() => this.#audit.listing(path, digest), about);
      this.#tell({ path, status: status as FileResult["status"] });
    }
  }

  async #hash(entry: FileEntry, at: string): Promise<void> {
    const { path } = entry;
    if (typeof entry.open !== "function") {
      throw misuse({ at: `${at}.open`, path }, "is missing, and there is no digest either");
    }
    const open = entry.open.bind(entry);
    const { files, limits, meter, signal } = this.#model;
    this.#hashing ??= startHashing(limits, {
      expectedBytes: files.totalBytes,
      signal,
      onBytes: (count) => meter.addBytes(count),
      onFile: (task, outcome) => this.#hashed(task, outcome),
    });
    const place = { at: `${at}.open`, path };
    await this.#hashing.add({
      path,
      plan: this.#plan,
      at: place,
      ...this.#lengths(entry),
      open: async () => {
        meter.beginFile(path);
        return this.#bytesOf(await open(), place);
      },
    });
  }

  /** What `open()` returned, as bytes: of a response its body, which ends where it was declared to end. */
  #bytesOf(source: unknown, place: { readonly at: string; readonly path: string }): Source {
    if (!isResponse(source)) {
      requireSource(source, place);
      return source;
    }
    const { path } = place;
    const { body, length } = readResponse(path, source, place.at);
    return length === undefined ? body : chunks(body, { at: place, bound: declaredBound(length, path) });
  }

  /** How long a file is, or may be. */
  #lengths({ path, kind, size }: FileEntry): Pick<FileTask, "bound" | "size"> {
    const signed = translate(() => this.#audit.signedLength(path));
    if (signed !== undefined) return { bound: signedBound(signed, path), size: signed };
    // The size of a symlink is that of its target's name.
    if (size !== undefined && (kind === "file" || kind === "followed-link"))
      return { bound: declaredBound(size, path), size };
    return { bound: limitBound(this.#model.limits.maxBytes, path) };
  }

  /** Holds what came of a file against what was signed. */
  #hashed({ path, bound }: FileTask, outcome: FileOutcome): void {
    if ("digests" in outcome) {
      this.#compare(path, joined(outcome.digests), outcome.length);
      return;
    }
    const { error } = outcome;
    if (isBeyondSigned(error)) {
      // Its length alone says so: no digest was computed to its end.
      this.#compare(path, new Uint8Array(), bound.bytes + 1);
    } else if (VerifyError.from(error)?.code === "symlink-refused") {
      translate(() => this.#audit.refuseSymlink(path));
      this.#tell({ path, status: "changed", error });
    } else {
      translate(() => this.#audit.unreadable(path));
      this.#tell({ path, status: "unreadable", error });
    }
  }

  #compare(path: string, digests: Uint8Array, length: number): void {
    const status = translate(() => this.#audit.hashed(path, digests, length));
    this.#tell({ path, status: status as FileResult["status"] });
  }

  #tell(result: FileResult): void {
    this.#model.meter.addFile();
    this.#model.onFile?.(result);
  }
}
