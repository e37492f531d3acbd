/// <reference path="../../types/platform.d.ts" preserve="true" />
import { Client, initSync } from "../../wasm/modelseal_tuf.js";

export type { Client };

/** Why a refresh was refused or could not be done. `code` is stable and for programs. */
export class RefreshError extends Error {
  override readonly name = "RefreshError";
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

type Source = ArrayBuffer | ArrayBufferView<ArrayBuffer> | WebAssembly.Module;

let source: (() => Promise<Source> | Source) | undefined;
let loading: Promise<void> | undefined;

/** For the entry of each runtime: how the Wasm is found. */
export function provideTufWasm(from: NonNullable<typeof source>): void {
  source = from;
}

/** Makes a client that begins at this root. The Wasm is loaded once; a load that failed is tried again. */
export async function createClient(startRoot: Uint8Array, time: Date): Promise<Client> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  await loading;
  return call(() => new Client(startRoot, Math.floor(time.getTime() / 1000)));
}

async function load(): Promise<void> {
  if (source === undefined) throw new RefreshError("wasm-unavailable", "no WebAssembly to load");
  initSync({ module: await source() });
}

/** What answers with a file: nothing where there is none. */
export type FetchFile = (file: WantedFile) => Promise<Uint8Array | undefined>;

/** A file that a client wants. */
export interface WantedFile {
  readonly place: "metadata" | "targets";
  /** Below the place. Each segment is one of the mirror's, written as in an address. */
  readonly path: string;
  /** Bytes that it may have. */
  readonly limit: number;
}

/** Answers all that the client wants, one after the other. */
export async function answerAll(client: Client, fetchFile: FetchFile): Promise<void> {
  for (let wanted = client.wanted(); wanted !== undefined; wanted = client.wanted()) {
    const [place, path = "", limit] = wanted.split(" ");
    const bytes = await fetchFile({
      place: place === "targets" ? "targets" : "metadata",
      path,
      limit: Number(limit),
    });
    call(() => client.answer(bytes));
  }
}

/** Runs a method of the Wasm: what it throws is JSON. */
export function call<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (typeof error !== "string") throw error;
    const { code, message } = JSON.parse(error) as { code: string; message: string };
    throw new RefreshError(code, message);
  }
}
