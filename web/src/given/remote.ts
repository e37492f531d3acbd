import { MOST_BYTES } from "./content.js";
import { lastPart } from "./place.js";

/** A model at an address: its signature, with its files beside it. Nothing is fetched before it is asked for. */
export class RemoteModel {
  /** The address of the signature. */
  readonly source: URL;
  /** The hosts that answered: redirects may lead to others. */
  readonly hosts = new Set<string>();
  #over = new AbortController();

  constructor(source: URL) {
    this.source = source;
  }

  /** The model that a query asks for; `wrong` where its address cannot be used. */
  static of(search: string): RemoteModel | "wrong" | undefined {
    const src = new URLSearchParams(search).get("src");
    if (src === null) return undefined;
    if (!URL.canParse(src)) return "wrong";
    const url = new URL(src);
    if (url.protocol !== "https:" || url.username !== "" || url.password !== "") return "wrong";
    url.hash = "";
    return new RemoteModel(url);
  }

  /** The signature's file name. */
  get name(): string {
    return decodeURIComponent(lastPart(this.source.pathname));
  }

  /** The signature's file. */
  async bundle(): Promise<Blob> {
    const response = await this.#fetch(this.source, "GET");
    const parts: Uint8Array<ArrayBuffer>[] = [];
    let length = 0;
    const reader = response.body?.getReader();
    for (let step = await reader?.read(); step !== undefined && !step.done; step = await reader?.read()) {
      length += step.value.byteLength;
      if (length > MOST_BYTES) {
        await reader?.cancel();
        throw new RangeError("the signature is too large");
      }
      parts.push(step.value);
    }
    return new Blob(parts);
  }

  /** How long a file is said to be; for people, not for the check. */
  async size(path: string): Promise<number | undefined> {
    try {
      const length = (await this.#fetch(this.#urlOf(path), "HEAD")).headers.get("content-length");
      return length === null || !/^\d{1,15}$/.test(length) ? undefined : Number(length);
    } catch {
      // The check itself says what cannot be fetched.
      return undefined;
    }
  }

  /** The bytes of a file as they come. */
  async open(path: string): Promise<ReadableStream<Uint8Array>> {
    const { body } = await this.#fetch(this.#urlOf(path), "GET");
    return body ?? new Blob().stream();
  }

  /** Ends all transfers; others may follow. */
  end(): void {
    this.#over.abort();
    this.#over = new AbortController();
  }

  #urlOf(path: string): URL {
    return new URL(path.split("/").map(encodeURIComponent).join("/"), this.source);
  }

  async #fetch(url: URL, method: "GET" | "HEAD"): Promise<Response> {
    const response = await fetch(url, {
      method,
      mode: "cors",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      cache: "no-store",
      signal: this.#over.signal,
    });
    const { protocol, host } = new URL(response.url);
    if (protocol !== "https:") throw new TypeError("a redirect leads away from HTTPS");
    this.hosts.add(host);
    if (!response.ok) throw new TypeError(`HTTP status ${response.status}`);
    return response;
  }
}
