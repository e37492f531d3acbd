// workerd compiles no Wasm from bytes at run time: the module must be imported.
import module from "../../wasm/modelseal_bg.wasm";
import { provideFixedLength } from "../api/response.js";
import { provideWasm } from "../core/wasm.js";
import { provideDigests } from "../hashing/digests.js";

provideWasm(() => module);

/** workerd's own incremental digest. */
interface DigestStream extends WritableStream<Uint8Array> {
  readonly digest: Promise<ArrayBuffer>;
}

/** workerd's own stream that ends well only after so many bytes. */
interface FixedLengthStream {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
}

declare const FixedLengthStream: new (length: number) => FixedLengthStream;

// A body of unknown length is sent in chunks, and workerd 1.20260426.1 sends the last chunk even if the body broke.
provideFixedLength((stream, length) => {
  const { readable, writable } = new FixedLengthStream(length);
  // What goes wrong is told to the one who reads.
  stream.pipeTo(writable).catch(() => {});
  return readable;
});

declare const crypto: { readonly DigestStream: new (algorithm: string) => DigestStream };

provideDigests({
  name: "DigestStream",
  create(algorithm) {
    if (algorithm !== "sha256") return undefined;
    const stream = new crypto.DigestStream("SHA-256");
    const writer = stream.getWriter();
    // A stream that is let go has no one who waits for its digest.
    stream.digest.catch(() => {});
    return {
      push: (bytes) => writer.write(bytes),
      async finish() {
        await writer.close();
        return new Uint8Array(await stream.digest);
      },
      free() {
        writer.abort().catch(() => {});
      },
    };
  },
});

export * from "../index.js";
