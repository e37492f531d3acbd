// Starts the bundled gateway in a real workerd, on the loopback interface, without a network.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Log, LogLevel, Miniflare } from "miniflare";
import { buildGateway, outputDirectory } from "./build.mjs";

/**
 * @param {{ port?: number, configuration: Record<string, import("miniflare").Json>, bindings?: Record<string, import("miniflare").Json>, store?: boolean }} options
 * @returns {Promise<Miniflare>}
 */
export async function startGateway({ port, configuration, bindings = {}, store = false }) {
  await buildGateway();
  return new Miniflare({
    host: "127.0.0.1",
    ...(port === undefined ? {} : { port }),
    // Without this miniflare asks the network for a description of the machine's place.
    cf: false,
    log: new Log(LogLevel.WARN),
    compatibilityDate: "2026-04-01",
    modulesRoot: outputDirectory,
    modules: await modules(),
    bindings: { ...bindings, GATEWAY: { publicOrigin: "http://localhost:8787", ...configuration } },
    ...(store && { r2Buckets: ["STORE"], durableObjects: { PULLS: "PullObject" } }),
  });
}

/** @returns {Promise<import("miniflare").ModuleDefinition[]>} */
async function modules() {
  const main = join(outputDirectory, "workerd.js");
  const wasm = (await readdir(outputDirectory)).filter((name) => name.endsWith(".wasm"));
  return [
    { type: "ESModule", path: main, contents: await readFile(main, "utf8") },
    ...wasm.map((name) => ({
      type: /** @type {const} */ ("CompiledWasm"),
      path: join(outputDirectory, name),
    })),
  ];
}
