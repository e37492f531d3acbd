// What is passed on without being verified: marked, kept by no cache, and under no signed name.
import { fileHeaders } from "../answers/file-headers.js";
import { Problem } from "../answers/problem.js";
import type { Gateway } from "../gateway.js";
import { sha256Hex } from "../models/digest.js";
import type { Model } from "../models/model.js";
import { declaredLength, originProblem, versionOf } from "../origin/request.js";
import { type FileRequest, probeAnswer, rangeRefused } from "./copy.js";
import { askForFile, firstByte } from "./origin-file.js";

/** How a passed answer is marked. */
type Mark = "log-only" | "unsigned";

/** Passes a file on. `inspect` sees its bytes, and its end, as they go. */
export async function pass(
  gateway: Gateway,
  model: Pick<Model, "commit" | "entry">,
  path: string,
  mark: Mark,
  request: FileRequest,
  inspect?: { push(bytes: Uint8Array): void; end(complete: boolean): void },
): Promise<Response> {
  const range = request.headers.get("range");
  const isProbe = range?.trim() === "bytes=0-0";
  if (range !== null && !isProbe) throw rangeRefused("it is passed on without being verified");
  let origin: Response;
  try {
    origin = await askForFile(gateway, model, path, { method: request.method });
  } catch (error) {
    throw originProblem(error, model.entry.whenOriginDown);
  }
  const size = declaredLength(origin);
  if (size === undefined && request.method === "GET") {
    await origin.body?.cancel();
    throw new Problem(502, "origin-length-missing", "The origin does not say how long this file is.");
  }
  const id = (await sha256Hex(`${path}\n${versionOf(origin)}`)).slice(0, 40);
  const facts = { path, commit: model.commit, size, sha256: undefined, id, shared: false };
  const headers = fileHeaders(facts, request.headers, "unverified");
  headers.set("X-Modelseal", mark);
  if (size !== undefined) headers.set("Content-Length", `${size}`);
  if (request.method === "HEAD" || origin.body === null) return new Response(null, { headers });
  if (isProbe && size !== undefined && size > 0) {
    const byte = await firstByte(origin).catch((error: unknown) => {
      throw originProblem(error, model.entry.whenOriginDown);
    });
    return probeAnswer(headers, size, byte);
  }
  return new Response(gateway.host.fixLength(tapped(origin.body, inspect), size ?? 0), { headers });
}

function tapped(
  body: ReadableStream<Uint8Array>,
  inspect: { push(bytes: Uint8Array): void; end(complete: boolean): void } | undefined,
): ReadableStream<Uint8Array> {
  if (inspect === undefined) return body;
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) {
          inspect.end(true);
          controller.close();
          return;
        }
        inspect.push(value);
        controller.enqueue(value);
      },
      async cancel(reason) {
        inspect.end(false);
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
