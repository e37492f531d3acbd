// The gateway in workerd, beside the same work without modelseal: CPU seconds of workerd's process, pairs in turn, and
// its memory. `--quick` with less of everything. Results go to target/bench/gateway.json.
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, get } from "node:http";
import { fileURLToPath } from "node:url";
import { Log, LogLevel, Miniflare } from "miniflare";
import { buildGateway, outputDirectory } from "../../worker/tools/build.mjs";

const MIB = 1024 * 1024;
const quick = process.argv.includes("--quick");
const rounds = quick ? 3 : 7;
const LARGE = (quick ? 128 : 1024) * MIB;
const HUGE = (quick ? 512 : 8192) * MIB;
const HIT = (quick ? 64 : 256) * MIB;
const COMMIT = "c".repeat(40);
const FILES = { "large.bin": LARGE, "huge.bin": HUGE, "hit.bin": HIT };

/** The same work without modelseal: read, hash, forward; and an object of the store, as it lies there. */
const BARE = `
export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    if (url.pathname === "/object") {
      const object = await env.STORE.get(url.searchParams.get("key"));
      return new Response(object.body);
    }
    const response = await fetch(url.searchParams.get("url"));
    const { readable, writable } = new FixedLengthStream(Number(response.headers.get("content-length")));
    const forward = async () => {
      const digest = new crypto.DigestStream("SHA-256");
      const [hash, out] = [digest.getWriter(), writable.getWriter()];
      const reader = response.body.getReader({ mode: "byob" });
      for (let memory = new ArrayBuffer(${MIB}); ; ) {
        const { done, value } = await reader.readAtLeast(${MIB}, new Uint8Array(memory));
        if (value?.byteLength > 0) {
          await hash.write(value);
          await out.write(value);
          memory = new ArrayBuffer(${MIB});
        }
        if (done) break;
      }
      await hash.close();
      await digest.digest;
      await out.close();
    };
    forward().catch(() => {});
    return new Response(readable);
  },
};`;

const block = Buffer.alloc(MIB, 0xa5);

function digestOf(bytes) {
  const hash = createHash("sha256");
  for (let done = 0; done < bytes; done += MIB) hash.update(block);
  return hash.digest("hex");
}

function signed(files) {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const resources = Object.keys(files)
    .sort()
    .map((name) => ({ name, algorithm: "sha256", digest: digestOf(files[name]) }));
  const root = createHash("sha256");
  for (const { digest } of resources) root.update(digest, "hex");
  const payload = Buffer.from(
    JSON.stringify({
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name: "model", digest: { sha256: root.digest("hex") } }],
      predicateType: "https://model_signing/signature/v1.0",
      predicate: {
        serialization: { method: "files", hash_type: "sha256", allow_symlinks: false },
        resources,
      },
    }),
  );
  const type = "application/vnd.in-toto+json";
  const pae = Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload]);
  const bundle = {
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: { publicKey: { hint: "" }, tlogEntries: [] },
    dsseEnvelope: {
      payload: payload.toString("base64"),
      payloadType: type,
      signatures: [{ sig: sign("sha256", pae, privateKey).toString("base64"), keyid: "" }],
    },
  };
  return {
    bundle: Buffer.from(JSON.stringify(bundle)),
    publicKey: publicKey.export({ type: "spki", format: "pem" }),
    digests: Object.fromEntries(resources.map(({ name, digest }) => [name, digest])),
  };
}

const model = signed(FILES);

const origin = createServer(async (request, response) => {
  const name = request.url.slice(request.url.lastIndexOf("/") + 1);
  if (name === "model.sig") return response.end(model.bundle);
  if (request.url.startsWith("/api/"))
    return response.end(request.url.includes("/tree/") ? "[]" : JSON.stringify({ sha: COMMIT }));
  const bytes = FILES[name];
  if (bytes === undefined) return response.writeHead(404).end();
  response.writeHead(200, { "content-length": bytes, etag: '"1"' });
  // A client that has gone drains nothing.
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  if (request.method === "HEAD") return response.end();
  for (let sent = 0; sent < bytes && !response.destroyed; sent += MIB) {
    if (!response.write(block)) await once(response, "drain", { signal: gone.signal }).catch(() => {});
  }
  response.end();
});
await new Promise((resolve) => origin.listen(0, "127.0.0.1", resolve));
const originUrl = `http://127.0.0.1:${origin.address().port}`;

await buildGateway();
const entry = (delivery) => ({
  origin: "hub",
  repository: `acme/${delivery}`,
  policy: "acme",
  anyName: true,
  delivery,
});
const began = performance.now();
const miniflare = new Miniflare({
  host: "127.0.0.1",
  cf: false,
  log: new Log(LogLevel.ERROR),
  handleRuntimeStdio: () => {},
  workers: [
    {
      name: "gateway",
      compatibilityDate: "2026-04-01",
      modulesRoot: outputDirectory,
      modules: [
        { type: "ESModule", path: `${outputDirectory}/workerd.js` },
        ...readdirSync(outputDirectory)
          .filter((name) => name.endsWith(".wasm"))
          .map((name) => ({ type: "CompiledWasm", path: `${outputDirectory}/${name}` })),
      ],
      bindings: {
        ALLOW_LOOPBACK: "1",
        GATEWAY: {
          publicOrigin: "http://localhost:8787",
          policies: { acme: { method: "key", publicKey: model.publicKey } },
          origins: { hub: { kind: "hub", url: originUrl } },
          models: { streamed: entry("streamed"), verified: entry("verified") },
        },
      },
      r2Buckets: { STORE: "store" },
      durableObjects: { PULLS: "PullObject" },
    },
    {
      name: "bare",
      compatibilityDate: "2026-04-01",
      modules: true,
      script: BARE,
      r2Buckets: { STORE: "store" },
      routes: ["bare.example/*"],
    },
  ],
});
const url = await miniflare.ready;
const pid = children().find((child) => readFileSync(`/proc/${child}/comm`, "utf8").trim() === "workerd");
await fetched("/healthz");
const startMs = performance.now() - began;

function children() {
  return readdirSync("/proc/self/task").flatMap((thread) =>
    readFileSync(`/proc/self/task/${thread}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number),
  );
}

function cpuSeconds() {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function residentBytes() {
  return Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) * 1024;
}

/** Reads an answer to its end; says how many bytes came, and with which status. */
function fetched(path, headers = {}) {
  return new Promise((resolve, reject) => {
    get(new URL(path, url), { agent: false, headers }, (response) => {
      let bytes = 0;
      response.on("data", (data) => (bytes += data.length));
      response.on("close", () =>
        resolve({ status: response.statusCode, bytes, complete: response.complete }),
      );
    }).on("error", reject);
  });
}

const file = (delivery, name) => `/m/${delivery}/${COMMIT}/${name}`;
const bare = (path) => fetched(path, { host: "bare.example" });

async function measured(run, bytes) {
  const [cpu, time] = [cpuSeconds(), performance.now()];
  const answer = await run();
  if (answer.status !== 200 || answer.bytes !== bytes || !answer.complete)
    throw new Error(JSON.stringify(answer));
  return { cpu: cpuSeconds() - cpu, seconds: (performance.now() - time) / 1000 };
}

/** Ratios of ours to the other, each pair in turn. */
async function pairs(ours, other, bytes) {
  await measured(ours, bytes);
  await measured(other, bytes);
  const ratios = [];
  for (let round = 0; round < rounds; round++) {
    const first = round % 2 === 0;
    const a = await measured(first ? ours : other, bytes);
    const b = await measured(first ? other : ours, bytes);
    const [mine, its] = first ? [a, b] : [b, a];
    ratios.push({ cpu: mine.cpu / its.cpu, throughput: its.seconds / mine.seconds });
  }
  const median = (key) => ratios.map((ratio) => ratio[key]).sort((a, b) => a - b)[ratios.length >> 1];
  return { cpu: median("cpu"), throughput: median("throughput") };
}

/** How much more memory there was than before. */
async function memoryOf(run) {
  const idle = residentBytes();
  let most = idle;
  const timer = setInterval(() => (most = Math.max(most, residentBytes())), 20);
  await run();
  clearInterval(timer);
  return (most - idle) / MIB;
}

const results = [];
function report(name, value, unit, bar, isMet) {
  results.push({ name, value: Number(value.toFixed(3)), unit, bar, met: isMet });
  console.log(
    `${name.padEnd(44)} ${value.toFixed(2).padStart(9)} ${unit.padEnd(8)} ${bar ?? ""} ${isMet === false ? "NOT MET" : ""}`,
  );
}
const atMost = (name, value, unit, bar) => report(name, value, unit, `<= ${bar}`, value <= bar);

report("start, with the first answer", startMs, "ms");
const streamed = await pairs(
  () => fetched(file("streamed", "large.bin")),
  () => bare(`/?url=${originUrl}/acme/x/resolve/${COMMIT}/large.bin`),
  LARGE,
);
atMost(`streamed ${LARGE / MIB} MiB, CPU against a bare loop`, streamed.cpu, "x", 1.15);
report("  its throughput", streamed.throughput, "x", ">= 0.85", streamed.throughput >= 0.85);
atMost(
  `memory above idle, streamed ${LARGE / MIB} MiB`,
  await memoryOf(() => fetched(file("streamed", "large.bin"))),
  "MiB",
  64,
);
atMost(
  `memory above idle, streamed ${HUGE / MIB} MiB`,
  await memoryOf(() => fetched(file("streamed", "huge.bin"))),
  "MiB",
  64,
);
const sixteen = () => Promise.all(Array.from({ length: 16 }, () => fetched(file("streamed", "hit.bin"))));
atMost("memory above idle, 16 streams", await memoryOf(sixteen), "MiB", 128);

for (;;) {
  const { status } = await fetched(file("verified", "hit.bin"));
  if (status === 200) break;
  if (status !== 503) throw new Error(`the pull ended with ${status}`);
}
const key = encodeURIComponent(`objects/sha256-${model.digests["hit.bin"]}`);
const hit = await pairs(
  () => fetched(file("verified", "hit.bin")),
  () => bare(`/object?key=${key}`),
  HIT,
);
atMost(`a verified hit of ${HIT / MIB} MiB, CPU against the bare object`, hit.cpu, "x", 1.15);
report("  its throughput", hit.throughput, "x", ">= 0.85", hit.throughput >= 0.85);

const folder = fileURLToPath(new URL("../../target/bench/", import.meta.url));
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}gateway.json`, `${JSON.stringify({ quick, rounds, results }, null, 2)}\n`);
await miniflare.dispose();
origin.close();
process.exit(0);
