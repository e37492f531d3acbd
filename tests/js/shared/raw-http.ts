// An HTTP client that sees what stands on the wire: no library between it and the end of an answer.
import { connect } from "node:net";

/** An answer, and whether it came to its end. */
export interface RawAnswer {
  readonly status: number;
  readonly body: Buffer;
  /** The declared length was reached, or the last chunk came. */
  readonly complete: boolean;
}

/** Asks for a path, over a connection of its own. */
export function get(port: number, path: string): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let received = Buffer.alloc(0);
    const parts: Buffer[] = [];
    let look: ReturnType<typeof setTimeout> | undefined;
    const settle = (ended: boolean) => {
      received = Buffer.concat([received, ...parts.splice(0)]);
      clearTimeout(look);
      const answer = parse(received, ended);
      if (answer === undefined) return;
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(30_000, () => {
      socket.destroy();
      reject(new Error(`no end of the answer to ${path}`));
    });
    socket.on("connect", () => socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`));
    socket.on("data", (data: Buffer) => {
      parts.push(data);
      // A long body is not put together again for each of its pieces: only when no more come for a moment.
      clearTimeout(look);
      look = setTimeout(() => settle(false), 5);
    });
    // A connection that is reset leaves an answer that is cut off.
    socket.on("error", () => settle(true));
    socket.on("close", () => settle(true));
  });
}

/** Nothing, while an answer may go on. */
function parse(bytes: Buffer, ended: boolean): RawAnswer | undefined {
  const cut = { status: 0, body: Buffer.alloc(0), complete: false };
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return ended ? cut : undefined;
  const [statusLine = "", ...lines] = bytes.subarray(0, end).toString("latin1").split("\r\n");
  const status = Number(statusLine.split(" ")[1]);
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const rest = bytes.subarray(end + 4);
  const answer = (body: Buffer, complete: boolean) =>
    complete || ended ? { status, body, complete } : undefined;
  if (headers.get("transfer-encoding")?.toLowerCase() === "chunked") {
    const { body, complete } = parseChunks(rest);
    return answer(body, complete);
  }
  const declared = headers.get("content-length");
  // Without a length the end of the connection is the end of the body: nothing tells it from a break.
  if (declared === undefined) return ended ? { status, body: rest, complete: true } : undefined;
  const length = Number(declared);
  return answer(rest.subarray(0, length), rest.length >= length);
}

function parseChunks(bytes: Buffer): { body: Buffer; complete: boolean } {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = bytes.indexOf("\r\n", at);
    const size = end < 0 ? Number.NaN : Number.parseInt(bytes.subarray(at, end).toString("latin1"), 16);
    const start = end + 2;
    if (Number.isNaN(size) || bytes.length < start + size + 2)
      return { body: Buffer.concat(parts), complete: false };
    if (size === 0) return { body: Buffer.concat(parts), complete: true };
    parts.push(bytes.subarray(start, start + size));
    at = start + size + 2;
  }
}
