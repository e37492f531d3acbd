//! What the caller expects: a sum of methods, and pins that narrow any of them.

mod read;

use alloc::{string::String, vec::Vec};

use crate::{
    bundle::Bundle,
    clock::Clock,
    content::Signed,
    error::Error,
    keys::PublicKey,
    signer::{CertificatePolicy, Identity, Signer, UseOfHint},
    trust::TrustRoot,
    x509::Anchors,
};

/// The anchor below which NVIDIA signs agent skills: the SHA-256 of its DER. Its bundles bring it.
const NVIDIA_AGENT_CAPABILITIES: [u8; 32] = [
    0x6f, 0x1b, 0xb8, 0x75, 0xb7, 0x7a, 0xea, 0x3f, 0xc8, 0x78, 0xa7, 0xa3, 0x23, 0x74, 0x97, 0x23,
    0x5c, 0x53, 0x65, 0x76, 0x01, 0x37, 0x5c, 0x0e, 0xf4, 0xbd, 0xcd, 0xe6, 0x9e, 0x84, 0x37, 0x82,
];

/// Whom to expect as the signer, and what else has to hold.
///
/// There is no policy that accepts anybody.
#[derive(Clone, Debug)]
pub struct Policy {
    method: Method,
    /// What log entries and timestamps are checked with.
    trust_root: Option<TrustRoot>,
    root_digest: Option<[u8; 32]>,
    model_name: Option<String>,
    deny: Vec<[u8; 32]>,
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
    /// Any of these identities. Never empty.
    Sigstore(Vec<Identity>),
}

/// Asks who signed, and expects nobody: for showing, never for trusting.
///
/// What comes of it can be reported; it is never `verified`, and hands out no checked streams.
#[derive(Clone, Debug)]
pub struct ReportOnly {
    pub(crate) policy: Policy,
}

/// A policy in JSON: one that expects somebody, or one that only reports.
#[derive(Clone, Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "a check has one policy: boxing would save nothing"
)]
pub enum AnyPolicy {
    /// Expects a signer.
    Expecting(Policy),
    /// Reports who signed.
    ReportOnly(ReportOnly),
}

/// The trust roots that a policy in JSON may name, besides the bundled ones.
#[derive(Clone, Debug, Default)]
pub struct TrustRoots(Vec<(String, TrustRoot)>);

impl TrustRoots {
    /// Adds a root, in place of one of the same name.
    pub fn insert(&mut self, name: &str, root: TrustRoot) {
        self.0.retain(|(own, _)| own != name);
        self.0.push((name.into(), root));
    }

    /// The root of this name: one that was added, or else a bundled one.
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

impl ReportOnly {
    /// Reports the signer of a keyless signature that `root` vouches for.
    pub fn sigstore(root: TrustRoot) -> Self {
        let policy = Policy::of(Method::Sigstore(Vec::new()));
        Self {
            policy: policy.with_trust_root(root),
        }
    }

    /// States who asked.
    #[must_use]
    pub fn with_expectation(mut self, expectation: Expectation) -> Self {
        self.policy = self.policy.with_expectation(expectation);
        self
    }
}

/// Who said whom to expect. Part of the verdict.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Expectation {
    /// Who set it.
    pub set_by: SetBy,
    /// The name of the preset or stored policy.
    pub name: Option<String>,
}

/// Who set an [`Expectation`].
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SetBy {
    /// The person or program that asks now.
    #[default]
    Caller,
    /// A preset that ships with the tool.
    Preset,
    /// A policy stored in a service's configuration.
    StoredPolicy,
}

impl Policy {
    /// The names that [`Policy::preset`] knows.
    pub const PRESETS: &'static [&'static str] = &["nvidia-agent-capabilities"];

    /// Expects a signature by `key`.
    pub const fn key(key: PublicKey) -> Self {
        Self::of(Method::Key(key))
    }

    /// Expects a signature by a certificate that leads to one of `anchors`.
    pub const fn certificate(anchors: Anchors) -> Self {
        Self::of(Method::Certificate(CertificatePolicy::new(anchors)))
    }

    /// Expects a keyless signature by one of `identities`, which `root` vouches for.
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

    /// A policy that ships with modelseal: one of [`Policy::PRESETS`].
    ///
    /// # Errors
    /// [`Error::PolicyInvalid`] for another name.
    pub fn preset(name: &str) -> Result<Self, Error> {
        if !Self::PRESETS.contains(&name) {
            return Err(Error::PolicyInvalid { field: "preset" });
        }
        let anchors = Anchors::pinned([NVIDIA_AGENT_CAPABILITIES])?;
        Ok(Self::certificate(anchors).with_expectation(Expectation {
            set_by: SetBy::Preset,
            name: Some(name.into()),
        }))
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
            deny: Vec::new(),
            expectation,
        }
    }

    /// Also accepts the form of v0.2.0 (predicate type `https://model_signing/Digests/v0.1`),
    /// which the certificate method alone has. Its signature does not cover a root digest.
    #[must_use]
    pub fn with_digests_v01(mut self) -> Self {
        if let Method::Certificate(policy) = &mut self.method {
            policy.digests_v01 = true;
        }
        self
    }

    /// Also accepts anchors that are not self-signed.
    #[must_use]
    pub fn with_intermediate_anchors(mut self) -> Self {
        if let Method::Certificate(policy) = &mut self.method {
            policy.intermediate_anchors = true;
        }
        self
    }

    /// Names the logs and authorities that log entries and timestamps of key and certificate bundles
    /// are checked with. Without a root a bundle that brings any is refused.
    #[must_use]
    pub fn with_trust_root(mut self, root: TrustRoot) -> Self {
        self.trust_root = Some(root);
        self
    }

    /// Pins the model by its root digest: SHA-256 over the raw digests of its resources.
    #[must_use]
    pub fn with_root_digest(mut self, sha256: [u8; 32]) -> Self {
        self.root_digest = Some(sha256);
        self
    }

    /// Pins the model by the name in its signature.
    #[must_use]
    pub fn with_model_name(mut self, name: String) -> Self {
        self.model_name = Some(name);
        self
    }

    /// Denies a certificate, a key or a model by the SHA-256 of its DER, its SPKI or its root digest.
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

    /// Reads a policy in its JSON form, which expects somebody and names bundled trust roots alone.
    ///
    /// ```
    /// # use modelseal::{Error, Policy};
    /// let error = Policy::from_json(r#"{"method": "key", "publicKey": ""}"#).unwrap_err();
    /// assert_eq!(error, Error::KeyInvalid);
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

    /// Refuses a policy that can accept nothing.
    ///
    /// # Errors
    /// [`Error::AnchorNotSelfSigned`].
    pub fn check(&self) -> Result<(), Error> {
        match &self.method {
            Method::Certificate(policy) => policy.check(),
            Method::Key(_) | Method::Sigstore(_) => Ok(()),
        }
    }

    /// The same method without its expectation. Keys and anchors are the expectation themselves.
    pub(crate) fn report(&self) -> Option<ReportOnly> {
        match (&self.method, &self.trust_root) {
            (Method::Sigstore(_), Some(root)) => Some(ReportOnly::sigstore(root.clone())),
            _ => None,
        }
    }

    /// The trust root that evidence is checked with.
    pub(crate) const fn trust_root(&self) -> Option<&TrustRoot> {
        self.trust_root.as_ref()
    }

    pub(crate) fn expectation(&self) -> &Expectation {
        &self.expectation
    }

    /// The signer that the bundle's material names, if this policy's method accepts it.
    pub(crate) fn accept_signer(
        &self,
        bundle: &Bundle,
        signed: &Signed<'_>,
        hint: UseOfHint,
        clock: Clock,
    ) -> Result<Signer, Error> {
        let root = self.trust_root.as_ref();
        let signer = match (&self.method, root) {
            (Method::Certificate(policy), _) => policy.accept(bundle, signed, root, clock)?,
            (Method::Key(key), _) => Signer::accept_key(bundle, signed, hint, key, root, clock)?,
            (Method::Sigstore(_), Some(root)) => {
                Signer::accept_keyless(bundle, signed, root, clock)?
            }
            (Method::Sigstore(_), None) => return Err(Error::TrustRootMissing),
        };
        if self.deny.contains(&signer.key().spki_digest()) {
            return Err(Error::KeyDenied);
        }
        if signer
            .chain()
            .iter()
            .any(|certificate| self.deny.contains(&certificate.sha256))
        {
            return Err(Error::CertificateDenied);
        }
        Ok(signer)
    }

    /// Is the signer one whom this policy expects? Keys and anchors were compared before.
    pub(crate) fn accept_publisher(&self, signer: &Signer) -> Result<(), Error> {
        let Method::Sigstore(identities) = &self.method else {
            return Ok(());
        };
        let own = signer.identity().ok_or(Error::IdentityUnexpected)?;
        if identities.iter().any(|identity| identity.is(own)) {
            Ok(())
        } else {
            Err(Error::IdentityUnexpected)
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
}
