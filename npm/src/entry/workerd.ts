// workerd compiles no Wasm from bytes at run time: the module has to be imported.
import module from "../../wasm/modelseal_bg.wasm";
import { provideDigests } from "../hashing/digests.js";
import { provideWasm } from "../wasm.js";

provideWasm(() => module);

/** workerd's own incremental digest. */
interface DigestStream extends WritableStream<Uint8Array> {
  readonly digest: Promise<ArrayBuffer>;
}

declare const crypto: { readonly DigestStream: new (algorithm: string) => DigestStream };

provideDigests({
  name: "DigestStream",
  create(algorithm) {
    if (algorithm !== "sha256") return undefined;
    const stream = new crypto.DigestStream("SHA-256");
    const writer = stream.getWriter();
    // Nobody waits for the digest of a stream that is let go.
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
