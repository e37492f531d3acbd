import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { errorCodes, type Outcome } from "modelseal";
import type { CaseInput, CaseResult } from "./harness.js";
import { readJson, repository, vectors } from "./repository.js";

/** A test case for every host. It is read when its test runs. */
export interface Case {
  readonly name: string;
  readonly expected: Expected;
  readonly read: () => CaseInput;
  /** Its files are not here. */
  readonly skipped?: boolean;
}

/** What has to come out; each part that is given, exactly. */
export interface Expected {
  readonly outcome: Outcome | "misuse";
  readonly reasons?: readonly string[];
  readonly code?: string;
  readonly stage?: string;
  readonly signedFiles?: readonly string[];
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The time of judgement of every public vector: their leaves are valid then. */
const NOW = "2026-06-01T00:00:00Z";

const STAGES = new Map((await errorCodes()).map(({ code, stage }) => [code, stage]));

/** All cases, by name. */
export function allCases(): Case[] {
  return [...forgedCases("fixtures"), ...forgedCases("malformed"), ...omsCases(), ...nvidiaCases()];
}

/** What a case gave, in the form of what was expected of it. */
export function compared(result: CaseResult, expected: Expected): Expected {
  if ("error" in result) {
    const { code, stage } = result.error;
    return { outcome: "misuse", code, stage };
  }
  const { verdict, files } = result;
  const error = verdict.signature.status === "invalid" ? verdict.signature.error : undefined;
  return {
    outcome: verdict.outcome,
    reasons: verdict.reasons,
    ...(expected.code !== undefined && { code: error?.code ?? verdict.reasons[0] ?? "" }),
    ...(expected.stage !== undefined && {
      stage: error?.stage ?? STAGES.get(verdict.reasons[0] ?? "") ?? "",
    }),
    ...(expected.signedFiles !== undefined && { signedFiles: files }),
    ...(expected.details !== undefined && {
      details: {
        signer: "name" in verdict.publisher ? verdict.publisher.name : null,
        signedFiles: verdict.coverage.signedFiles,
        changed: verdict.bytes.changed.map(({ path }) => path),
        missing: verdict.coverage.missing,
        unsigned: verdict.coverage.unsigned.map(({ path }) => path),
      },
    }),
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
    readonly ignore_paths?: readonly string[];
    readonly ignore_unsigned_files?: boolean;
  };
}

type OmsExpected =
  | (Expected & { readonly digestsV01?: boolean; readonly publicKey?: string })
  | { readonly waiting: "keyless" };

function omsCases(): Case[] {
  const expected = readJson<Record<string, OmsExpected>>(repository("tests/vectors/expected.json"));
  return Object.entries(expected).map(([name, wanted]) => {
    const waits = "waiting" in wanted;
    return {
      name: waits ? `waiting for keyless: ${name}` : name,
      expected: waits ? WAITING : omsExpected(name, wanted),
      read: () => omsCase(name, wanted),
      skipped: vectors === undefined,
    };
  });
}

const WAITING: Expected = { outcome: "failed", reasons: ["method-unsupported"] };

function omsExpected(name: string, { outcome, reasons }: Expected): Expected {
  const wanted = { outcome, ...(reasons !== undefined && { reasons }) };
  if (vectors === undefined) return wanted;
  const { expected_signed_files: signedFiles } = readJson<OmsConfig>(join(vectors, name, "config.json"));
  return outcome === "failed" || signedFiles === undefined ? wanted : { ...wanted, signedFiles };
}

function omsCase(name: string, expected: OmsExpected): CaseInput {
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
  if (method === "sigstore") return { method };
  if (method === "key") {
    const key = ("publicKey" in expected ? expected.publicKey : undefined) ?? verify.public_key ?? "";
    return { method, publicKey: pem(key) };
  }
  const digestsV01 = "digestsV01" in expected && expected.digestsV01;
  return { method, anchors: (verify.cert_chain ?? []).map(pem), ...(digestsV01 && { digestsV01 }) };
}

interface NvidiaExpected {
  readonly outcome: Outcome;
  readonly reasons: readonly string[];
  readonly [detail: string]: unknown;
}

function nvidiaCases(): Case[] {
  const pinned = readJson<Record<string, NvidiaExpected>>(repository("tests/vectors/nvidia-skills.json"));
  return Object.entries(pinned).map(([name, { outcome, reasons, ...details }]) => ({
    name: `nvidia-skills/${name}`,
    expected: { outcome, reasons, details },
    read: () => {
      const folder = join(vectors ?? "", "nvidia-skills", name);
      const root = readFileSync(join(vectors ?? "", "roots/nv-agent-root-cert.pem"), "utf8");
      return {
        bundle: base64(join(folder, SIGNATURE)),
        ...readModel(folder),
        policy: { method: "certificate", anchors: [root] },
        time: NOW,
        signaturePath: SIGNATURE,
      };
    },
    skipped: vectors === undefined,
  }));
}

/** The name of the signature's file, inside the folder that it signs. */
const SIGNATURE = "skill.oms.sig";

/** Reads a folder, or a model that is one file. */
function readModel(root: string): Pick<CaseInput, "files" | "singleFile"> {
  if (!existsSync(root)) throw new Error(`no model at ${root}`);
  if (statSync(root).isDirectory()) return { files: readFolder(root, "") };
  const name = basename(root);
  return { files: [{ path: name, kind: "file", bytes: base64(root) }], singleFile: name };
}

function readFolder(folder: string, prefix: string): CaseInput["files"] {
  return readdirSync(folder)
    .sort()
    .flatMap((name): CaseInput["files"] => {
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
