// Cloudflare Workers: R2 keeps the copies, and a Durable Object fetches each file once.

import file from "#gateway" with { type: "json" };
import { misconfigured, problemResponse } from "../answers/problem.js";
import { createApp } from "../app.js";
import { hexOf } from "../bytes.js";
import { ConfigurationError, readConfiguration } from "../configuration/configuration.js";
import { Pull, type PullMemory, type PullState } from "../files/pull.js";
import type { PullAnswer, PullJob } from "../files/pull-job.js";
import { within } from "../files/pulls.js";
import { Gateway } from "../gateway.js";
import type { Host, Sha256 } from "../host.js";
import { runCron } from "../operator.js";
import { type R2Bucket, R2Store } from "../store/r2.js";

/** The worker's bindings. Secrets are looked up by the names that the configuration gives them. */
interface Env {
  readonly STORE?: R2Bucket;
  readonly PULLS?: DurableObjectNamespace;
  /** The configuration, in place of `gateway.json`: for tests. */
  readonly GATEWAY?: unknown;
  /** Set for tests alone: origins may be on this machine. */
  readonly ALLOW_LOOPBACK?: string;
}

interface DurableObjectNamespace {
  idFromName(name: string): unknown;
  get(id: unknown): { fetch(address: string, init: RequestInit): Promise<Response> };
}

interface DurableObjectState {
  readonly storage: {
    get<T>(key: string): Promise<T | undefined>;
    put(key: string, value: unknown): Promise<void>;
    delete(key: string): Promise<boolean>;
    setAlarm(time: number): Promise<void>;
  };
}

interface Context {
  waitUntil(promise: Promise<unknown>): void;
  passThroughOnException(): void;
  readonly props: unknown;
}

declare class FixedLengthStream {
  constructor(length: number);
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
}

declare const crypto: Crypto & {
  readonly DigestStream: new (
    algorithm: string,
  ) => WritableStream<Uint8Array> & { readonly digest: Promise<ArrayBuffer> };
};

interface Set {
  readonly gateway: Gateway;
  readonly app: ReturnType<typeof createApp>;
}

/** Made with the first request: secrets are not there before. */
const made = new WeakMap<Env, Set>();

function set(env: Env): Set {
  const known = made.get(env);
  if (known !== undefined) return known;
  const configuration = readConfiguration(env.GATEWAY ?? file, {
    allowLoopback: env.ALLOW_LOOPBACK === "1",
    hasStore: env.STORE !== undefined,
    keepsLengths: true,
    secret: (name) => {
      const value = (env as Readonly<Record<string, unknown>>)[name];
      return typeof value === "string" ? value : undefined;
    },
  });
  const gateway = new Gateway(configuration, hostOf(env));
  const fresh = { gateway, app: createApp(gateway) };
  made.set(env, fresh);
  return fresh;
}

function hostOf(env: Env): Host {
  return {
    runtime: "workerd",
    store: env.STORE && new R2Store(env.STORE),
    async pull(job, wait) {
      if (env.PULLS === undefined) throw misconfigured("there is a store, but no binding PULLS");
      const object = env.PULLS.get(env.PULLS.idFromName(job.content));
      const response = await object.fetch("https://pull/", {
        method: "POST",
        body: JSON.stringify({ job, wait }),
      });
      return (await response.json()) as PullAnswer;
    },
    sha256,
    fixLength(body, length) {
      const { readable, writable } = new FixedLengthStream(length);
      body.pipeTo(writable).catch(() => {});
      return readable;
    },
    log: (line) => console.log(JSON.stringify({ time: new Date().toISOString(), ...line })),
  };
}

function sha256(): Sha256 {
  const stream = new crypto.DigestStream("SHA-256");
  const writer = stream.getWriter();
  return {
    push: (bytes) => writer.write(bytes),
    async finish() {
      await writer.close();
      return hexOf(new Uint8Array(await stream.digest));
    },
  };
}

export default {
  fetch(request: Request, env: Env, context: Context): Response | Promise<Response> {
    try {
      return set(env).app.fetch(request, env, context);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      console.error(`gateway.json: ${error.message}`);
      return problemResponse(misconfigured(error.message));
    }
  },
  async scheduled(_event: unknown, env: Env, context: Context): Promise<void> {
    context.waitUntil(runCron(set(env).gateway));
  },
};

/** Fetches one file into the store, in steps that its alarm does. Requests for the file wait here. */
export class PullObject {
  readonly #state: DurableObjectState;
  readonly #env: Env;
  #pull: Pull | undefined;
  #ended: { readonly promise: Promise<void>; readonly resolve: () => void } = pendingEnd();

  constructor(state: DurableObjectState, env: Env) {
    this.#state = state;
    this.#env = env;
  }

  async fetch(request: Request): Promise<Response> {
    const { job, wait } = (await request.json()) as { job: PullJob; wait: number };
    if (this.#pull === undefined || this.#pull.isOver) {
      await this.#state.storage.put("job", job);
      this.#pull = await this.#make(job);
      this.#ended = pendingEnd();
      await this.#state.storage.setAlarm(Date.now());
    }
    const pull = this.#pull;
    if (pull.answer === undefined && wait > 0) await within(this.#ended.promise, wait);
    return Response.json(pull.answer ?? { status: "pending", startedAt: pull.startedAt });
  }

  /** Does a step, and goes on as long as there is one: what kills this object leaves the state of the last one. */
  async alarm(): Promise<void> {
    const job = await this.#state.storage.get<PullJob>("job");
    if (job === undefined) return;
    this.#pull ??= await this.#make(job);
    if (this.#pull.answer !== undefined) return;
    if (await this.#pull.step()) {
      await this.#state.storage.setAlarm(Date.now());
      return;
    }
    await this.#state.storage.delete("job");
    this.#ended.resolve();
  }

  async #make(job: PullJob): Promise<Pull> {
    const { storage } = this.#state;
    let key = await storage.get<Uint8Array>("key");
    if (key === undefined) {
      key = crypto.getRandomValues(new Uint8Array(32));
      await storage.put("key", key);
    }
    const memory: PullMemory = {
      key,
      read: () => storage.get<PullState>("state"),
      write: async (state) => {
        await (state === undefined ? storage.delete("state") : storage.put("state", state));
      },
    };
    return new Pull(set(this.#env).gateway, job, memory);
  }
}

function pendingEnd(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
