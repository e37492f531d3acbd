// The types of policies. What one may contain the core checks, strictly.

/** Which signer to expect. No policy means "anyone": see {@link ReportOnlyPolicy}. */
export type Policy = KeyPolicy | CertificatePolicy | SigstorePolicy | PresetPolicy;

/** What every policy can narrow further. */
export interface PolicyPins {
  /** Accept this model only: `sha256:` and the model's root digest. */
  readonly rootDigest?: string;
  /** Accept a model of this name only. */
  readonly modelName?: string;
  /** Refuse these: `sha256:` and the digest of a certificate, of a key, or a root digest. */
  readonly deny?: readonly string[];
}

/** What a policy for {@link verifyArtifact} can narrow, in place of a model's pins. */
export interface ArtifactPins {
  /** Refuse these: `sha256:` and the digest of a certificate, of a key, or of the artifact. */
  readonly deny?: readonly string[];
  /** Accept attestations of these types only, compared exactly. Default: SLSA provenance, v0.2 and v1. */
  readonly predicateTypes?: readonly string[];
  /** Accept attestations of any type: what they say is not checked, so the outcome is at best `incomplete`. */
  readonly anyPredicateType?: boolean;
}

type ForArtifacts<P extends PolicyPins> = P extends unknown
  ? Omit<P, keyof PolicyPins | "digestsV01"> & ArtifactPins
  : never;

/** A list with something in it. */
export type NonEmpty<T> = readonly [T, ...T[]];

/** Which signer of an artifact to expect. */
export type ArtifactPolicy =
  | ForArtifacts<KeyPolicy>
  | ForArtifacts<CertificatePolicy>
  | ForArtifacts<SigstorePolicy>
  | ForArtifacts<PresetPolicy>
  | ReportOnlyPolicy;

/** A trust root that was fetched: what `refreshTrustRoot` and `storedTrustRoot` of `modelseal/tuf` return. */
export interface FetchedTrustRoot {
  /** The file. */
  readonly trustRoot: string;
  /** When it was fetched (RFC 3339). The verdict repeats this, and what follows; nothing is decided by it. */
  readonly fetchedAt: string;
  /** The version of the TUF root that was trusted then, and when that root expires (RFC 3339). */
  readonly rootVersion: number;
  readonly rootExpires: string;
}

/** Expect the holder of this key. */
export interface KeyPolicy extends PolicyPins {
  readonly method: "key";
  /** A public key in PEM (SubjectPublicKeyInfo), on P-256, P-384 or P-521; for artifacts also Ed25519 and RSA. */
  readonly publicKey: string;
  /** What log entries and timestamps are checked with. Without it a bundle that contains any is refused. */
  readonly trustRoot?: TrustRootName | TrustRootSource | FetchedTrustRoot;
}

/** Expect a certificate that leads to one of these anchors. At least one must be given. */
export interface CertificatePolicy extends CertificateOptions {
  readonly method: "certificate";
  /** Trust anchors in PEM. */
  readonly anchors?: readonly string[];
  /** Trust anchors that the bundle contains, each as `sha256:` and the digest of its DER. */
  readonly anchorDigests?: readonly string[];
}

/** What narrows or widens a {@link CertificatePolicy}. */
export interface CertificateOptions extends PolicyPins {
  /** Accept anchors that are not self-signed. */
  readonly intermediateAnchors?: boolean;
  /** Accept the form of v0.2.0 (`https://model_signing/Digests/v0.1`). */
  readonly digestsV01?: boolean;
  /** What log entries and timestamps are checked with. Without it a bundle that contains any is refused. */
  readonly trustRoot?: TrustRootName | TrustRootSource | FetchedTrustRoot;
}

/** Expect one of these identities, by a keyless (Sigstore) signature. */
export interface SigstorePolicy extends PolicyPins {
  readonly method: "sigstore";
  /** Default: `production`. */
  readonly trustRoot?: TrustRootName | TrustRootSource | FetchedTrustRoot;
  /** Any of these; at least one. */
  readonly identities: readonly ExpectedIdentity[];
}

/**
 * Expect no one, and report who made a keyless signature: to be shown, never to be trusted. A verdict by it is
 * never `verified`, and an opened bundle checks no files.
 */
export interface ReportOnlyPolicy {
  /**
   * Without it bundles of the other methods are reported on too: what they claim, with `anchor-needed` or
   * `key-needed` as the reason why it is not checked.
   */
  readonly method?: "sigstore";
  /** Default: `production`. */
  readonly trustRoot?: TrustRootName | TrustRootSource | FetchedTrustRoot;
  readonly reportOnly: true;
}

/** Expect the signer of a policy that ships with modelseal. */
export interface PresetPolicy extends PolicyPins {
  readonly preset: PresetName;
  /** What log entries and timestamps are checked with. Default: `production`, for presets of keyless signatures. */
  readonly trustRoot?: TrustRootName | TrustRootSource | FetchedTrustRoot;
}

/** A policy that ships with modelseal. */
export type PresetName = "ibm-granite" | "nvidia-agent-capabilities";

/**
 * An identity, as exact strings: `issuer`, and with it `identity`, or at least one field of the certificate, or
 * both. All that is given must match. `buildSignerUri` alone names no one: anyone may call a reusable workflow.
 */
export type ExpectedIdentity = CertificateFields & {
  /** The e-mail address or URI of the certificate. */
  readonly identity?: string;
} & ({ readonly identity: string } | AtLeastOne<Omit<CertificateFields, "buildSignerUri">>) &
  (
    | {
        /** The OpenID Connect issuer that certifies the identity. */
        readonly issuer: string;
        readonly noIssuer?: false;
      }
    | {
        /** Expect a certificate that names no issuer, as those of GitHub's own authority. */
        readonly noIssuer: true;
      }
  );

/** Any members of these, but at least one. */
type AtLeastOne<T> = { [K in keyof T]-?: Required<Pick<T, K>> }[keyof T];

/** What Fulcio certifies of a signer in addition to its identity (Fulcio's `oid-info.md`). */
export interface CertificateFields {
  /** The workflow, or other instructions, that made the build. */
  readonly buildConfigUri?: string;
  /** The version of those instructions. */
  readonly buildConfigDigest?: string;
  /** What started the build, such as `push`. */
  readonly buildTrigger?: string;
  /** The instructions that signed, such as a reusable workflow. */
  readonly buildSignerUri?: string;
  /** The version of what signed. */
  readonly buildSignerDigest?: string;
  /** The run of the build. */
  readonly runInvocationUri?: string;
  /** `github-hosted` or `self-hosted`. */
  readonly runnerEnvironment?: string;
  /** The version of the source. */
  readonly sourceRepositoryDigest?: string;
  /** The number of the repository, which stays when it is renamed. */
  readonly sourceRepositoryIdentifier?: string;
  /** The number of the repository's owner, which stays when it is renamed. */
  readonly sourceRepositoryOwnerIdentifier?: string;
  /** The address of the repository's owner. */
  readonly sourceRepositoryOwnerUri?: string;
  /** The branch or tag of the source. */
  readonly sourceRepositoryRef?: string;
  /** The address of the repository. */
  readonly sourceRepositoryUri?: string;
  /** `public` or `private`, when it was signed. */
  readonly sourceRepositoryVisibilityAtSigning?: string;
}

/** A trust root that ships with modelseal. The Wasm holds `production`; the others are loaded when named. */
export type TrustRootName = "production" | "staging" | "github";

/**
 * A `trusted_root.json` or `ClientTrustConfig`: its bytes, its JSON as a string, or the parsed object. The file itself is
 * better than its parsed form, which no longer shows what was written twice.
 */
export type TrustRootSource = Uint8Array | ArrayBuffer | Blob | string | { readonly mediaType: string };
