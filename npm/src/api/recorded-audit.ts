import type { Audit } from "../../wasm/instance.js";

/** What a walk over a model tells an audit. */
export type AuditCalls = Pick<
  Audit,
  "announce" | "hashed" | "listing" | "refuseSymlink" | "signedLength" | "unreadable"
>;

/**
 * An audit that also keeps what it is told: paths and digests, no bytes of files. The same can then be told to
 * another audit of the same bundle, which needs no file for it.
 */
export class RecordedAudit implements AuditCalls {
  readonly #audit: AuditCalls;
  readonly #calls: ((audit: AuditCalls) => void)[] = [];

  constructor(audit: AuditCalls) {
    this.#audit = audit;
  }

  announce(path: string, kind: string, size?: number | null): string {
    return this.#tell((audit) => audit.announce(path, kind, size));
  }

  hashed(path: string, digests: Uint8Array, length: number): string {
    return this.#tell((audit) => audit.hashed(path, digests, length));
  }

  listing(path: string, digest: string): string {
    return this.#tell((audit) => audit.listing(path, digest));
  }

  refuseSymlink(path: string): void {
    this.#tell((audit) => audit.refuseSymlink(path));
  }

  unreadable(path: string): void {
    this.#tell((audit) => audit.unreadable(path));
  }

  /** A question: there is nothing to keep. */
  signedLength(path: string): number | undefined {
    return this.#audit.signedLength(path);
  }

  /** Tells another audit all of it, in the same order. */
  replay(audit: AuditCalls): void {
    for (const call of this.#calls) call(audit);
  }

  #tell<T>(call: (audit: AuditCalls) => T): T {
    const answer = call(this.#audit);
    this.#calls.push(call);
    return answer;
  }
}
