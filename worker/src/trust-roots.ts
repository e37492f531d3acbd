// Trust roots that are refreshed: by a cron, into the store, and only where the configuration says so.
import { refreshTrustRoot, storedTrustRoot, type TrustRootStore } from "modelseal/tuf";
import type { AnyPolicy } from "./configuration/configuration.js";
import type { Host } from "./host.js";
import type { Records } from "./store/records.js";

/** How long a stored trust root is used before it is read, and verified, again. */
const USED_SECONDS = 600;

/** How a refresh may differ from the usual one: for tests. */
export interface RefreshSettings {
  readonly time?: Date;
  readonly mirror?: string;
}

export class TrustRoots {
  readonly #names: ReadonlySet<string>;
  readonly #records: Records;
  readonly #host: Host;
  readonly #store: TrustRootStore;
  readonly #used = new Map<
    string,
    { readonly root: ReturnType<typeof storedTrustRoot>; readonly until: number }
  >();

  /** `policies` name the trust roots; none is refreshed where `isRefreshed` is false. */
  constructor(policies: Iterable<AnyPolicy>, isRefreshed: boolean, records: Records, host: Host) {
    const names = isRefreshed ? [...policies].map(nameOf).filter((name) => name !== undefined) : [];
    this.#names = new Set(names);
    this.#records = records;
    this.#host = host;
    this.#store = {
      get: (name) => this.#records.trustRoot(name),
      put: (name, value) => this.#records.setTrustRoot(name, value),
    };
  }

  /** Fetches what is newer. One that cannot be fetched is logged: the last one is used. */
  async refresh(settings: RefreshSettings = {}): Promise<void> {
    for (const name of this.#names) {
      try {
        const { updated, targetsVersion } = await refreshTrustRoot({ name, store: this.#store, ...settings });
        if (updated) this.#used.delete(name);
        this.#host.log({ event: "trust-root", name, updated, targetsVersion });
      } catch (error) {
        this.#host.log({ event: "trust-root-failed", name, error: `${error}` });
      }
    }
  }

  /** The policy with the trust root that was fetched last, where there is one; the one that ships otherwise. */
  async applyTo<P extends AnyPolicy>(policy: P): Promise<P> {
    const name = nameOf(policy);
    if (name === undefined || !this.#names.has(name)) return policy;
    const trustRoot = await this.#stored(name);
    return trustRoot === undefined ? policy : { ...policy, trustRoot };
  }

  async #stored(name: string): ReturnType<typeof storedTrustRoot> {
    const known = this.#used.get(name);
    if (known !== undefined && known.until > Date.now()) return known.root;
    // What is stored is a claim: it is verified from the root that ships.
    const root = storedTrustRoot({ name, store: this.#store }).catch((error: unknown) => {
      this.#host.log({ event: "trust-root-unverified", name, error: `${error}` });
      return undefined;
    });
    this.#used.set(name, { root, until: Date.now() + USED_SECONDS * 1000 });
    return root;
  }
}

/** The trust root that a policy names; nothing where it contains one, or needs none. */
function nameOf(policy: AnyPolicy): string | undefined {
  const { method, trustRoot } = policy as { readonly method?: unknown; readonly trustRoot?: unknown };
  if (typeof trustRoot === "string") return /^[a-z]+$/.test(trustRoot) ? trustRoot : undefined;
  return trustRoot === undefined && method === "sigstore" ? "production" : undefined;
}
