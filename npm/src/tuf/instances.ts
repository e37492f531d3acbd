/** An instance of Sigstore whose trust root ships with modelseal. */
export interface Instance {
  /** Where it publishes its metadata. */
  readonly mirror: string;
  /**
   * The version of the targets metadata that lists the trust root that ships; 0 where it is not known, so that what
   * was fetched counts. The native command has the same.
   */
  readonly bundledTargets: number;
  /** The TUF root that a refresh begins at. */
  readonly startRoot: () => Promise<{ readonly default: string }>;
}

// The roots are modules, which every bundler and runtime can load.
const INSTANCES = new Map<string, Instance>([
  [
    "production",
    {
      mirror: "https://tuf-repo-cdn.sigstore.dev",
      bundledTargets: 14,
      startRoot: () => import("#roots/tuf-production"),
    },
  ],
  [
    "staging",
    {
      mirror: "https://tuf-repo-cdn.sigstage.dev",
      bundledTargets: 0,
      startRoot: () => import("#roots/tuf-staging"),
    },
  ],
  [
    "github",
    {
      mirror: "https://tuf-repo.github.com",
      bundledTargets: 0,
      startRoot: () => import("#roots/tuf-github"),
    },
  ],
]);

/** The instance of this name. */
export function findInstance(name: string): Instance | undefined {
  return INSTANCES.get(name);
}

/** The names of all. */
export const INSTANCE_NAMES: readonly string[] = [...INSTANCES.keys()];
