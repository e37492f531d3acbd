import { openBundle } from "modelseal";
import type { StreamInput } from "../../shared/streams.js";

/** Fetches the signed file, and returns how long it came and what its response declared. */
export async function fetchChecked(url: string, { bundle, policy, path }: StreamInput) {
  const signed = await openBundle({ bundle, policy });
  const fetched = await fetch(url);
  const { response, result } = signed.response(path, fetched);
  const ended = await response.arrayBuffer().then(
    (bytes) => bytes.byteLength,
    (error: { readonly code?: string }) => error.code,
  );
  const { type, headers } = fetched;
  const seen = { length: headers.get("content-length"), encoding: headers.get("content-encoding") };
  return { type, seen, ended, status: (await result).status };
}
