// Keeps this build for times without a network. It answers for the files of the build alone, each by its digest, and
// with the policy that the page itself has; all else goes its own way.

/** What the build writes before this file: its files by their paths, and what identifies it. */
declare const BUILD: {
  readonly id: string;
  readonly files: Readonly<
    Record<string, { readonly sha256: string; readonly type: string; readonly policy: string }>
  >;
};

interface Waitable extends Event {
  waitUntil(promise: Promise<unknown>): void;
}

interface Fetching extends Waitable {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

interface Scope {
  readonly registration: { readonly scope: string };
  readonly clients: { matchAll(options: object): Promise<readonly unknown[]> };
  skipWaiting(): Promise<void>;
  addEventListener<E extends Event>(type: string, listen: (event: E) => void): void;
}

const scope = globalThis as unknown as Scope;
const PREFIX = "modelseal ";
const CACHE = PREFIX + BUILD.id;

scope.addEventListener<Waitable>("install", (event) => event.waitUntil(store()));

scope.addEventListener<Waitable>("activate", (event) =>
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(
          names
            .filter((name) => name.startsWith(PREFIX) && name !== CACHE)
            .map((name) => caches.delete(name)),
        ),
      ),
  ),
);

// A page that has just been loaded asks for the new version. It is taken where no other page is open: one of them
// may be at work, and its files must not change under it.
scope.addEventListener<Waitable>("message", (event) =>
  event.waitUntil(
    scope.clients
      .matchAll({ includeUncontrolled: true, type: "window" })
      .then((open) => (open.length <= 1 ? scope.skipWaiting() : undefined)),
  ),
);

scope.addEventListener<Fetching>("fetch", (event) => {
  const path = pathOf(event.request);
  if (path !== undefined) event.respondWith(answer(path));
});

/** The path of a file of this build; `undefined` for any other request. */
function pathOf({ url, method }: Request): string | undefined {
  const { origin, pathname, search } = new URL(url);
  const root = new URL(scope.registration.scope);
  if (method !== "GET" || origin !== root.origin || !pathname.startsWith(root.pathname)) return undefined;
  const path = decodeURIComponent(pathname.slice(root.pathname.length)) || "index.html";
  // A document may have a query, which it reads itself.
  if (search !== "" && !path.endsWith(".html")) return undefined;
  return Object.hasOwn(BUILD.files, path) ? path : undefined;
}

async function store(): Promise<void> {
  const cache = await caches.open(CACHE);
  await Promise.all(
    Object.keys(BUILD.files).map(async (path) => cache.put(keyOf(path), await fetched(path))),
  );
}

/** From the network, if it is the file of this build. */
function fetched(path: string): Promise<Response> {
  const { sha256 } = BUILD.files[path] ?? { sha256: "" };
  return fetch(keyOf(path), { integrity: `sha256-${sha256}`, cache: "no-cache" });
}

function keyOf(path: string): string {
  return new URL(path.split("/").map(encodeURIComponent).join("/"), scope.registration.scope).href;
}

/** From the cache; what others of this origin put there is not the file, and is fetched again. */
async function answer(path: string): Promise<Response> {
  const { sha256, type, policy } = BUILD.files[path] ?? { sha256: "", type: "", policy: "" };
  const cache = await caches.open(CACHE);
  let body = await (await cache.match(keyOf(path)))?.arrayBuffer();
  if (body === undefined || (await digest(body)) !== sha256) {
    body = await (await fetched(path)).arrayBuffer();
    await cache.put(keyOf(path), new Response(body.slice(0)));
  }
  return new Response(body, {
    headers: {
      "Content-Type": type,
      "Content-Security-Policy": policy,
      "Cross-Origin-Opener-Policy": "same-origin",
      "Referrer-Policy": "no-referrer",
      "X-Content-Type-Options": "nosniff",
    },
  });
}

/** SHA-256 in Base64. */
async function digest(bytes: ArrayBuffer): Promise<string> {
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return btoa(String.fromCharCode(...sum));
}
