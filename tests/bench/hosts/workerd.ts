import { openBundle } from "modelseal";

/** What workerd's own stream reader has beyond the standard. */
interface Reader extends ReadableStreamBYOBReader {
  readAtLeast(min: number, view: Uint8Array): Promise<ReadableStreamReadResult<Uint8Array>>;
}

interface DigestStream extends WritableStream<Uint8Array> {
  readonly digest: Promise<ArrayBuffer>;
}

declare const crypto: { readonly DigestStream: new (algorithm: string) => DigestStream };

const BLOCK = 1024 * 1024;

/** Hashes a body by our code, or by the shortest loop that does the same. */
export default {
  async fetch(request: Request): Promise<Response> {
    const { how, url, path, bundle, policy } = (await request.json()) as {
      how: "ours" | "bare";
      url: string;
      path: string;
      bundle: string;
      policy: { method: "key"; publicKey: string };
    };
    const signed = await openBundle({ bundle, policy });
    const { body } = await fetch(url);
    if (body === null) throw new Error("no body");
    if (how === "ours") return Response.json((await signed.verifyFile(path, body)).status);
    const reader = body.getReader({ mode: "byob" }) as Reader;
    const digest = new crypto.DigestStream("SHA-256");
    const writer = digest.getWriter();
    let memory = new ArrayBuffer(BLOCK);
    for (;;) {
      const { done, value } = await reader.readAtLeast(BLOCK, new Uint8Array(memory));
      if (value !== undefined && value.byteLength > 0) {
        await writer.write(value);
        memory = value.buffer as ArrayBuffer;
      }
      if (done) break;
    }
    await writer.close();
    const hex = Array.from(new Uint8Array(await digest.digest), (byte) => byte.toString(16).padStart(2, "0"));
    return Response.json(`sha256:${hex.join("")}` === signed.files[0]?.digest ? "ok" : "changed");
  },
};
