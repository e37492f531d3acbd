// One check from what was handed in to the answer, in the worker. The steps follow the data: choose the model and its
// signature, find the signer, compare the files, say what came of it.
import { type Examination, examine, type FileResult, type Verdict, verifyArtifact } from "modelseal";
import { type Kind, kindOf } from "../given/content.js";
import { leftovers } from "../given/leftovers.js";
import { isHubCache, isSnapshot, lastPart, placeOf } from "../given/place.js";
import type { Action, Answer } from "./answer.js";
import { type Candidate, Case, candidatesIn, type Folder, type RemoteFile } from "./case.js";
import { answerOf, isOwnName, some } from "./judged.js";
import {
  type Attempt,
  confirmedPolicy,
  findLead,
  type Lead,
  memoryOf,
  nameIn,
  signerIn,
  signerOf,
  withTrustRoot,
} from "./lead.js";
import { matchBlobs, matchLoose, signaturesAmong } from "./placed.js";
import type { FromWorker, ToWorker, Wishes } from "./protocol.js";
import { makeRows, RowTable, type Status } from "./rows.js";
import { changedSigner, type Finished, modelFiles, type Run, substitutes } from "./run.js";
import {
  MOST_SIGNATURES,
  notASignature,
  type OpenedBundle,
  openAny,
  refusal,
  rowsOfSignatures,
} from "./signature-file.js";

/** Who set an expectation, as a verdict has it. */
const SET_BY = {
  example: "caller",
  given: "caller",
  link: "caller",
  preset: "preset",
  remembered: "stored-policy",
} as const;

/** One model, and all that is done with it. */
export class Session {
  readonly #case: Case;
  readonly #tell: (message: FromWorker) => void;
  #adding: Promise<void> = Promise.resolve();
  #running: AbortController | undefined;
  #rows = new RowTable([]);
  #finished: Finished | undefined;
  #bundle: Blob | undefined;
  #report: unknown;
  /** The folder below what was given that the person chose. */
  #base = "";
  #onlyFolder: string | undefined;
  #withLeftovers = false;
  readonly #opening = new Map<number, (stream: ReadableStream<Uint8Array> | undefined) => void>();
  #lastOpened = 0;

  constructor(tell: (message: FromWorker) => void) {
    this.#tell = tell;
    this.#case = new Case((count) => tell({ type: "listed", count }));
  }

  /** Takes a message of the page. Everything that was handed in is added in its order. */
  take(message: Exclude<ToWorker, { type: "start" }>): void {
    switch (message.type) {
      case "folder":
        this.#add(() => this.#case.addHandle(message.handle));
        break;
      case "paths": {
        const { folder, paths, id } = message;
        this.#add(async () => {
          this.#case.addPaths(folder, paths);
          if (id !== undefined) this.#tell({ type: "reply", id, value: this.#case.unlisted(folder) });
        });
        break;
      }
      case "files":
        this.#add(async () => this.#case.addFiles(message.folder, message.files));
        break;
      case "loose":
        this.#add(() => this.#case.addLoose(message.files));
        break;
      case "remote":
        this.#case.remote = { name: message.name, bundle: message.bundle };
        break;
      case "opened":
        this.#opening.get(message.id)?.(message.stream);
        this.#opening.delete(message.id);
        break;
      case "check":
        void this.#answer(message.wishes, (wishes, signal) => this.#check(wishes, signal));
        break;
      case "act":
        void this.#answer(message.wishes, (wishes, signal) => this.#act(message.action, wishes, signal));
        break;
      case "stop":
        this.#running?.abort();
        break;
      case "rows":
        this.#tell({ type: "reply", id: message.id, value: this.#rows.page(message.query) });
        break;
      case "report":
        this.#tell({ type: "reply", id: message.id, value: this.#reportFile() });
        break;
      case "bundle":
        void this.#bundleText().then((value) => this.#tell({ type: "reply", id: message.id, value }));
    }
  }

  #add(add: () => Promise<void>): void {
    this.#adding = this.#adding.then(add);
    // It is waited for, and said, by the check.
    this.#adding.catch(() => {});
  }

  async #answer(
    wishes: Wishes,
    work: (wishes: Wishes, signal: AbortSignal) => Promise<Omit<Answer, "rows">>,
  ): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    let answer: Omit<Answer, "rows">;
    try {
      await this.#adding;
      const [dropped] = this.#case.trustRoots;
      const trustRoot = wishes.trustRoot ?? dropped;
      answer = await work({ ...wishes, ...(trustRoot !== undefined && { trustRoot }) }, running.signal);
    } catch (error) {
      answer = running.signal.aborted ? { state: "stopped", tone: "quiet" } : refusal(error);
    }
    this.#running = undefined;
    this.#adding = Promise.resolve();
    this.#tell({ type: "answer", answer: { ...answer, rows: this.#rows.length } });
  }

  async #act(action: Action, wishes: Wishes, signal: AbortSignal): Promise<Omit<Answer, "rows">> {
    switch (action.type) {
      case "folder":
        this.#base = action.folder;
        return this.#check(wishes, signal);
      case "pick-folder":
        this.#onlyFolder = action.name;
        this.#base = "";
        return this.#check(wishes, signal);
      case "again":
        this.#withLeftovers = action.withLeftovers === true;
        return this.#check(wishes, signal);
      case "artifact":
        return this.#checkArtifact(wishes, signal);
      case "fetch":
        return this.#compareRemote(wishes, action.totalBytes, signal);
      case "confirm":
      case "decline":
        return this.#judgeAgain(action.type === "confirm");
    }
  }

  /** The whole way. */
  async #check(wishes: Wishes, signal: AbortSignal): Promise<Omit<Answer, "rows">> {
    this.#rows = new RowTable([]);
    this.#finished = undefined;
    this.#bundle = undefined;
    this.#report = undefined;
    if (this.#case.remote !== undefined) return this.#readyRemote(this.#case.remote, wishes);
    const { refused } = this.#case;
    if (refused !== undefined) {
      this.#case.refused = undefined;
      const state = refused.kind === "private-key" ? "private-key" : "archive";
      return { state, tone: "quiet", kind: refused.kind, given: refused.name };
    }
    const folder = this.#folder();
    if (folder === "several") {
      return {
        state: "two-folders",
        tone: "quiet",
        folders: this.#case.folders.map(({ name }) => name ?? ""),
      };
    }
    if (folder === undefined) return this.#waiting(wishes);
    const name = folder.name ?? "";
    const cache = isHubCache(name, folder.files.keys());
    if (!cache && folder.files.size === 0) {
      const state = isSnapshot(name) ? "cache-links" : "empty";
      return { state, tone: "quiet", given: name };
    }
    const files = below(folder.files, this.#base);
    const candidates = [
      ...this.#case.signatures,
      ...(cache ? await signaturesAmong(folder.files, signal) : candidatesIn(files)),
    ];
    const opened = await openAny(candidates);
    if (opened === undefined) {
      if (cache && candidates.length === 0) return { state: "not-signed", tone: "quiet", given: name };
      return this.#noSignature(folder, files, candidates);
    }
    const { candidate, bytes, claims } = opened;
    this.#bundle = candidate.bundle;
    const attempt: Attempt = {
      bundle: bytes,
      claims,
      wishes,
      keys: this.#case.keys,
      certificates: this.#case.certificates,
    };
    if (claims.statement === null && claims.statementError === null) {
      return {
        state: "attestation",
        tone: "quiet",
        given: candidate.name,
        folders: artifactsOf(files, candidate),
        ...(claims.attestation !== null && {
          attestation: {
            predicateType: claims.attestation.predicateType,
            subjects: some(claims.attestation.subjects.map((subject) => subject.name ?? "")),
          },
        }),
      };
    }
    const lead = await findLead(attempt);
    return this.#compare({ folder, files, candidate, candidates, bytes, lead, attempt, cache }, signal);
  }

  /** The folder that is checked; loose files count as one where there is no other. */
  #folder(): Folder | "several" | undefined {
    const { folders, loose } = this.#case;
    const chosen =
      this.#onlyFolder === undefined ? folders : folders.filter(({ name }) => name === this.#onlyFolder);
    if (chosen.length > 1) return "several";
    const [folder] = chosen;
    if (folder !== undefined) return folder;
    return loose.size > 0 ? { name: undefined, files: loose } : undefined;
  }

  /** No model yet: what else there is, is said. */
  async #waiting(wishes: Wishes): Promise<Omit<Answer, "rows">> {
    const { signatures, keys, certificates, trustRoots } = this.#case;
    const has: Kind[] = [
      ...signatures.map((): Kind => "bundle"),
      ...keys.map((): Kind => "key"),
      ...certificates.map((): Kind => "certificate"),
      ...trustRoots.map((): Kind => "trust-root"),
    ];
    const [signature] = signatures;
    if (signature === undefined) {
      return has.length === 0 ? { state: "empty", tone: "quiet" } : { state: "waiting", tone: "quiet", has };
    }
    const opened = await openAny(signatures);
    if (opened === undefined) return notASignature(signature);
    this.#bundle = opened.candidate.bundle;
    const examination = await examine({
      bundle: opened.bytes,
      files: Object.assign([], { complete: false }),
      policy: withTrustRoot({ reportOnly: true }, wishes),
      ...(wishes.time !== undefined && { time: wishes.time }),
    });
    const { signature: judged } = examination.verdict;
    const signer = judged.status === "invalid" ? undefined : signerIn(judged, opened.claims);
    const modelName = nameIn(opened.claims);
    return {
      state: "signature-only",
      tone: "open",
      given: opened.candidate.name,
      ...(modelName !== "" && { modelName }),
      ...(signer && { signer }),
    };
  }

  async #noSignature(
    folder: Folder,
    files: ReadonlyMap<string, File>,
    candidates: readonly Candidate[],
  ): Promise<Omit<Answer, "rows">> {
    const given = folder.name ?? [...files.keys()][0] ?? "";
    const [candidate] = candidates;
    if (candidate !== undefined) return notASignature(candidate);
    const [only] = files.values();
    if (files.size === 1 && only !== undefined && (await kindOf(only)) === "archive") {
      return { state: "archive", tone: "quiet", kind: "archive", given: only.name };
    }
    return { state: "not-signed", tone: "quiet", given };
  }

  /** Finds where the files stand in the signed model, and compares them. */
  async #compare(
    found: {
      readonly folder: Folder;
      readonly files: ReadonlyMap<string, File>;
      readonly candidate: Candidate;
      readonly candidates: readonly Candidate[];
      readonly bytes: Uint8Array;
      readonly lead: Lead;
      readonly attempt: Attempt;
      readonly cache: boolean;
    },
    signal: AbortSignal,
  ): Promise<Omit<Answer, "rows">> {
    const { folder, files, candidate, bytes, lead, attempt, cache } = found;
    const { wishes } = attempt;
    const { manifest } = lead;
    const given = folder.name === undefined ? "" : lastPart(this.#base) || folder.name;
    const signed = new Set(manifest?.files.map(({ path }) => path));
    const others = found.candidates.filter((other) => other !== candidate).slice(0, MOST_SIGNATURES);
    const signatures = others.length === 0 ? [] : await rowsOfSignatures(candidate, others, attempt, lead);
    let scope: Run["scope"] = "whole";
    let placed: ReadonlyMap<string, File> = files;
    if (manifest !== undefined && !manifest.single) {
      if (cache) {
        scope = "cache";
        placed = await matchBlobs(files, manifest);
      } else {
        const own = new Set([...files.keys()].filter((path) => path !== candidate.path));
        const place = placeOf(own, [...signed]);
        if (place.at === "above" && folder.name !== undefined) {
          const folderName = place.folder;
          return {
            state: "wrong-level",
            tone: "open",
            given,
            folder: this.#base === "" ? folderName : `${this.#base}/${folderName}`,
            ...(lead.manifest && { signer: signerOf(lead.manifest.signature) }),
            modelName: nameIn(attempt.claims),
          };
        }
        if (folder.name === undefined || place.at === "below") {
          scope = "part";
          placed = await matchLoose(files, manifest, place.at === "below" ? `${place.folder}/` : "");
        }
      }
    }
    const setAside = this.#setAside(placed, signed, others, candidate);
    const before = manifest === undefined ? undefined : changedSigner(manifest, wishes.remembered, lead);
    const results = new Map<string, Status>();
    const run: Run = {
      complete: scope === "whole" && folder.name !== undefined,
      candidate,
      bytes,
      claims: attempt.claims,
      lead,
      scope,
      files: placed,
      setAside,
      signatures,
      before,
      wishes,
      results,
      given,
    };
    if (manifest !== undefined) {
      this.#tell({
        type: "found",
        found: {
          signature: candidate.name,
          signer: signerOf(manifest.signature),
          modelName: manifest.model.name ?? "",
          signed: signed.size,
          here: manifest.single ? 1 : [...signed].filter((path) => placed.has(path)).length,
        },
      });
    }
    const examination = await this.#examine(run, signal);
    if (examination === undefined) return this.#stopped(run);
    this.#finished = { examination, run };
    return this.#conclude(examination.verdict, run);
  }

  async #examine(run: Run, signal: AbortSignal, totalBytes?: number): Promise<Examination | undefined> {
    const { files, candidate, lead, scope, setAside, results, wishes } = run;
    let contradicted = false;
    try {
      return await examine({
        bundle: run.bytes,
        files: {
          ...modelFiles(files, run.complete, candidate.path),
          ...(totalBytes !== undefined && { totalBytes }),
        },
        policy: lead.policy,
        ...(lead.expectation && {
          expectation: {
            setBy: SET_BY[lead.expectation.by],
            name: lead.known?.preset ?? null,
          },
        }),
        ...(candidate.path !== undefined && scope === "whole" && { signaturePath: candidate.path }),
        ignorePaths: setAside,
        ...(wishes.time !== undefined && { time: wishes.time }),
        signal,
        onFile: (result: FileResult) => {
          if (result.status === "skipped") return;
          results.set(result.path, result.status);
          if (result.status !== "changed" || contradicted) return;
          contradicted = true;
          this.#tell({ type: "contradiction", path: result.path });
        },
        onProgress: (progress) =>
          this.#tell({ type: "progress", progress: { path: "", totalBytes: 0, ...progress } }),
      });
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  /** The answer to a verdict, with what the page shows beside it. */
  async #conclude(verdict: Verdict, run: Run, confirmed?: boolean): Promise<Omit<Answer, "rows">> {
    const { lead, files, results, scope, setAside, before, given, candidate } = run;
    const sizes = new Map(Array.from(files, ([path, file]) => [path, file.size]));
    this.#rows = new RowTable(makeRows({ sizes, signed: lead.manifest?.files ?? [], results, verdict }));
    this.#report = verdict;
    const { pointers, page } = await substitutes(verdict, files);
    const answer = answerOf({
      verdict,
      claims: run.claims,
      lead,
      given,
      scope,
      setAside,
      pointers,
      ...(confirmed !== undefined && { confirmed }),
      ...(before !== undefined && { before }),
    });
    const isTheirs = confirmed === true || lead.expectation?.by === "given";
    const memory =
      isTheirs && lead.manifest !== undefined ? await memoryOf(lead.manifest, lead.policy) : undefined;
    return {
      ...answer,
      ...(page !== undefined && { webPage: page }),
      ...(candidate.path !== undefined && { signaturePath: candidate.path }),
      ...(run.signatures.length > 0 && { signatures: run.signatures }),
      ...(memory !== undefined && {
        memory: { ...memory, model: isOwnName(answer.modelName) ? answer.modelName : null },
      }),
    };
  }

  /** Judges the publisher anew over the finished run: no file is read again. */
  async #judgeAgain(yes: boolean): Promise<Omit<Answer, "rows">> {
    const finished = this.#finished;
    const manifest = finished?.run.lead.manifest;
    if (finished === undefined || manifest === undefined) return { state: "waiting", tone: "quiet", has: [] };
    const { examination, run } = finished;
    const policy = yes ? confirmedPolicy(manifest, run.lead.policy) : undefined;
    if (policy === undefined) return this.#conclude(examination.verdict, run, yes ? undefined : false);
    const { time } = run.wishes;
    const verdict = await examination.judge({ policy, ...(time !== undefined && { time }) });
    return this.#conclude(verdict, { ...run, before: undefined, lead: { ...run.lead, policy } }, true);
  }

  /** A run that was stopped: what was compared until then is shown, and nothing is concluded. */
  #stopped(run: Run): Omit<Answer, "rows"> {
    const { files, lead, results, given } = run;
    const sizes = new Map(Array.from(files, ([path, file]) => [path, file.size]));
    const signed = lead.manifest?.files ?? [];
    this.#rows = new RowTable(makeRows({ sizes, signed, results, verdict: undefined }));
    const changed = [...results].filter(([, status]) => status === "changed").map(([path]) => path);
    const base = {
      given,
      matched: [...results.values()].filter((status) => status === "ok").length,
      signed: signed.length,
      ...(lead.manifest && { signer: signerOf(lead.manifest.signature) }),
      ...(lead.manifest?.model.name != null && { modelName: lead.manifest.model.name }),
    };
    if (changed.length > 0) return { ...base, state: "changed", tone: "bad", files: some(changed) };
    return { ...base, state: "stopped", tone: "quiet" };
  }

  /** A model at an address: who signed it, and what is there to be fetched. */
  async #readyRemote(candidate: Candidate, wishes: Wishes): Promise<Omit<Answer, "rows">> {
    const opened = await openAny([candidate]);
    if (opened === undefined) return notASignature(candidate);
    this.#bundle = candidate.bundle;
    const { claims, bytes } = opened;
    const lead = await findLead({
      bundle: bytes,
      claims,
      wishes,
      keys: this.#case.keys,
      certificates: this.#case.certificates,
    });
    const { manifest } = lead;
    if (manifest === undefined || manifest.single) {
      const run = this.#remoteRun(opened, lead, wishes, new Map());
      const examination = await this.#examine(run, new AbortController().signal, 0);
      return examination === undefined ? this.#stopped(run) : this.#conclude(examination.verdict, run);
    }
    return {
      state: "remote-ready",
      tone: "open",
      given: candidate.name,
      signer: signerOf(manifest.signature),
      ...(manifest.model.name !== null && { modelName: manifest.model.name }),
      ...(lead.known && { known: { name: lead.known.name, source: lead.known.source } }),
      ...(lead.expectation && { expectation: { by: lead.expectation.by } }),
      signed: manifest.files.length,
      remotePaths: manifest.files.map(({ path }) => path),
    };
  }

  async #compareRemote(
    wishes: Wishes,
    totalBytes: number,
    signal: AbortSignal,
  ): Promise<Omit<Answer, "rows">> {
    const { remote } = this.#case;
    const opened = remote && (await openAny([remote]));
    if (opened === undefined) return { state: "waiting", tone: "quiet", has: [] };
    const { claims, bytes } = opened;
    const lead = await findLead({
      bundle: bytes,
      claims,
      wishes,
      keys: this.#case.keys,
      certificates: this.#case.certificates,
    });
    const files = new Map(
      (lead.manifest?.files ?? []).map(({ path, size }): [string, RemoteFile] => [
        path,
        { size, open: () => this.#ask(path) },
      ]),
    );
    const run = this.#remoteRun(opened, lead, wishes, files);
    const examination = await this.#examine(run, signal, totalBytes);
    if (examination === undefined) return this.#stopped(run);
    this.#finished = { examination, run };
    return this.#conclude(examination.verdict, run);
  }

  #remoteRun(
    { candidate, bytes, claims }: OpenedBundle,
    lead: Lead,
    wishes: Wishes,
    files: ReadonlyMap<string, RemoteFile>,
  ): Run {
    return {
      complete: false,
      candidate,
      bytes,
      claims,
      lead,
      scope: "remote",
      files,
      setAside: [],
      signatures: [],
      before: lead.manifest && changedSigner(lead.manifest, wishes.remembered, lead),
      wishes,
      results: new Map(),
      given: "",
    };
  }

  /** The bytes of a file, which the page fetches: nothing here has a network. */
  #ask(path: string): Promise<ReadableStream<Uint8Array>> {
    this.#lastOpened += 1;
    const id = this.#lastOpened;
    this.#tell({ type: "open", id, path });
    return new Promise((resolve, reject) =>
      this.#opening.set(id, (stream) => {
        if (stream === undefined) reject(new DOMException("it could not be fetched", "NotReadableError"));
        else resolve(stream);
      }),
    );
  }

  #setAside(
    files: ReadonlyMap<string, File>,
    signed: ReadonlySet<string>,
    others: readonly Candidate[],
    candidate: Candidate,
  ): string[] {
    const signatures = others.flatMap(({ path }) =>
      path === undefined || signed.has(path) || path === candidate.path ? [] : [path],
    );
    return this.#withLeftovers ? [] : [...leftovers(files.keys(), signed), ...signatures];
  }

  /** An attestation, and the one file that it may be about. */
  async #checkArtifact(wishes: Wishes, signal: AbortSignal): Promise<Omit<Answer, "rows">> {
    const folder = this.#folder();
    if (folder === undefined || folder === "several")
      return { state: "waiting", tone: "quiet", has: ["bundle"] };
    const files = below(folder.files, this.#base);
    const opened = await openAny([...this.#case.signatures, ...candidatesIn(files)]);
    const [artifact] = [...files].filter(([path]) => path !== opened?.candidate.path);
    if (opened === undefined || artifact === undefined)
      return { state: "waiting", tone: "quiet", has: ["bundle"] };
    const { candidate, bytes } = opened;
    const [name, file] = artifact;
    const verdict = await verifyArtifact({
      bundle: bytes,
      artifact: file,
      policy: withTrustRoot({ reportOnly: true }, wishes),
      signal,
      ...(wishes.time !== undefined && { time: wishes.time }),
    });
    this.#report = verdict;
    this.#bundle = candidate.bundle;
    const { signature, reasons, outcome } = verdict;
    const signer = signature.status === "invalid" ? undefined : signerIn(signature, opened.claims);
    const bad = outcome === "failed";
    return {
      state: "build-record",
      tone: bad ? "bad" : "open",
      given: name,
      artifact: verdict,
      ...(signer && { signer }),
      ...(bad && reasons[0] !== undefined && { error: { code: reasons[0], message: "" } }),
    };
  }

  #reportFile(): Blob | undefined {
    if (this.#report === undefined) return undefined;
    return new Blob([`${JSON.stringify(this.#report, null, 2)}\n`], { type: "application/json" });
  }

  /** The bundle's JSON, to be shown as a tree. */
  async #bundleText(): Promise<string | undefined> {
    return this.#bundle?.text();
  }
}

/** The files in a folder below, under their paths there. */
function below(files: ReadonlyMap<string, File>, base: string): ReadonlyMap<string, File> {
  if (base === "") return files;
  const prefix = `${base}/`;
  return new Map(
    Array.from(files)
      .filter(([path]) => path.startsWith(prefix))
      .map(([path, file]) => [path.slice(prefix.length), file]),
  );
}

/** The files beside an attestation that it may be about. */
function artifactsOf(files: ReadonlyMap<string, File>, { path }: Candidate): string[] {
  return [...files.keys()].filter((other) => other !== path).slice(0, 2);
}
