import { readBundle } from "../core/bytes.js";
import { misuse, translate } from "../core/errors.js";
import { ownMember, ownMembers } from "../core/own.js";
import { open, requireObject } from "../core/request.js";
import { releaseGrown } from "../core/wasm.js";
import type { OpenRequest, Verdict, VerifyRequest } from "../types/index.js";
import { RecordedAudit } from "./recorded-audit.js";
import { type Run, run } from "./verify.js";

/** What {@link Examination.judge} takes. */
const JUDGE = ["policy", "time", "maxClockSkew", "expectation"] as const;

/** A verdict, and what was found out of the files, to judge them again. Made by {@link examine}. */
export class Examination {
  /** As {@link verify} would have resolved to it. */
  readonly verdict: Verdict;
  readonly #bundle: Uint8Array;
  readonly #audited: Run<RecordedAudit>["audited"];

  /** @internal */
  constructor(bundle: Uint8Array, { verdict, audited }: Run<RecordedAudit>) {
    this.verdict = verdict;
    this.#bundle = bundle;
    this.#audited = audited;
  }

  /**
   * The verdict on the same files by another policy, without reading any of them again: their digests are those
   * that this examination computed. Throws a {@link VerifyError} where the first policy did not accept the signature
   * and this one does: no file was read then.
   */
  async judge(request: Pick<OpenRequest, (typeof JUDGE)[number]>): Promise<Verdict> {
    requireObject(request, "judge()", "takes an object");
    const given = ownMembers(request, JUDGE, { name: "request", judgedLater: "policy" });
    const { opened } = await open({ ...given, policy: request.policy, bundle: this.#bundle });
    try {
      const rejected = opened.rejected();
      if (rejected !== undefined) return JSON.parse(rejected);
      const audited = this.#audited;
      if (audited === undefined) {
        throw misuse("policy", "accepts this signature, which the first one did not: no file was read by it");
      }
      const audit = translate(() => opened.audit(audited.options));
      try {
        translate(() => audited.calls.replay(audit));
        audit.diagnose(audited.diagnostics);
        return JSON.parse(translate(() => audit.finish()));
      } finally {
        audit.free();
      }
    } finally {
      opened.free();
      releaseGrown();
    }
  }
}

/**
 * Verifies a model as {@link verify} does, and can judge what it found by another policy later: for a page that
 * first shows who signed, and then asks whether that is who was expected.
 *
 * @example
 * import { readFile } from "node:fs/promises";
 * import { byKey, examine } from "modelseal";
 * import { fromDirectory } from "modelseal/files";
 * const examination = await examine({
 *   bundle: readFile("model.sig"),
 *   files: fromDirectory("model"),
 *   policy: byKey(await readFile("key.pem", "utf8")),
 * });
 * const pinned = byKey(await readFile("key.pem", "utf8"), { modelName: "model" });
 * console.log((await examination.judge({ policy: pinned })).outcome);
 */
export async function examine(request: VerifyRequest): Promise<Examination> {
  requireObject(request, "examine()", "takes an object");
  const given = ownMember(request, "bundle") as OpenRequest["bundle"];
  const bundle = readBundle(given, ownMember(request, "signal"));
  // It is waited for below: what else is wrong with the request is said first.
  bundle.catch(() => {});
  const ran = await run({ ...request, bundle }, "examine", (audit) => new RecordedAudit(audit));
  return new Examination(await bundle, ran);
}
