import { createReadStream } from "node:fs";
import { open, readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { ArtifactRequest } from "../api/verify-artifact.js";
import { BLOCK } from "../core/block.js";
import { VerifyError } from "../core/errors.js";
import type { Policy, PresetPolicy, ReportOnlyPolicy, TrustRootName } from "../types/index.js";
import type { VerifyCommand } from "./commands.js";
import type { Expected } from "./expected.js";
import { Failure, quoted, unreadable } from "./failure.js";

/** A chain of 16 certificates with RSA-8192 keys has 60 KiB. */
const PEM_BYTES = 1024 * 1024;
/** One more than the core's limit: it says itself that this is too much. */
const BUNDLE_BYTES = 64 * 1024 * 1024 + 1;

/** Reads the signature bundle. */
export async function readSignature(path: string): Promise<Uint8Array> {
  return readAtMost(path, BUNDLE_BYTES, "signature-unreadable");
}

/** Makes the policy of a command's options and the files that they name. */
export async function readPolicy(expected: Expected): Promise<Policy | ReportOnlyPolicy> {
  const trustRoot = "trustRoot" in expected ? await readTrustRoot(expected.trustRoot) : undefined;
  const root = trustRoot === undefined ? {} : { trustRoot };
  switch (expected.method) {
    case "key":
      return { method: "key", publicKey: await readPem(expected.publicKey, "key-unreadable"), ...root };
    case "certificate": {
      const { anchors, trustRoot, ...rest } = expected;
      const pems = await Promise.all(anchors.map((path) => readPem(path, "anchor-unreadable")));
      return { ...rest, anchors: pems, ...root };
    }
    case "sigstore": {
      const { method, identities } = expected;
      return identities === undefined
        ? { method, reportOnly: true, ...root }
        : { method, identities, ...root };
    }
    case "preset":
      // Whether there is such a preset is for the core to say.
      return { preset: expected.preset as PresetPolicy["preset"] };
  }
}

/** What narrows any policy that expects somebody. */
export function pinned(policy: Policy | ReportOnlyPolicy, command: VerifyCommand): Policy | ReportOnlyPolicy {
  const { rootDigest, modelName, deny } = command;
  return {
    ...policy,
    ...(rootDigest !== undefined && { rootDigest }),
    ...(modelName !== undefined && { modelName }),
    ...(deny.length > 0 && { deny }),
  };
}

const ROOTS: ReadonlySet<string> = new Set<TrustRootName>(["production", "staging", "github"]);

/** A trust root that ships with modelseal by its name, or else one from a file. */
export async function readTrustRoot(
  root: string | undefined,
): Promise<TrustRootName | Uint8Array | undefined> {
  if (root === undefined || ROOTS.has(root)) return root as TrustRootName | undefined;
  return readAtMost(root, BUNDLE_BYTES, "trust-root-unreadable");
}

/** An artifact's bytes, or the digest that stands in their place. */
export function openArtifact(artifact: string): ArtifactRequest["artifact"] {
  return artifact.startsWith("sha256:") ? { sha256: artifact } : blocks(artifact);
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

async function readPem(path: string, code: string): Promise<string> {
  const bytes = await readAtMost(path, PEM_BYTES + 1, code);
  const error = code === "key-unreadable" ? "key-invalid" : "anchor-invalid";
  const what = code === "key-unreadable" ? "public key in PEM" : "certificate in PEM";
  try {
    if (bytes.length <= PEM_BYTES) return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // Said below.
  }
  throw new VerifyError(error, "policy", `${quoted(path)} is not a readable ${what}`);
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
    throw unreadable(code, path, error);
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
