import { declaredLength, inTime, OriginError } from "../origin/request.js";

/** Larger blocks than a stream's own: on workerd those are of 4 KiB, and reading them costs ten times as much. */
const BLOCK_BYTES = 1024 * 1024;

/**
 * A body in parts of exactly so many bytes, the last one shorter. Each part is the same memory: it holds until the
 * next one is asked for. Throws an {@link OriginError} where the body breaks off.
 */
export async function* inParts(
  response: Response,
  partBytes: number,
): AsyncGenerator<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly last: boolean }> {
  const { body } = response;
  if (body === null) return;
  const part = new Uint8Array(partBytes);
  let filled = 0;
  let total = 0;
  const blocks = readBlocks(response, body);
  try {
    for await (const block of blocks) {
      total += block.byteLength;
      let rest = block;
      // A full part is handed out when more is known to come: the last one must be told from the others.
      while (filled + rest.byteLength > partBytes) {
        const fits = rest.subarray(0, partBytes - filled);
        part.set(fits, filled);
        rest = rest.subarray(fits.byteLength);
        filled = 0;
        yield { bytes: part, last: false };
      }
      part.set(rest, filled);
      filled += rest.byteLength;
    }
  } finally {
    await blocks.return(undefined);
  }
  const declared = response.status === 200 ? declaredLength(response) : undefined;
  if (declared !== undefined && total < declared)
    throw new OriginError("origin-down", "The origin's answer broke off.");
  yield { bytes: part.subarray(0, filled), last: true };
}

async function* readBlocks(
  response: Response,
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const read = readerOf(body);
  let ended = false;
  try {
    for (;;) {
      const block = await inTime(response, read.next());
      if (block === undefined) break;
      yield block;
    }
    ended = true;
  } catch (error) {
    if (error instanceof OriginError) throw error;
    throw new OriginError("origin-down", "The origin's answer broke off.");
  } finally {
    if (!ended) read.cancel();
  }
}

/** Reads into memory of its own where the stream can. */
function readerOf(body: ReadableStream<Uint8Array>): {
  next(): Promise<Uint8Array | undefined>;
  cancel(): void;
} {
  try {
    const reader = body.getReader({ mode: "byob" });
    let memory = new ArrayBuffer(BLOCK_BYTES);
    return {
      async next() {
        const { done, value } = await reader.read(new Uint8Array(memory));
        if (value !== undefined) memory = value.buffer;
        return done ? undefined : value;
      },
      cancel: () => void reader.cancel().catch(() => {}),
    };
  } catch {
    const reader = body.getReader();
    return {
      next: async () => (await reader.read()).value,
      cancel: () => void reader.cancel().catch(() => {}),
    };
  }
}
