// The types of policies. What one may hold is for the core to judge, strictly.

/** Whom to expect. There is no policy that means "anybody": see {@link ReportOnlyPolicy}. */
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

/** Expect the holder of this key. */
export interface KeyPolicy extends PolicyPins {
  readonly method: "key";
  /** A public key in PEM (SubjectPublicKeyInfo), on P-256, P-384 or P-521; for artifacts also Ed25519 and RSA. */
  readonly publicKey: string;
  /** What log entries and timestamps are checked with. Without it a bundle that brings any is refused. */
  readonly trustRoot?: TrustRootName | TrustRootSource;
}

/** Expect a certificate that leads to one of these anchors. At least one has to be given. */
export interface CertificatePolicy extends PolicyPins {
  readonly method: "certificate";
  /** Trust anchors in PEM. */
  readonly anchors?: readonly string[];
  /** Trust anchors that the bundle brings itself, each as `sha256:` and the digest of its DER. */
  readonly anchorDigests?: readonly string[];
  /** Accept anchors that are not self-signed. */
  readonly intermediateAnchors?: boolean;
  /** Accept the form of v0.2.0 (`https://model_signing/Digests/v0.1`). */
  readonly digestsV01?: boolean;
  /** What log entries and timestamps are checked with. Without it a bundle that brings any is refused. */
  readonly trustRoot?: TrustRootName | TrustRootSource;
}

/** Expect one of these identities, by a keyless (Sigstore) signature. */
export interface SigstorePolicy extends PolicyPins {
  readonly method: "sigstore";
  /** Default: `production`. */
  readonly trustRoot?: TrustRootName | TrustRootSource;
  /** Any of these; at least one. */
  readonly identities: readonly ExpectedIdentity[];
}

/**
 * Expect nobody, and report who made a keyless signature: for showing, never for trusting. A verdict by it is
 * never `verified`, and an opened bundle checks no files.
 */
export interface ReportOnlyPolicy {
  readonly method: "sigstore";
  /** Default: `production`. */
  readonly trustRoot?: TrustRootName | TrustRootSource;
  readonly reportOnly: true;
}

/** Expect whom a policy of this name expects that ships with modelseal. */
export interface PresetPolicy extends PolicyPins {
  readonly preset: "nvidia-agent-capabilities";
}

/**
 * An identity, as exact texts: `issuer`, and with it `identity`, or at least one field of the certificate, or
 * both. All that is given has to match.
 */
export interface ExpectedIdentity extends CertificateFields {
  /** The OpenID Connect issuer that vouches for the identity. */
  readonly issuer: string;
  /** The e-mail address or URI of the certificate. */
  readonly identity?: string;
}

/** What Fulcio says of a signer besides its identity (Fulcio's `oid-info.md`). */
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
 * A `trusted_root.json` or `ClientTrustConfig`: its bytes, its text, or what parsing it gave. The file itself is
 * better than its parsed form, which no longer shows what was written twice.
 */
export type TrustRootSource = Uint8Array | ArrayBuffer | Blob | string | { readonly mediaType: string };
