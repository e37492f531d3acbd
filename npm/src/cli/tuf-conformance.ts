// `modelseal tuf-conformance-client`: the protocol of the public TUF suite. It knows two exit codes.
import { copyFile, mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Client, FetchFile } from "../tuf/client.js";
import { answerAll, call, createClient, fromMirror, RefreshError, readMirror } from "../tuf/node.js";
import type { TufConformanceCommand } from "./args.js";
import { Failure, reason } from "./failure.js";

const TOP = ["timestamp", "snapshot", "targets"] as const;

/** Runs what the suite asks for. Everything that it expects to fail throws a failure with exit code 1. */
export async function runTufConformance(command: TufConformanceCommand): Promise<void> {
  try {
    const { metadataDir, trustedRoot } = command;
    if (trustedRoot !== undefined) {
      await mkdir(metadataDir, { recursive: true });
      await copyFile(trustedRoot, join(metadataDir, "root.json"));
      return;
    }
    await refresh(command);
  } catch (error) {
    const code = error instanceof RefreshError || error instanceof Failure ? error.code : "tuf-conformance";
    throw new Failure(code, reason(error), 1);
  }
}

async function refresh(command: TufConformanceCommand): Promise<void> {
  const { metadataDir: folder, metadataUrl, targetBaseUrl, download } = command;
  if (metadataUrl === undefined) throw new Failure("usage-invalid", "--metadata-url is missing");
  const targets = targetBaseUrl === undefined ? undefined : readMirror(targetBaseUrl);
  const mirror = fromMirror((address, init) => fetch(address, init), readMirror(metadataUrl), targets);
  const client = await createClient(await readFile(join(folder, "root.json")), new Date());
  try {
    await putStored(client, folder);
    call(() => client.begin());
    await answerAll(client, mirror).finally(() => keep(client, folder));
    if (download) await downloadAll(client, mirror, command);
  } finally {
    client.free();
  }
}

async function downloadAll(
  client: Client,
  mirror: FetchFile,
  { targetDir, targetNames, metadataDir }: TufConformanceCommand,
): Promise<void> {
  if (targetDir === undefined) throw new Failure("usage-invalid", "--target-dir is missing");
  await mkdir(targetDir, { recursive: true });
  for (const name of targetNames) {
    call(() => client.search(name));
    // One segment, whatever the path contains.
    const path = join(targetDir, quoted(name));
    const stored = await readFile(path).catch(() => undefined);
    let fetched = false;
    const file: FetchFile = async (wanted) => {
      if (wanted.place === "metadata") return mirror(wanted);
      if (stored !== undefined && client.is(stored)) return stored;
      fetched = true;
      return mirror(wanted);
    };
    await answerAll(client, file).finally(() => keep(client, metadataDir));
    const bytes = client.target();
    if (bytes !== undefined && fetched) await replace(path, bytes);
  }
}

/** Hands the client the files in the folder, apart from the root. */
async function putStored(client: Client, folder: string): Promise<void> {
  for (const file of await readdir(folder)) {
    const role = file.endsWith(".json") ? unquoted(file.slice(0, -".json".length)) : undefined;
    if (role === undefined || role === "root") continue;
    const kind = TOP.find((top) => top === role) ?? "delegated";
    client.put(kind, role, await readFile(join(folder, file)));
  }
}

/** Writes what has changed. */
async function keep(client: Client, folder: string): Promise<void> {
  const write = async (name: string, bytes: Uint8Array | undefined) => {
    if (bytes === undefined) return;
    const path = join(folder, `${quoted(name)}.json`);
    const before = await readFile(path).catch(() => undefined);
    if (before === undefined || Buffer.compare(before, bytes) !== 0) await replace(path, bytes);
  };
  let last: Uint8Array | undefined;
  for (let index = 0; ; index += 1) {
    const root = client.file("root", `${index}`);
    if (root === undefined) break;
    last = root;
  }
  await write("root", last);
  for (const role of TOP) await write(role, client.file(role, ""));
  for (const name of client.delegatedNames()) await write(name, client.file("delegated", name));
}

async function replace(path: string, bytes: Uint8Array): Promise<void> {
  await writeFile(`${path}.new`, bytes);
  await rename(`${path}.new`, path);
}

/** A role or a target as one segment of a path. */
function quoted(name: string): string {
  return encodeURIComponent(name).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function unquoted(name: string): string | undefined {
  try {
    return decodeURIComponent(name);
  } catch {
    return undefined;
  }
}
