import type { Client } from "./client.js";

/** What is stored of an instance, as JSON: the command `modelseal` reads and writes the same. */
interface Generation {
  readonly fetchedAt: string;
  readonly roots: readonly string[];
  readonly timestamp: string | null;
  readonly snapshot: string | null;
  readonly targets: string | null;
  readonly delegated: Readonly<Record<string, string>>;
  readonly trustedRoot: string | null;
}

const TOP = ["timestamp", "snapshot", "targets"] as const;

const utf8 = new TextEncoder();
const text = new TextDecoder();

/** Reads a stored string: a claim, of which the client verifies all. What is not a generation counts as nothing. */
export function readGeneration(stored: string | undefined): Generation | undefined {
  if (stored === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(stored);
    return isGeneration(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isGeneration(value: unknown): value is Generation {
  if (typeof value !== "object" || value === null) return false;
  const { fetchedAt, roots, timestamp, snapshot, targets, delegated, trustedRoot, ...further } =
    value as Record<string, unknown>;
  if (Object.keys(further).length > 0) return false;
  const isText = (value: unknown) => typeof value === "string";
  return (
    isText(fetchedAt) &&
    Array.isArray(roots) &&
    roots.every(isText) &&
    [timestamp, snapshot, targets, trustedRoot].every((value) => value === null || isText(value)) &&
    typeof delegated === "object" &&
    delegated !== null &&
    Object.values(delegated).every(isText)
  );
}

/** Hands what is stored to a client. */
export function putGeneration(client: Client, generation: Generation | undefined): void {
  if (generation === undefined) return;
  for (const root of generation.roots) client.put("root", "", utf8.encode(root));
  for (const role of TOP) {
    const file = generation[role];
    if (file !== null) client.put(role, "", utf8.encode(file));
  }
  for (const [name, file] of Object.entries(generation.delegated))
    client.put("delegated", name, utf8.encode(file));
}

/** What a client must store. */
export function writeGeneration(
  client: Client,
  fetchedAt: string,
  trustedRoot: Uint8Array | undefined,
): string {
  const file = (kind: string, name: string) => {
    const bytes = client.file(kind, name);
    return bytes === undefined ? null : text.decode(bytes);
  };
  const roots: string[] = [];
  for (let root = file("root", "0"); root !== null; root = file("root", `${roots.length}`)) roots.push(root);
  const delegated: Record<string, string> = Object.create(null);
  for (const name of client.delegatedNames()) {
    const role = file("delegated", name);
    if (role !== null) delegated[name] = role;
  }
  const generation: Generation = {
    fetchedAt,
    roots,
    timestamp: file("timestamp", ""),
    snapshot: file("snapshot", ""),
    targets: file("targets", ""),
    delegated,
    trustedRoot: trustedRoot === undefined ? null : text.decode(trustedRoot),
  };
  return JSON.stringify(generation);
}
