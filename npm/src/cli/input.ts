import { createReadStream } from "node:fs";
import { open, readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { inspect } from "../api/inspect.js";
import { openBundle } from "../api/open-bundle.js";
import { readTrustRoot as parseTrustRoot, type TrustRoot } from "../api/trust-roots.js";
import type { ArtifactRequest } from "../api/verify-artifact.js";
import { BLOCK } from "../core/block.js";
import { VerifyError } from "../core/errors.js";
import type {
  ArtifactPolicy,
  ErrorCode,
  FetchedTrustRoot,
  Policy,
  PresetPolicy,
  ReportOnlyPolicy,
  TrustRootName,
} from "../types/index.js";
import type { ArtifactCommand, VerifyCommand } from "./args.js";
import type { Expected } from "./expected.js";
import { Failure, inFile, quoted, unreadable } from "./failure.js";
import { chooseTrustRoot } from "./roots/stored.js";

/** A chain of 16 certificates with RSA-8192 keys has 60 KiB. */
const PEM_BYTES = 1024 * 1024;
/** One more than the core's limit: it says itself that this is too much. */
const BUNDLE_BYTES = 64 * 1024 * 1024 + 1;

/** Reads the signature bundle. */
export async function readSignature(path: string): Promise<Uint8Array> {
  return readAtMost(path, BUNDLE_BYTES, "signature-unreadable");
}

/** Presets that depend on a trust root: one that was fetched counts. */
const KEYLESS_PRESETS: ReadonlySet<string> = new Set(["ibm-granite"]);

/** Makes the policy of a command's options and the files that they name. */
export async function readPolicy(expected: Expected): Promise<Policy | ReportOnlyPolicy> {
  switch (expected.method) {
    case "key": {
      const publicKey = await readPem(expected.publicKey, KEY);
      return { method: "key", publicKey, ...(await rootOf(expected)) };
    }
    case "certificate": {
      const { anchors, trustRoot, ...rest } = expected;
      const pems: string[] = [];
      for (const path of anchors) pems.push(await readPem(path, ANCHOR));
      return { ...rest, ...(pems.length > 0 && { anchors: pems }), ...(await rootOf(expected)) };
    }
    case "sigstore": {
      const { method, identities } = expected;
      const root = await rootOf({ trustRoot: expected.trustRoot ?? "production" });
      return identities === undefined
        ? { method, reportOnly: true, ...root }
        : { method, identities, ...root };
    }
    case "preset":
      // Whether there is such a preset is for the core to say.
      return {
        preset: expected.preset as PresetPolicy["preset"],
        ...(KEYLESS_PRESETS.has(expected.preset) && (await rootOf({ trustRoot: "production" }))),
      };
  }
}

async function rootOf({ trustRoot }: { readonly trustRoot: string | undefined }): Promise<{
  readonly trustRoot?: TrustRootName | Uint8Array | FetchedTrustRoot;
}> {
  if (trustRoot === undefined) return {};
  const root = await readTrustRoot(trustRoot);
  // Read here, so that an error names the file.
  if (root instanceof Uint8Array) await describeTrustRoot(trustRoot, root);
  return { trustRoot: root };
}

/** What is in a trust root of a file. */
export async function describeTrustRoot(path: string, root: Uint8Array): Promise<TrustRoot> {
  return parseTrustRoot(root).catch((error) => {
    throw inFile(path, error);
  });
}

/** An error of the policy, with the file that it is about where that is clear. */
export async function inPolicyFile(error: unknown, expected: Expected): Promise<unknown> {
  if (!(error instanceof VerifyError)) return error;
  if (expected.method === "key" && error.code.startsWith("key-")) return inFile(expected.publicKey, error);
  if (expected.method !== "certificate" || !error.code.startsWith("anchor-")) return error;
  const { anchors } = expected;
  if (error.code === "anchor-invalid" || error.code === "anchor-missing") {
    for (const path of anchors) {
      const found = await anchorError(path);
      if (found?.code === error.code) return inFile(path, found);
    }
  }
  const [only, ...more] = anchors;
  return only !== undefined && more.length === 0 ? inFile(only, error) : error;
}

/** What is wrong with one file of anchors on its own. */
async function anchorError(path: string): Promise<VerifyError | undefined> {
  const policy = { method: "certificate", anchors: [await readPem(path, ANCHOR)] } as const;
  return openBundle({ bundle: "", policy }).then(
    () => undefined,
    (error) => (error instanceof VerifyError ? error : undefined),
  );
}

/** What narrows any policy that expects someone. */
export function pinned(policy: Policy | ReportOnlyPolicy, command: VerifyCommand): Policy | ReportOnlyPolicy {
  const { rootDigest, modelName, deny } = command;
  return {
    ...policy,
    ...(rootDigest !== undefined && { rootDigest }),
    ...(modelName !== undefined && { modelName }),
    ...(deny.length > 0 && { deny }),
  };
}

/** What narrows a policy about an artifact. */
export function narrowed(policy: Policy | ReportOnlyPolicy, command: ArtifactCommand): ArtifactPolicy {
  const { predicateTypes, anyPredicateType, deny } = command;
  return {
    ...policy,
    ...(predicateTypes.length > 0 && { predicateTypes }),
    ...(anyPredicateType && { anyPredicateType }),
    ...(deny.length > 0 && { deny }),
  } as ArtifactPolicy;
}

const ROOTS: readonly string[] = ["production", "staging", "github"] satisfies TrustRootName[];

/** A trust root that ships with modelseal, or a newer one that was fetched, by its name; or else one from a file. */
export async function readTrustRoot(root: string): Promise<TrustRootName | Uint8Array | FetchedTrustRoot> {
  if (ROOTS.includes(root)) return chooseTrustRoot(root as TrustRootName);
  return readAtMost(root, BUNDLE_BYTES, "trust-root-unreadable").catch((error: Failure) => {
    if ((error.cause as NodeJS.ErrnoException | undefined)?.code !== "ENOENT") throw error;
    const message = `${quoted(root)} is neither a bundled trust root (${ROOTS.join(", ")}) nor a file`;
    throw new Failure("trust-root-unknown", message);
  });
}

const DIGESTS = { sha256: 64, sha384: 96, sha512: 128 } as const;

/** An artifact's bytes, or the digest that stands in their place. */
export function openArtifact(artifact: string): ArtifactRequest["artifact"] {
  const [algorithm = "", hex = ""] = artifact.split(/:(.*)/s);
  if (!(algorithm in DIGESTS) || !artifact.includes(":")) return blocks(artifact);
  const digits = DIGESTS[algorithm as keyof typeof DIGESTS];
  if (hex.length !== digits || !/^[0-9a-f]*$/.test(hex)) {
    const message = `${quoted(artifact)} is not \`${algorithm}:\` and ${digits} lower-case hex digits`;
    throw new Failure("usage-invalid", message);
  }
  return { [algorithm]: hex } as ArtifactRequest["artifact"];
}

async function* blocks(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: BLOCK });
  } catch (error) {
    throw unreadable("artifact-unreadable", path, error);
  }
}

/** Where the model is, without links, and whether it is a folder. */
export async function locateModel(path: string): Promise<{ root: string; folder: boolean }> {
  try {
    const root = await realpath(path);
    const stats = await stat(root);
    if (!stats.isDirectory() && !stats.isFile()) {
      throw new Failure("model-unreadable", `${quoted(path)} is neither a folder nor a regular file`);
    }
    return { root, folder: stats.isDirectory() };
  } catch (error) {
    throw error instanceof Failure ? error : unreadable("model-unreadable", path, error);
  }
}

/**
 * A rule of `--ignore-paths`, relative to the model. As in the Python CLI the path is absolute or relative to
 * the current folder; if that does not lie in the model, it is relative to the model.
 */
export async function ignoreRule(root: string, path: string): Promise<string> {
  const rule = (await within(root, resolve(path))) ?? (await within(root, resolve(root, path)));
  const refused = (why: string) => new Failure("usage-invalid", `--ignore-paths ${quoted(path)} ${why}`);
  if (rule === undefined) throw refused("does not lie in the model");
  if (rule === "") throw refused("would leave out the whole model");
  return rule;
}

/** A path relative to the model, with `/`; nothing if it does not lie in it. */
export async function within(root: string, path: string): Promise<string | undefined> {
  const below = relative(root, await resolveFolder(resolve(path)));
  if (below === ".." || below.startsWith(`..${sep}`) || isAbsolute(below)) return undefined;
  return below.split(sep).join("/");
}

/** Resolves the links of all but the last name, which may be a link of the model and need not exist. */
async function resolveFolder(path: string): Promise<string> {
  const folder = dirname(path);
  if (folder === path) return path;
  const real = await realpath(folder).catch(() => resolveFolder(folder));
  return join(real, basename(path));
}

/** What a PEM file is for. */
interface PemUse {
  readonly unreadable: string;
  readonly code: ErrorCode;
  readonly sentence: string;
}

const KEY: PemUse = {
  unreadable: "key-unreadable",
  code: "key-invalid",
  sentence: "this is not a public key in PEM",
};

const ANCHOR: PemUse = {
  unreadable: "anchor-unreadable",
  code: "anchor-invalid",
  sentence: "a trust anchor cannot be used",
};

async function readPem(path: string, use: PemUse): Promise<string> {
  const bytes = await readAtMost(path, PEM_BYTES + 1, use.unreadable);
  if (bytes.length > PEM_BYTES) {
    throw new Failure(use.unreadable, `${quoted(path)} is larger than ${PEM_BYTES} bytes`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const message = `${quoted(path)}: ${use.sentence}: ${await kindOf(bytes)}`;
    throw new VerifyError(use.code, "policy", message);
  }
}

/** What bytes are that are not UTF-8, in the core's words. */
async function kindOf(bytes: Uint8Array): Promise<string> {
  const error = await inspect(bytes).catch((error: unknown) => error);
  const message = error instanceof VerifyError ? error.message : "";
  return message.split(": ").slice(1).join(": ");
}

async function readAtMost(path: string, limit: number, code: string): Promise<Uint8Array> {
  try {
    const stats = await stat(path);
    if (stats.isFile() && stats.size < limit) return await readFile(path);
    const file = await open(path);
    try {
      return await readStart(file, limit);
    } finally {
      await file.close();
    }
  } catch (error) {
    const failure = unreadable(code, path, error);
    failure.cause = error;
    throw failure;
  }
}

async function readStart(file: Awaited<ReturnType<typeof open>>, limit: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(limit);
  let length = 0;
  while (length < limit) {
    const { bytesRead } = await file.read(bytes, length, limit - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}
