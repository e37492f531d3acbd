// What a checked stream does, on whatever host this is bundled for.
import { openBundle, type SignedModel, VerifyError } from "modelseal";

/** What every scenario gets: a signed file of more than two blocks, as JSON. */
export interface StreamInput {
  readonly bundle: string;
  readonly policy: { readonly method: "key"; readonly publicKey: string };
  readonly path: string;
  /** The file's length. Byte `i` is `(i * 31 + i / 4096) % 251`. */
  readonly length: number;
  /** The same file, signed in shards. */
  readonly sharded: { readonly bundle: string; readonly shardSize: number };
}

/** What a reader saw: how many bytes, and how it ended. */
interface Seen {
  readonly ended: string;
  readonly bytes: number;
}

type Scenario = (signed: SignedModel, input: StreamInput) => Promise<unknown>;

/** Each scenario with its expected result. */
export const SCENARIOS: Readonly<Record<string, { readonly run: Scenario; readonly expected: unknown }>> = {
  "right bytes pass, from chunks of any size": {
    run: async (signed, { path, length }) => [
      await read(signed.checkStream(path, chunked(fileBytes(length), 1000))),
      await read(signed.checkStream(path, chunked(fileBytes(length), 1_500_000))),
      await read(signed.checkStream(path, byteStream(fileBytes(length)))),
      await read(signed.checkStream(path, new Blob([fileBytes(length)]).stream())),
    ],
    expected: Array(4).fill({ ended: "done", bytes: 2_500_000 }),
  },
  "the delivered bytes are the file's": {
    run: async (signed, { path, length }) => {
      const wanted = fileBytes(length);
      const stream = signed.checkStream(path, chunked(wanted, 70_000));
      const got = new Uint8Array(await new Response(stream).arrayBuffer());
      return got.length === length && got.every((byte, index) => byte === wanted[index]);
    },
    expected: true,
  },
  "a wrong last byte never completes": {
    run: (signed, { path, length }) => {
      const bytes = fileBytes(length);
      bytes[length - 1] = (bytes[length - 1] ?? 0) ^ 1;
      return wrong(signed, path, bytes);
    },
    expected: WRONG(),
  },
  "a wrong first byte never completes": {
    run: (signed, { path, length }) => {
      const bytes = fileBytes(length);
      bytes[0] = 255;
      return wrong(signed, path, bytes);
    },
    expected: WRONG(),
  },
  "a truncated file never completes": {
    run: (signed, { path, length }) => wrong(signed, path, fileBytes(length - 1)),
    expected: WRONG(),
  },
  "a longer file never completes": {
    run: (signed, { path, length }) => wrong(signed, path, fileBytes(length + 1)),
    expected: WRONG(),
  },
  "nothing in place of the file never completes": {
    run: async (signed, { path }) => read(signed.checkStream(path, chunked(new Uint8Array(), 10))),
    expected: { ended: "file-changed", bytes: 0 },
  },
  "delivery verified yields right bytes": {
    run: (signed, { path, length }) =>
      read(signed.checkStream(path, chunked(fileBytes(length), 70_000), { delivery: "verified" })),
    expected: { ended: "done", bytes: 2_500_000 },
  },
  "delivery verified yields nothing of a wrong file": {
    run: (signed, { path, length }) =>
      read(signed.checkStream(path, chunked(fileBytes(length - 1), 70_000), { delivery: "verified" })),
    expected: { ended: "file-changed", bytes: 0 },
  },
  "delivery verified holds no more than it may": {
    run: (signed, { path, length }) =>
      read(
        signed.checkStream(path, chunked(fileBytes(length), 70_000), {
          delivery: "verified",
          spoolLimit: 1_000_000,
        }),
      ),
    expected: { ended: "RangeError", bytes: 0 },
  },
  "an error of the source is passed on": {
    run: (signed, { path, length }) => {
      const { stream } = watched(fileBytes(length), 500_000, 3);
      return read(signed.checkStream(path, stream));
    },
    expected: { ended: "the source broke", bytes: 1_000_000 },
  },
  "nothing is read before someone asks": {
    run: async (signed, { path, length }) => {
      const { stream, state } = watched(fileBytes(length), 70_000);
      const checked = signed.checkStream(path, stream);
      await pause();
      const before = state.pulls;
      await checked.cancel();
      return before;
    },
    expected: 0,
  },
  "cancelling reaches the source": {
    run: async (signed, { path, length }) => {
      const { stream, state } = watched(fileBytes(length), 70_000);
      const reader = signed.checkStream(path, stream).getReader();
      await reader.read();
      await reader.cancel("enough");
      return state.cancelled;
    },
    expected: "enough",
  },
  "a signal ends the stream at both ends": {
    run: async (signed, { path, length }) => {
      const { stream, state } = watched(fileBytes(length), 70_000);
      const controller = new AbortController();
      const reader = signed.checkStream(path, stream, { signal: controller.signal }).getReader();
      await reader.read();
      controller.abort();
      const ended = await reader.read().then(
        () => "read",
        (error: Error) => error.name,
      );
      await pause();
      return [ended, (state.cancelled as Error | undefined)?.name];
    },
    expected: ["AbortError", "AbortError"],
  },
  "a signal ends a source that hangs": {
    run: async (signed, { path }) => {
      const controller = new AbortController();
      const hanging = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => {}) });
      const reader = signed.checkStream(path, hanging, { signal: controller.signal }).getReader();
      const reading = reader.read().then(
        () => "read",
        (error: Error) => error.name,
      );
      controller.abort();
      return reading;
    },
    expected: "AbortError",
  },
  "an aborted signal is refused at once": {
    run: async (signed, { path, length }) => {
      const signal = AbortSignal.abort();
      return thrownBy(() => signed.checkStream(path, chunked(fileBytes(length), 70_000), { signal }));
    },
    expected: "AbortError",
  },
  "an unsigned path is refused": {
    run: async (signed) => thrownBy(() => signed.checkStream("__proto__", chunked(new Uint8Array(), 1))),
    expected: "file-unsigned",
  },
  "a response keeps its status and headers": {
    run: async (signed, { path, length }) => {
      const headers = {
        "content-type": "application/octet-stream",
        "content-length": `${length}`,
        etag: '"x"',
        // In workerd it is added where it is missing.
        "cache-control": "max-age=60, no-transform",
        "accept-ranges": "bytes",
      };
      const checked = signed.checkResponse(
        path,
        new Response(fileBytes(length), { headers, statusText: "Fine" }),
      );
      const kept = [...checked.headers.keys()];
      return [checked.status, checked.statusText, kept, (await checked.arrayBuffer()).byteLength];
    },
    expected: [200, "Fine", ["cache-control", "content-length", "content-type", "etag"], 2_500_000],
  },
  "a response loses what told of its encoding": {
    run: async (signed, { path, length }) => {
      // As `fetch` gives it: the body is decoded, the headers are not.
      const response = new Response(fileBytes(length));
      response.headers.set("content-encoding", "gzip");
      response.headers.set("content-length", "17");
      const checked = signed.checkResponse(path, response);
      const kept = [...checked.headers.keys()];
      await checked.body?.cancel();
      return kept;
    },
    expected: [],
  },
  "a response with a part of the file is refused": {
    run: async (signed, { path }) =>
      [206, 304, 404].map((status) =>
        thrownBy(() => signed.checkResponse(path, new Response(status === 304 ? null : "x", { status }))),
      ),
    expected: ["file-unreadable", "file-unreadable", "file-unreadable"],
  },
  "a response without a body is an empty file": {
    run: async (signed, { path }) =>
      read(signed.checkResponse(path, new Response(null)).body as ReadableStream<Uint8Array>),
    expected: { ended: "file-changed", bytes: 0 },
  },
  "of a file in shards each is passed on when it is verified": {
    run: async (_, input) => {
      const { path, length } = input;
      const model = await openSharded(input);
      const bytes = fileBytes(length);
      const found = [];
      for (const stream of [chunked(bytes, 1000), chunked(bytes, length), byteStream(bytes)]) {
        const got = new Uint8Array(await new Response(model.checkStream(path, stream)).arrayBuffer());
        found.push(got.length === length && got.every((byte, index) => byte === bytes[index]));
      }
      return found;
    },
    expected: [true, true, true],
  },
  "a wrong shard ends the stream before a byte of it is passed on": {
    run: async (_, input) => {
      const { path, length, sharded } = input;
      const model = await openSharded(input);
      const found = [];
      // The first and last byte of the first, the third and the last shard.
      for (const at of [
        0,
        sharded.shardSize - 1,
        2 * sharded.shardSize,
        3 * sharded.shardSize - 1,
        length - 1,
      ]) {
        const bytes = fileBytes(length);
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        const right = Math.floor(at / sharded.shardSize) * sharded.shardSize;
        for (const stream of [chunked(bytes, 999), chunked(bytes, length), byteStream(bytes)]) {
          const seen = await read(model.checkStream(path, stream));
          found.push(seen.ended === "file-changed" && seen.bytes === right);
        }
      }
      return found;
    },
    expected: Array(15).fill(true),
  },
  "a file in shards that is cut off or goes on never completes, and hands out nothing that was not signed": {
    run: async (_, input) => {
      const { path, length, sharded } = input;
      const model = await openSharded(input);
      const most = Math.floor(length / sharded.shardSize) * sharded.shardSize;
      const cases = [
        fileBytes(length - 1),
        fileBytes(most),
        fileBytes(length + 1),
        fileBytes(length + 3_000_000),
      ];
      const found = [];
      for (const bytes of cases) {
        const seen = await read(model.checkStream(path, chunked(bytes, 70_000)));
        found.push([seen.ended, seen.bytes <= length]);
      }
      return found;
    },
    expected: Array(4).fill(["file-changed", true]),
  },
  "of a file in shards no more is read than was signed": {
    run: async (_, input) => {
      const model = await openSharded(input);
      const bytes = fileBytes(input.length);
      let pulled = 0;
      const endless = new ReadableStream<Uint8Array>(
        {
          pull(controller) {
            controller.enqueue(pulled === 0 ? bytes : new Uint8Array(100_000));
            pulled += 1;
          },
        },
        { highWaterMark: 0 },
      );
      const { ended } = await read(model.checkStream(input.path, endless));
      return [ended, pulled < 40];
    },
    expected: ["file-changed", true],
  },
  "a shard that is longer than may be held is misuse": {
    run: async (_, input) => {
      const model = await openSharded(input);
      const stream = chunked(fileBytes(input.length), 70_000);
      return thrownBy(() => model.checkStream(input.path, stream, { spoolLimit: 100_000 }));
    },
    expected: "usage-invalid",
  },
  "a body without end is read up to its limit": {
    run: async (signed, { path, length }) => {
      const endless = () =>
        new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(new Uint8Array(100_000)) });
      const { ended, bytes } = await read(signed.checkStream(path, endless(), { maxBytes: 3_000_000 }));
      const declared = new Response(endless(), { headers: { "content-length": `${length}` } });
      const response = signed.checkResponse(path, declared);
      return [ended, bytes <= 3_000_000, await response.arrayBuffer().catch(nameOf)];
    },
    expected: ["file-unreadable", true, "file-unreadable"],
  },
  "a reason is known beside the response, however its body is read": {
    run: async (signed, { path, length }) => {
      const wrong = () => new Response(fileBytes(length + 1));
      const found = [];
      for (const method of ["text", "json", "arrayBuffer", "blob", "bytes"] as const) {
        const { response, result } = signed.response(path, wrong());
        const ended = await (response as Record<typeof method, () => Promise<unknown>>)
          [method]()
          .catch(nameOf);
        const { status, error } = await result;
        found.push([ended, status, nameOf(error)]);
      }
      return found;
    },
    expected: Array(5).fill(["file-changed", "changed", "file-changed"]),
  },
  "a right response is what it was, and its result says so": {
    run: async (signed, { path, length }) => {
      const wanted = fileBytes(length);
      const headers = { "content-type": "application/octet-stream" };
      const { response, result } = signed.response(path, new Response(wanted, { headers }));
      const blob = await response.blob();
      const same = new Uint8Array(await blob.arrayBuffer()).every((byte, index) => byte === wanted[index]);
      return [same, blob.size === length, blob.type, response.bodyUsed, await result];
    },
    expected: [true, true, "application/octet-stream", true, { path: "weights/model.bin", status: "ok" }],
  },
  "a clone has the reason too": {
    run: async (signed, { path, length }) => {
      const checked = signed.checkResponse(path, new Response(fileBytes(length + 1)));
      const twin = checked.clone();
      return Promise.all([checked.text().catch(nameOf), twin.arrayBuffer().catch(nameOf)]);
    },
    expected: ["file-changed", "file-changed"],
  },
  "a result says what else became of the body": {
    run: async (signed, { path, length }) => {
      const broken = new Response(watched(fileBytes(length), 500_000, 2).stream);
      const { response, result } = signed.response(path, broken);
      await response.text().catch(() => {});
      const cancelled = signed.response(path, new Response(fileBytes(length)));
      await cancelled.response.body?.cancel("enough");
      return [(await result).status, nameOf((await result).error), (await cancelled.result).status];
    },
    expected: ["unreadable", "the source broke", "not-checked"],
  },
  "a verified response, bytes and JSON come when they are right, or not at all": {
    run: async (signed, { path, length }) => {
      const right = await signed.verified(path, new Response(fileBytes(length)));
      const bytes = await signed.bytes(path, new Blob([fileBytes(length)]));
      const found = [
        (await right.arrayBuffer()).byteLength,
        right.headers.get("content-length"),
        bytes.length,
        (await signed.bytes(path, new Response(fileBytes(length)))).length,
      ];
      const wrong = () => new Response(fileBytes(length - 1));
      for (const call of [
        () => signed.verified(path, wrong()),
        () => signed.bytes(path, wrong()),
        () => signed.json(path, wrong()),
        () => signed.json(path, fileBytes(length)),
        () => signed.bytes(path, fileBytes(length), { spoolLimit: 1000 }),
        () => signed.verified(path, new Response("no", { status: 404 })),
      ]) {
        found.push(await (call() as Promise<unknown>).then(() => "resolved", nameOf));
      }
      return found;
    },
    expected: [
      2_500_000,
      "2500000",
      2_500_000,
      2_500_000,
      "file-changed",
      "file-changed",
      "file-changed",
      "SyntaxError",
      "RangeError",
      "file-unreadable",
    ],
  },
  "verifyFile takes whatever has bytes": {
    run: async (signed, { path, length }) => {
      const bytes = fileBytes(length);
      const sources = [
        bytes,
        bytes.buffer,
        new Blob([bytes]),
        chunked(bytes, 999),
        byteStream(bytes),
        [bytes.subarray(0, 5), bytes.subarray(5)],
      ];
      const results = [];
      for (const source of sources) results.push((await signed.verifyFile(path, source)).status);
      results.push((await signed.verifyFile(path, bytes.subarray(1))).status);
      return results;
    },
    expected: ["ok", "ok", "ok", "ok", "ok", "ok", "changed"],
  },
};

function openSharded({ sharded, policy }: StreamInput): Promise<SignedModel> {
  return openBundle({ bundle: sharded.bundle, policy });
}

/** Reads many small Blobs: an engine may lose a read that is pending (see `waiting` in the package's byte-reader.ts). */
export async function readManyBlobs(count: number, { bundle, policy, path }: StreamInput): Promise<number> {
  const signed = await openBundle({ bundle, policy });
  for (let i = 0; i < count; i++)
    await signed.verifyFile(path, new Blob([new Uint8Array((i * 7919) % 40_000)]));
  return count;
}

/** Runs one scenario by name. */
export async function runScenario(name: string, input: StreamInput): Promise<unknown> {
  const { bundle, policy } = input;
  const signed = await openBundle({ bundle, policy });
  return SCENARIOS[name]?.run(signed, input);
}

/** The bytes of the file, or of one like it that is longer or shorter. */
export function fileBytes(length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + Math.floor(i / 4096)) % 251);
}

/** Streams a wrong file in several ways: it must not complete, and its last block must not be seen. */
async function wrong(signed: SignedModel, path: string, bytes: Uint8Array<ArrayBuffer>): Promise<unknown> {
  const streams = [
    chunked(bytes, 1000),
    chunked(bytes, bytes.length),
    byteStream(bytes),
    new Blob([bytes]).stream(),
  ];
  const seen = [];
  for (const stream of streams) {
    const { ended, bytes: delivered } = await read(signed.checkStream(path, stream));
    seen.push({ ended, short: delivered < bytes.length });
  }
  return seen;
}

function WRONG() {
  return Array(4).fill({ ended: "file-changed", short: true });
}

async function read(stream: ReadableStream<Uint8Array>): Promise<Seen> {
  const reader = stream.getReader();
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return { ended: "done", bytes };
      bytes += value.length;
    }
  } catch (error) {
    return { ended: nameOf(error), bytes };
  }
}

function thrownBy(call: () => unknown): string {
  try {
    call();
    return "nothing";
  } catch (error) {
    return nameOf(error);
  }
}

function nameOf(error: unknown): string {
  if (error instanceof VerifyError) return error.code;
  return error instanceof Error && error.name !== "Error" ? error.name : (error as Error).message;
}

/** A stream without a BYOB reader. */
function chunked(bytes: Uint8Array, size: number): ReadableStream<Uint8Array> {
  return watched(bytes, size).stream;
}

/** The same, which counts what is asked of it, and may break at some chunk. */
function watched(bytes: Uint8Array, size: number, breakAt = Number.POSITIVE_INFINITY) {
  const state: { pulls: number; cancelled: unknown } = { pulls: 0, cancelled: undefined };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const start = size * state.pulls;
        if (state.pulls >= breakAt) controller.error(new Error("the source broke"));
        else if (start >= bytes.length) controller.close();
        else controller.enqueue(bytes.slice(start, start + size));
        state.pulls += 1;
      },
      cancel(reason) {
        state.cancelled = reason;
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, state };
}

/** A stream with a BYOB reader, which returns 64 KiB at a time. */
function byteStream(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let start = 0;
  return new ReadableStream({
    type: "bytes",
    pull(controller) {
      const chunk = bytes.slice(start, start + 65_536);
      start += chunk.length;
      if (chunk.length > 0) return controller.enqueue(chunk);
      controller.close();
      controller.byobRequest?.respond(0);
    },
  });
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
