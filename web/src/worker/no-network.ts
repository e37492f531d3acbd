const NETWORK = [
  "EventSource",
  "WebSocket",
  "WebSocketStream",
  "WebTransport",
  "XMLHttpRequest",
  "caches",
  "fetch",
  "importScripts",
];

/**
 * Takes the network from this worker before it sees a file. The `<meta>` policy of a page does not
 * bind its workers, and a static host may send no policy of its own.
 */
export function closeNetwork(): void {
  for (const name of NETWORK) {
    Object.defineProperty(globalThis, name, { value: undefined, writable: false, configurable: false });
  }
}
