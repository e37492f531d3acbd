import { Problem } from "../answers/problem.js";
import { joined } from "../bytes.js";

/** Larger blocks than a stream's own: on workerd those are of 4 KiB, and reading them costs ten times as much. */
const BLOCK_BYTES = 256 * 1024;

/**
 * How much more than the limit is read, and thrown away: who is still sending does not see an answer.
 * Beyond that the connection is cut.
 */
const DRAINED_BYTES = 64 * 1024 * 1024;

/** The request's body, if it is no larger than `limit`. */
export async function readBody(request: Request, limit: number): Promise<Uint8Array> {
  const declared = declaredLength(request);
  // The platform does not read beyond a declared length.
  if (declared !== undefined && declared <= limit) return new Uint8Array(await request.arrayBuffer());
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of blocks(request.body)) {
    size += piece.length;
    if (size <= limit) pieces.push(piece.slice());
    else pieces.length = 0;
    if (size > limit + DRAINED_BYTES) break;
  }
  if (size > limit) {
    const message = `The request's body is larger than the limit of ${limit} bytes.`;
    throw new Problem(413, "request-too-large", message);
  }
  return joined(pieces, size);
}

/** The declared length, which does not count when the body comes in chunks as well (RFC 9112 section 6.3). */
function declaredLength({ headers }: Request): number | undefined {
  const length = headers.get("Content-Length");
  return length === null || headers.has("Transfer-Encoding") ? undefined : Number(length);
}

async function* blocks(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  const reader = body.getReader({ mode: "byob" });
  try {
    let block = new Uint8Array(BLOCK_BYTES);
    for (;;) {
      const { done, value } = await reader.read(block);
      if (done) return;
      yield value;
      block = new Uint8Array(value.buffer);
    }
  } finally {
    await reader.cancel();
  }
}
