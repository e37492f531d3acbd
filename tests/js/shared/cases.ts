import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { type ErrorCode, errorCodes, type Outcome, type Verdict } from "modelseal";
import type { ArtifactInput, CaseInput, CaseResult, ModelInput } from "./harness.js";
import { readJson, repository, vectors } from "./repository.js";

/** A test case for every host. It is read when its test runs. */
export interface Case {
  readonly name: string;
  readonly expected: Expected;
  readonly read: () => CaseInput;
  /** Its files are not here. */
  readonly skipped?: boolean;
}

/** The expected result; each part that is given, exactly. */
export interface Expected {
  readonly outcome: Outcome | "misuse";
  readonly reasons?: readonly string[];
  readonly code?: string;
  readonly stage?: string;
  readonly notes?: readonly string[];
  readonly algorithm?: string;
  readonly signedFiles?: readonly string[];
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The time of judgement of every public vector: their leaves are valid then. */
const NOW = "2026-06-01T00:00:00Z";

const STAGES = new Map((await errorCodes()).map(({ code, stage }) => [code, stage]));

/** All cases, by name. */
export function allCases(): Case[] {
  return [
    ...forgedCases("fixtures"),
    ...forgedCases("malformed"),
    ...omsCases(),
    ...nvidiaCases(),
    ...sigstoreCases(),
    ...fieldCases(),
  ];
}

/** What a case gave, in the form of what was expected of it. */
export function compared(result: CaseResult, expected: Expected): Expected {
  if ("error" in result) {
    const { code, stage } = result.error;
    return { outcome: "misuse", code, stage };
  }
  const { verdict } = result;
  const error = verdict.signature.status === "invalid" ? verdict.signature.error : undefined;
  return {
    outcome: verdict.outcome,
    reasons: verdict.reasons,
    ...(expected.code !== undefined && { code: error?.code ?? verdict.reasons[0] ?? "" }),
    ...(expected.stage !== undefined && {
      stage: error?.stage ?? stageOf(verdict.reasons[0]),
    }),
    ...(expected.notes !== undefined && { notes: verdict.notes }),
    ...(expected.algorithm !== undefined && {
      algorithm: verdict.signature.status === "valid" ? verdict.signature.algorithm : "",
    }),
    ...(expected.signedFiles !== undefined && { signedFiles: "files" in result ? result.files : [] }),
    ...(expected.details !== undefined && "coverage" in verdict && { details: details(verdict) }),
  };
}

const stageOf = (code: ErrorCode | undefined) => (code === undefined ? "" : (STAGES.get(code) ?? ""));

function details({ publisher, coverage, bytes }: Verdict): Readonly<Record<string, unknown>> {
  return {
    signer: publisher.name,
    signedFiles: coverage.signedFiles,
    changed: bytes.changed.map(({ path }) => path),
    missing: coverage.missing,
    unsigned: coverage.unsigned.map(({ path }) => path),
  };
}

interface ForgedCase {
  readonly name: string;
  readonly bundle: string;
  readonly policy: unknown;
  readonly at: string;
  readonly model: string;
  readonly single?: boolean;
  readonly ignorePaths?: readonly string[];
  readonly ignoreUnsigned?: boolean;
  readonly allowSymlinks?: boolean;
  readonly expect: Expected;
}

function forgedCases(folder: "fixtures" | "malformed"): Case[] {
  const root = repository(`tests/${folder}`);
  return readJson<ForgedCase[]>(join(root, "cases.json")).map((forged) => ({
    name: `${folder}/${forged.name}`,
    expected: forged.expect,
    read: () => ({
      bundle: base64(join(root, forged.bundle)),
      ...readModel(join(root, forged.model)),
      policy: forged.policy,
      time: forged.at,
      ignorePaths: forged.ignorePaths,
      ignoreUnsignedFiles: forged.ignoreUnsigned,
      allowSymlinks: forged.allowSymlinks,
    }),
  }));
}

interface OmsConfig {
  readonly method: "key" | "certificate" | "sigstore";
  readonly model: string;
  readonly model_relative_to?: "test_dir";
  readonly expected_signed_files?: readonly string[];
  readonly model_modifications?: {
    readonly delete?: readonly string[];
    readonly inject?: Readonly<Record<string, string>>;
    readonly tamper?: Readonly<Record<string, string>>;
  };
  readonly verify: {
    readonly public_key?: string;
    readonly cert_chain?: readonly string[];
    readonly identity?: string;
    readonly identity_provider?: string;
    readonly ignore_paths?: readonly string[];
    readonly ignore_unsigned_files?: boolean;
  };
}

type OmsExpected = Expected & { readonly digestsV01?: boolean; readonly publicKey?: string };

function omsCases(): Case[] {
  const expected = readJson<Record<string, OmsExpected>>(repository("tests/suites/vectors/expected.json"));
  return Object.entries(expected).map(([name, wanted]) => ({
    name,
    expected: omsExpected(name, wanted),
    read: () => omsCase(name, wanted),
    skipped: vectors === undefined,
  }));
}

function omsExpected(name: string, { outcome, reasons, code, stage }: Expected): Expected {
  if (outcome === "misuse") return { outcome, ...(code && { code }), ...(stage && { stage }) };
  const wanted = { outcome, ...(reasons !== undefined && { reasons }) };
  if (vectors === undefined) return wanted;
  const { expected_signed_files: signedFiles } = readJson<OmsConfig>(join(vectors, name, "config.json"));
  return outcome === "failed" || signedFiles === undefined ? wanted : { ...wanted, signedFiles };
}

function omsCase(name: string, expected: OmsExpected): ModelInput {
  const folder = join(vectors ?? "", name);
  const assets = join(vectors ?? "", "oms/assets");
  const config = readJson<OmsConfig>(join(folder, "config.json"));
  const { verify, model_modifications: modifications = {} } = config;
  const model = readModel(join(config.model_relative_to === "test_dir" ? folder : assets, config.model));
  const files = new Map(model.files.map((file) => [file.path, file]));
  for (const path of modifications.delete ?? []) files.delete(path);
  for (const [path, text] of Object.entries({ ...modifications.inject, ...modifications.tamper })) {
    files.set(path, { path, kind: "file", bytes: Buffer.from(text).toString("base64") });
  }
  return {
    ...model,
    files: [...files.values()],
    bundle: base64(join(folder, "bundle.sig")),
    policy: omsPolicy(config, expected, assets),
    time: NOW,
    ignorePaths: verify.ignore_paths,
    ignoreUnsignedFiles: verify.ignore_unsigned_files,
  };
}

function omsPolicy({ method, verify }: OmsConfig, expected: OmsExpected, assets: string): unknown {
  const pem = (path: string) => readFileSync(join(assets, path), "utf8");
  if (method === "sigstore") {
    return { method, identities: [{ issuer: verify.identity_provider, identity: verify.identity }] };
  }
  if (method === "key") return { method, publicKey: pem(expected.publicKey ?? verify.public_key ?? "") };
  const { digestsV01 } = expected;
  return { method, anchors: (verify.cert_chain ?? []).map(pem), ...(digestsV01 && { digestsV01 }) };
}

interface NvidiaExpected {
  readonly outcome: Outcome;
  readonly reasons: readonly string[];
  readonly [detail: string]: unknown;
}

/** Each skill, by the anchor's certificate and by its digest, which is what the preset pins. */
function nvidiaCases(): Case[] {
  const pinned = readJson<Record<string, NvidiaExpected>>(
    repository("tests/suites/vectors/nvidia-skills.json"),
  );
  const anchors = () => [readFileSync(join(vectors ?? "", "roots/nv-agent-root-cert.pem"), "utf8")];
  const policies = {
    certificate: () => ({ method: "certificate", anchors: anchors() }),
    preset: () => ({ preset: "nvidia-agent-capabilities" }),
  };
  return Object.entries(pinned).flatMap(([name, { outcome, reasons, ...details }]) =>
    Object.entries(policies).map(([by, policy]) => ({
      name: `nvidia-skills/${name} by ${by}`,
      expected: { outcome, reasons, details },
      read: () => {
        const folder = join(vectors ?? "", "nvidia-skills", name);
        return {
          bundle: base64(join(folder, SIGNATURE)),
          ...readModel(folder),
          policy: policy(),
          time: NOW,
          signaturePath: SIGNATURE,
        };
      },
      skipped: vectors === undefined,
    })),
  );
}

/** What is expected of a case of `sigstore/bundle-verify`. */
export type SigstoreExpected = "verified" | { readonly code: string; readonly stage: string };

/** What the suite expects where a case says nothing. */
const BEACON = {
  issuer: "https://token.actions.githubusercontent.com",
  identity:
    "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main",
};

function sigstoreCases(): Case[] {
  const pinned = readJson<Record<string, SigstoreExpected>>(repository("tests/suites/vectors/sigstore.json"));
  const cases = Object.entries(pinned).flatMap(([name, wanted]) =>
    (["path", "digest"] as const).map((by) => ({
      name: `sigstore/${name} by ${by}`,
      expected: sigstoreExpected(wanted),
      read: () => sigstoreCase(name, by),
      skipped: vectors === undefined,
    })),
  );
  return [...cases, withoutLineBreaks("rekor2-timestamp-with-incorrect-time_fail")];
}

/**
 * The suite's case breaks the lines of its base64, which is refused before anything looks at the time. Without
 * the breaks it is about what it says.
 */
function withoutLineBreaks(name: string): Case {
  return {
    name: `sigstore/${name} without line breaks`,
    expected: sigstoreExpected({ code: "certificate-expired", stage: "certificate" }),
    read: () => {
      const input = sigstoreCase(name, "path");
      const bundle = JSON.parse(Buffer.from(input.bundle, "base64").toString());
      const [stamp] = bundle.verificationMaterial.timestampVerificationData.rfc3161Timestamps;
      stamp.signedTimestamp = stamp.signedTimestamp.replace(/[\r\n]/g, "");
      return { ...input, bundle: Buffer.from(JSON.stringify(bundle)).toString("base64") };
    },
    skipped: vectors === undefined,
  };
}

function sigstoreExpected(wanted: SigstoreExpected): Expected {
  if (wanted === "verified") return { outcome: "verified", reasons: [] };
  // What cannot be judged has no verdict.
  const unjudged = ["usage", "policy"].includes(wanted.stage) || wanted.code === "bundle-unreadable";
  if (unjudged) return { outcome: "misuse", ...wanted };
  return { outcome: "failed", reasons: [wanted.code], ...wanted };
}

/** The files of a case, as far as it has them, and the expected signer. */
export function sigstoreFiles(name: string) {
  const suite = join(vectors ?? "", "sigstore/bundle-verify");
  const file = (kind: string) => [join(suite, name, kind)].find((path) => existsSync(path));
  const text = (kind: string) => {
    const path = file(kind);
    return path && readFileSync(path, "utf8").trim();
  };
  return {
    bundle: join(suite, name, "bundle.sigstore.json"),
    artifact: file("artifact") ?? join(suite, "a.txt"),
    key: file("key.pub"),
    root: file("trusted_root.json"),
    issuer: text("issuer") ?? BEACON.issuer,
    identity: text("identity") ?? BEACON.identity,
  };
}

/** A file's digest, in hex. */
export function sha256Of(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

function sigstoreCase(name: string, by: "path" | "digest"): ArtifactInput {
  const { bundle, artifact, key, root, issuer, identity } = sigstoreFiles(name);
  const trustRoot = root === undefined ? "production" : readFileSync(root, "utf8");
  return {
    bundle: base64(bundle),
    artifact: by === "digest" ? { sha256: sha256Of(artifact) } : { bytes: base64(artifact) },
    policy:
      key === undefined
        ? { method: "sigstore", identities: [{ issuer, identity }], trustRoot }
        : { method: "key", publicKey: readFileSync(key, "utf8"), trustRoot },
    time: NOW,
  };
}

/** The name of the signature's file, inside the folder that it signs. */
const SIGNATURE = "skill.oms.sig";

/** Reads a folder, or a model that is one file. */
function readModel(root: string): Pick<ModelInput, "files" | "singleFile"> {
  if (!existsSync(root)) throw new Error(`no model at ${root}`);
  if (statSync(root).isDirectory()) return { files: readFolder(root, "") };
  const name = basename(root);
  return { files: [{ path: name, kind: "file", bytes: base64(root) }], singleFile: name };
}

function readFolder(folder: string, prefix: string): ModelInput["files"] {
  return readdirSync(folder)
    .sort()
    .flatMap((name): ModelInput["files"] => {
      const [path, full] = [prefix + name, join(folder, name)];
      const stats = lstatSync(full);
      if (stats.isDirectory()) return [{ path, kind: "directory" }, ...readFolder(full, `${path}/`)];
      if (stats.isSymbolicLink()) return [{ path, kind: "symlink" }];
      return [{ path, kind: "file", bytes: base64(full) }];
    });
}

function base64(path: string): string {
  return readFileSync(path).toString("base64");
}

/** When the inputs of the field are judged: their certificates were valid then. */
const FIELD_TIME = "2026-12-01T00:00:00Z";

interface FieldCase extends Omit<Expected, "outcome"> {
  readonly outcome?: Outcome;
  readonly bundle: string;
  readonly model?: string;
  readonly artifact?: string;
  readonly digest?: string;
  readonly key?: string;
  readonly anchors?: string;
  readonly root?: string;
  readonly predicateTypes?: readonly string[];
}

/** What people hand in, and the right answer to each. */
function fieldCases(): Case[] {
  const cases = readJson<Record<string, FieldCase>>(repository("tests/suites/vectors/field.json"));
  return Object.entries(cases).map(([name, wanted]) => {
    const { outcome = "misuse", reasons, code, stage, notes, algorithm } = wanted;
    return {
      name: `field/${name}`,
      expected: {
        outcome,
        ...(reasons && { reasons }),
        ...(code && { code }),
        ...(stage && { stage }),
        ...(notes && { notes }),
        ...(algorithm && { algorithm }),
      },
      read: () => fieldCase(wanted),
      skipped: vectors === undefined,
    };
  });
}

function fieldCase(wanted: FieldCase): CaseInput {
  const file = (name: string) => readFileSync(join(vectors ?? "", "field", name));
  const bundle = file(wanted.bundle).toString("base64");
  const policy = {
    ...fieldSigner(wanted, (name) => file(name).toString()),
    ...(wanted.root && { trustRoot: file(wanted.root).toString() }),
    ...(wanted.predicateTypes && { predicateTypes: wanted.predicateTypes }),
  };
  if (wanted.model !== undefined) {
    return { ...readModel(join(vectors ?? "", "field", wanted.model)), bundle, policy, time: FIELD_TIME };
  }
  const [algorithm = "", hex = ""] = wanted.digest?.split(":") ?? [];
  const artifact =
    wanted.artifact === undefined
      ? ({ [algorithm]: hex } as { readonly sha256: string })
      : { bytes: file(wanted.artifact).toString("base64") };
  return { bundle, artifact, policy, time: FIELD_TIME };
}

/** Who is expected: a key, or an authority; no one where the case names neither. */
function fieldSigner({ key, anchors }: FieldCase, text: (name: string) => string): object {
  if (key !== undefined) return { method: "key", publicKey: text(key) };
  if (anchors !== undefined) return { method: "certificate", anchors: [text(anchors)] };
  return { method: "sigstore", reportOnly: true };
}
