// Measures what a task needs at most, in a process where nothing else runs. Plain JavaScript, as its users' is.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { init, openBundle, verify } from "modelseal";

const fixture = (name) => readFileSync(fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url)));
const openFixture = (name = "model.sig") =>
  openBundle({ bundle: fixture(name), policy: { method: "key", publicKey: `${fixture("key.pub")}` } });

let peakResident = 0;
const look = () => {
  peakResident = Math.max(peakResident, process.memoryUsage.rss());
};

const TASKS = {
  async "large-file"() {
    // Node has no BLAKE3 of its own: this is hashed by the Wasm.
    const signed = await openFixture("blake3/model.sig");
    const began = performance.now();
    let bytes = 0;
    // A sparse file's bytes, as a disk would deliver them.
    const source = new ReadableStream({
      type: "bytes",
      pull(controller) {
        if (bytes === 4 * 1024 ** 3) {
          controller.close();
          controller.byobRequest?.respond(0);
          return;
        }
        const { view } = controller.byobRequest;
        bytes += view.byteLength;
        controller.byobRequest.respond(view.byteLength);
        look();
      },
    });
    await signed.verifyFile("config.json", source);
    return { bytes, peakResident, seconds: (performance.now() - began) / 1000 };
  },

  async "many-resources"() {
    const signed = JSON.parse(readFileSync(0, "utf8"));
    await init();
    globalThis.gc();
    const before = process.memoryUsage.rss();
    const began = performance.now();
    function* files() {
      for (let i = 0; i < signed.count; i++) {
        if (i % 1000 === 0) look();
        yield { path: `folder-${i % 100}/file-${i}`, digest: signed.digest };
      }
    }
    const model = { complete: true, [Symbol.iterator]: files };
    const verdict = await verify({ bundle: signed.bundle, policy: signed.policy, files: model });
    look();
    return { files: verdict.bytes.listed, before, peakResident, seconds: (performance.now() - began) / 1000 };
  },

  async "abandoned-streams"() {
    const signed = await openFixture();
    const bytes = new Uint8Array(10);
    // Signals that outlive the streams must not keep them.
    const controllers = [];
    const abandon = async (count) => {
      for (let i = 0; i < count; i++) {
        if (i % 10 === 0) controllers.push(new AbortController());
        const { signal } = controllers.at(-1);
        const source = new ReadableStream(
          { pull: (controller) => controller.enqueue(bytes) },
          { highWaterMark: 0 },
        );
        const reader = signed.checkStream("config.json", source, { signal }).getReader();
        await reader.read();
        // Finalizers run between tasks.
        if (i % 1000 === 0) {
          globalThis.gc();
          await sleep(1);
        }
      }
    };
    // What is let go is given back some time after: on a busy machine later.
    const settled = async () => {
      let least = process.memoryUsage.rss();
      for (let round = 0; round < 20; round++) {
        globalThis.gc();
        await sleep(25);
        least = Math.min(least, process.memoryUsage.rss());
      }
      return least;
    };
    await abandon(5_000);
    const before = await settled();
    await abandon(100_000);
    return { streams: 100_000, grown: (await settled()) - before };
  },
};

console.log(JSON.stringify(await TASKS[process.argv[2]]()));
