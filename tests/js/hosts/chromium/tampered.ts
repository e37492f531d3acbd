import { openBundle } from "modelseal";
import type { StreamInput } from "../../shared/streams.js";

/** The error of a file that is not the signed one. */
export async function tamperedError({ bundle, policy, path }: StreamInput): Promise<unknown> {
  const signed = await openBundle({ bundle, policy });
  return signed
    .checkResponse(path, new Response("tampered"))
    .json()
    .catch((error: unknown) => error);
}
