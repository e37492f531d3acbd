import { scriptUrl } from "../check/trusted-url.js";

/**
 * Keeps the page for times without a network. A new version takes over when the page is loaded, never while it is in
 * use: what has just been loaded has nothing to lose.
 */
export async function takeOverNewVersion(): Promise<void> {
  const registration = await container()?.getRegistration();
  const { waiting } = registration ?? {};
  if (waiting == null) return;
  const changed = new Promise<void>((resolve) =>
    container()?.addEventListener("controllerchange", () => resolve(), { once: true }),
  );
  waiting.postMessage("take over");
  // Another page of this origin is open where there is no answer.
  const over = await Promise.race([
    changed.then(() => true),
    new Promise<false>((no) => setTimeout(no, 1000, false)),
  ]);
  if (over) location.reload();
  // A slow answer counts as long as nothing is being checked.
  else void changed.then(() => document.body.classList.contains("answered") || location.reload());
}

/** Registers the service worker, when the page has nothing else to do. */
export function keepForOffline(): void {
  void container()
    ?.register(scriptUrl(new URL("sw.js", document.baseURI).href), { updateViaCache: "none" })
    // A browser that does not allow it has the page from the network.
    .catch(() => {});
}

function container(): ServiceWorkerContainer | undefined {
  // In private windows and on plain HTTP there is none.
  return "serviceWorker" in navigator ? navigator.serviceWorker : undefined;
}
