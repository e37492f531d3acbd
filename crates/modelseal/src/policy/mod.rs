//! What the caller expects: a sum of methods, and pins that narrow any of them.

mod expectation;
mod json;
mod presets;
mod report_only;

use alloc::{string::String, vec::Vec};

use crate::{
    budget::Budget,
    bundle::Bundle,
    conditions::Conditions,
    deny::DenyList,
    error::{DigestNames, Error},
    keys::PublicKey,
    signed::Signed,
    signer::{CertificatePolicy, Identity, Mismatch, Signer, UseOfHint},
    time::Clock,
    trust::TrustRoot,
    x509::IgnoredAnchor,
};

pub use self::{
    expectation::{Expectation, SetBy},
    report_only::{AnyPolicy, ReportOnly},
};

/// Which signer to expect, and what else must be as expected.
///
/// There is no policy that accepts any signer.
///
/// ```
/// use modelseal::{Error, FileKind, Policy, PublicKey};
///
/// # let pem = "-----BEGIN PUBLIC KEY-----\n\
/// #     MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEfXa/hlrg9zNDepGRQ8Ppl2o+nUqx\n\
/// #     UXC2Fbk4pyuNy92n8qZ44h96X85tNXP9oE+Aj0qb+pASqIatOvBA/WuyhQ==\n\
/// #     -----END PUBLIC KEY-----\n";
/// let policy = Policy::key(PublicKey::from_pem(pem)?)
///     .with_model_name("example-model".into())
///     .with_denied([0x5f; 32]);
/// # let _ = policy;
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Policy {
    method: Method,
    /// What log entries and timestamps are checked with.
    trust_root: Option<TrustRoot>,
    root_digest: Option<[u8; 32]>,
    model_name: Option<String>,
    predicate_types: Option<PredicateTypes>,
    deny: DenyList,
    expectation: Expectation,
}

#[derive(Clone, Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "a check has one policy: boxing would save nothing"
)]
enum Method {
    Certificate(CertificatePolicy),
    Key(PublicKey),
    /// Any of these identities. Never empty, but for a report.
    Sigstore(Vec<Identity>),
}

/// The types of statements that an attestation may have. They are compared exactly.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum PredicateTypes {
    /// Any. Then what the attestation says is not checked.
    Any,
    /// One of these.
    OneOf(Vec<String>),
}

/// SLSA provenance, v0.2 and v1: how an artifact was built.
const SLSA_PROVENANCE: [&str; 2] = [
    "https://slsa.dev/provenance/v0.2",
    "https://slsa.dev/provenance/v1",
];

/// The types of the statements of model signatures begin with this (OMS 1.0 section 8.3). They are
/// about a model's list of files, never about an artifact.
pub(crate) const MODEL_SIGNING: &str = "https://model_signing/";

/// The trust roots that a policy in JSON may name, in addition to the bundled ones.
#[derive(Clone, Debug, Default)]
pub struct TrustRoots(Vec<(String, TrustRoot)>);

/// In what a signer differs from the one that a policy expects.
#[derive(Clone, Debug)]
pub(crate) struct Unexpected {
    /// Any of these would have been accepted.
    pub(crate) expected: Vec<Identity>,
    /// The fields in which the signer differs from the nearest of them.
    pub(crate) mismatches: Vec<Mismatch>,
}

impl TrustRoots {
    /// Adds a root, in place of one of the same name.
    pub fn insert(&mut self, name: &str, root: TrustRoot) {
        self.0.retain(|(own, _)| own != name);
        self.0.push((name.into(), root));
    }

    /// The root of this name: one that was added, or a bundled one.
    ///
    /// # Errors
    /// [`Error::TrustRootUnknown`].
    pub fn find(&self, name: &str) -> Result<TrustRoot, Error> {
        match self.0.iter().find(|(own, _)| own == name) {
            Some((_, root)) => Ok(root.clone()),
            None => TrustRoot::bundled(name),
        }
    }
}

impl Policy {
    /// The names that [`Policy::preset`] knows.
    pub const PRESETS: &'static [&'static str] = &[
        presets::ibm_granite::NAME,
        presets::nvidia_agent_capabilities::NAME,
    ];

    /// Expects a signature by `key`.
    pub const fn key(key: PublicKey) -> Self {
        Self::of(Method::Key(key))
    }

    /// Expects a signature by a certificate that leads to an anchor.
    ///
    /// # Errors
    /// [`Error::AnchorNotSelfSigned`] where no anchor is self-signed and others are not accepted.
    pub fn certificate(policy: impl Into<CertificatePolicy>) -> Result<Self, Error> {
        let policy = policy.into().ready()?;
        Ok(Self::of(Method::Certificate(policy)))
    }

    /// Expects a keyless signature by one of `identities`, checked with `root`.
    ///
    /// # Errors
    /// [`Error::PolicyInvalid`] without an identity: see [`ReportOnly`].
    pub fn sigstore(root: TrustRoot, identities: Vec<Identity>) -> Result<Self, Error> {
        if identities.is_empty() {
            return Err(Error::PolicyInvalid {
                field: "identities",
            });
        }
        let policy = Self::of(Method::Sigstore(identities));
        Ok(policy.with_trust_root(root))
    }

    /// A policy that ships with modelseal: one of [`Policy::PRESETS`]. One for a keyless signature has the
    /// bundled trust root `production`; [`Policy::with_trust_root`] gives it a newer one.
    ///
    /// # Errors
    /// [`Error::PolicyInvalid`] for another name.
    pub fn preset(name: &str) -> Result<Self, Error> {
        let policy = match name {
            presets::ibm_granite::NAME => presets::ibm_granite::policy()?,
            presets::nvidia_agent_capabilities::NAME => {
                presets::nvidia_agent_capabilities::policy()?
            }
            _ => return Err(Error::PolicyInvalid { field: "preset" }),
        };
        Ok(policy.with_expectation(Expectation {
            set_by: SetBy::Preset,
            name: Some(name.into()),
        }))
    }

    /// Whether it expects an identity, and so depends on a trust root.
    pub const fn is_keyless(&self) -> bool {
        matches!(self.method, Method::Sigstore(_))
    }

    const fn of(method: Method) -> Self {
        let expectation = Expectation {
            set_by: SetBy::Caller,
            name: None,
        };
        Self {
            method,
            trust_root: None,
            root_digest: None,
            model_name: None,
            predicate_types: None,
            deny: DenyList::EMPTY,
            expectation,
        }
    }

    /// Names the logs and authorities with which log entries and timestamps of key and certificate
    /// bundles are checked. Without a root a bundle that has any is refused.
    #[must_use]
    pub fn with_trust_root(mut self, root: TrustRoot) -> Self {
        self.trust_root = Some(root);
        self
    }

    /// Pins the model by its root digest: SHA-256 over the raw digests of its resources. For models
    /// alone.
    #[must_use]
    pub fn with_root_digest(mut self, sha256: [u8; 32]) -> Self {
        self.root_digest = Some(sha256);
        self
    }

    /// Pins the model by the name in its signature. For models alone.
    #[must_use]
    pub fn with_model_name(mut self, name: String) -> Self {
        self.model_name = Some(name);
        self
    }

    /// Accepts attestations of these types alone, compared exactly. The default is SLSA provenance,
    /// v0.2 and v1. For artifacts alone.
    ///
    /// # Errors
    /// [`Error::PolicyInvalid`] for no type, an empty one, and the types of model signatures.
    pub fn with_predicate_types(mut self, types: Vec<String>) -> Result<Self, Error> {
        let refused = |name: &String| name.is_empty() || name.starts_with(MODEL_SIGNING);
        if types.is_empty() || types.iter().any(refused) {
            return Err(Error::PolicyInvalid {
                field: "predicateTypes",
            });
        }
        self.predicate_types = Some(PredicateTypes::OneOf(types));
        Ok(self)
    }

    /// Accepts attestations of any type. The outcome is at best `incomplete`: what they say is not
    /// checked. For artifacts alone.
    #[must_use]
    pub fn with_any_predicate_type(mut self) -> Self {
        self.predicate_types = Some(PredicateTypes::Any);
        self
    }

    /// Denies a certificate, a key, a model or an artifact by the SHA-256 of its DER, its SPKI, its
    /// root digest or its bytes.
    ///
    /// A certificate is denied in every form of its signature, and a key wherever the signature
    /// depends on it: the signer's, an authority's, or that of a log or timestamp.
    #[must_use]
    pub fn with_denied(mut self, sha256: [u8; 32]) -> Self {
        self.deny.push(sha256);
        self
    }

    /// States who set the expectation.
    #[must_use]
    pub fn with_expectation(mut self, expectation: Expectation) -> Self {
        self.expectation = expectation;
        self
    }

    /// Reads a policy in its JSON form, which expects a signer and names bundled trust roots alone.
    ///
    /// ```
    /// # use modelseal::{Error, FileKind, Policy};
    /// let error = Policy::from_json(r#"{"method": "key", "publicKey": ""}"#).unwrap_err();
    /// assert_eq!(error, Error::KeyInvalid { found: FileKind::Empty });
    /// ```
    ///
    /// # Errors
    /// Of the stage [`Stage::Policy`](crate::Stage::Policy) alone.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        match AnyPolicy::from_json(json, &TrustRoots::default())? {
            AnyPolicy::Expecting(policy) => Ok(policy),
            AnyPolicy::ReportOnly(_) => Err(Error::PolicyInvalid {
                field: "reportOnly",
            }),
        }
    }

    /// The trust root that evidence is checked with.
    pub(crate) const fn trust_root(&self) -> Option<&TrustRoot> {
        self.trust_root.as_ref()
    }

    pub(crate) const fn expectation(&self) -> &Expectation {
        &self.expectation
    }

    /// What cannot be used of the caller's anchors.
    pub(crate) fn ignored_anchors(&self) -> &[IgnoredAnchor] {
        match &self.method {
            Method::Certificate(policy) => policy.anchors().ignored(),
            Method::Key(_) | Method::Sigstore(_) => &[],
        }
    }

    /// The conditions of a check under this policy.
    pub(crate) const fn conditions<'a>(
        &'a self,
        clock: Clock,
        budget: &'a Budget,
    ) -> Conditions<'a> {
        Conditions {
            root: self.trust_root.as_ref(),
            deny: &self.deny,
            clock,
            budget,
        }
    }

    /// Refuses pins that a check of a model cannot enforce.
    pub(crate) const fn check_for_models(&self) -> Result<(), Error> {
        match self.predicate_types {
            None => Ok(()),
            Some(_) => Err(Error::PolicyInvalid {
                field: "predicateTypes",
            }),
        }
    }

    /// Refuses pins that a check of an artifact cannot enforce.
    pub(crate) fn check_for_artifacts(&self) -> Result<(), Error> {
        let field = match &self.method {
            _ if self.root_digest.is_some() => "rootDigest",
            _ if self.model_name.is_some() => "modelName",
            Method::Certificate(policy) if policy.accepts_v0_2() => "digestsV01",
            _ => return Ok(()),
        };
        Err(Error::PolicyInvalid { field })
    }

    /// The signer that the bundle's material names, if this policy's method accepts it.
    pub(crate) fn accept_signer(
        &self,
        bundle: &Bundle,
        signed: &Signed<'_>,
        hint: UseOfHint,
        conditions: &Conditions<'_>,
    ) -> Result<Signer, Error> {
        match &self.method {
            Method::Certificate(policy) => policy.accept(bundle, signed, conditions),
            Method::Key(key) => Signer::accept_key(bundle, signed, hint, key, conditions),
            Method::Sigstore(_) => Signer::accept_keyless(bundle, signed, conditions),
        }
    }

    /// Is the signer one that this policy expects? Keys and anchors were compared before.
    pub(crate) fn accept_publisher(&self, signer: &Signer) -> Result<(), Unexpected> {
        let (Method::Sigstore(identities), Some(own)) = (&self.method, signer.identity()) else {
            return Ok(());
        };
        let mismatches = identities.iter().map(|identity| identity.mismatches(own));
        // The nearest of them says most about what went wrong.
        match mismatches.min_by_key(Vec::len) {
            Some(mismatches) if mismatches.is_empty() => Ok(()),
            mismatches => Err(Unexpected {
                expected: identities.clone(),
                mismatches: mismatches.unwrap_or_default(),
            }),
        }
    }

    /// Applies the pins to a model's name and root digest (`None`: its form has no root digest).
    pub(crate) fn accept_model(
        &self,
        name: Option<&str>,
        root_digest: Option<[u8; 32]>,
    ) -> Result<(), Error> {
        if root_digest.is_some_and(|digest| self.deny.contains(&digest)) {
            return Err(Error::RootDigestDenied);
        }
        if self.root_digest.is_some() && self.root_digest != root_digest {
            return Err(Error::RootDigestUnexpected);
        }
        if self.model_name.is_some() && self.model_name.as_deref() != name {
            return Err(Error::ModelNameUnexpected);
        }
        Ok(())
    }

    /// Is the artifact denied? Where its SHA-256 is not known, that cannot be said.
    pub(crate) fn accept_artifact(&self, sha256: Option<&[u8; 32]>) -> Result<(), Error> {
        match sha256 {
            _ if self.deny.is_empty() => Ok(()),
            Some(digest) if self.deny.contains(digest) => Err(Error::ArtifactDenied),
            Some(_) => Ok(()),
            None => Err(Error::ArtifactDigestMissing {
                available: DigestNames::SHA256,
            }),
        }
    }

    /// The types of statements that are accepted about an artifact.
    pub(crate) fn accepted_predicate_types(&self) -> PredicateTypes {
        self.predicate_types
            .clone()
            .unwrap_or_else(|| PredicateTypes::OneOf(SLSA_PROVENANCE.map(String::from).to_vec()))
    }

    /// Must the bundle be an attestation? A signature over the artifact says none of the types that
    /// the caller named.
    pub(crate) const fn asks_for_attestation(&self) -> bool {
        matches!(self.predicate_types, Some(PredicateTypes::OneOf(_)))
    }
}
