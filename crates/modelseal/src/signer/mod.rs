//! Who signed: the bundle's material, accepted by the policy's method.

mod identity;

mod sct;

mod key;

mod certificate;

mod keyless;

use alloc::{string::String, vec::Vec};

pub use certificate::CertificatePolicy;
pub use identity::{CertificateField, CertificateIdentity, Identity, IdentityKind, Mismatch};
pub(crate) use key::UseOfHint;

use crate::{
    evidence::Evidence,
    keys::PublicKey,
    time::UnixTime,
    timestamp::SignedTime,
    tlog::VerifiedLogEntry,
    x509::{Certificate, Path},
};

/// A signer that the policy's method accepts. Made only by the methods' checks.
///
/// Whether the signature is the signer's is checked in the next step.
#[derive(Clone, Debug)]
pub struct Signer {
    method: SigningMethod,
    key: PublicKey,
    chain: Vec<ChainLink>,
    /// The form of v0.2.0 belongs to the certificate method.
    pub(crate) v0_2: V02,
    pub(crate) observed: Observed,
    pub(crate) evidence: Evidence,
    /// Set by the keyless method alone.
    identity: Option<CertificateIdentity>,
}

/// How a signature was made: with a key, a certificate, or keyless.
#[derive(Clone, Copy, Debug, Eq, PartialEq, serde::Serialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum SigningMethod {
    /// With a certificate that leads to an anchor of the caller.
    Certificate,
    /// With a key of the caller.
    Key,
    /// Keyless: with a short-lived certificate of a Sigstore authority.
    Sigstore,
}

impl SigningMethod {
    /// The method's stable name, as in the verdict.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::Key => "key",
            Self::Sigstore => "sigstore",
        }
    }
}

/// What is worth a note in the verdict.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Observed {
    /// The bundle names no key.
    pub(crate) no_hint: bool,
    /// The chain of a keyless bundle has a self-signed certificate, which was skipped.
    pub(crate) root_in_chain: bool,
}

/// What becomes of a signature over the form of v0.2.0.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum V02 {
    /// The method never had it.
    Unknown,
    /// The method had it, the policy does not allow it.
    Refused,
    /// The policy allows it.
    Allowed,
}

/// What is shown of a certificate. Its author chose the names: escape them where they are shown.
#[derive(Clone, Debug, Eq, PartialEq, serde::Serialize)]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ChainLink {
    /// The subject (RFC 4514).
    pub subject: String,
    /// The issuer (RFC 4514).
    pub issuer: String,
    /// The serial number in lower-case hex.
    pub serial: String,
    /// The first moment of validity.
    pub not_before: UnixTime,
    /// The last moment of validity.
    pub not_after: UnixTime,
    /// The SHA-256 of the DER.
    #[serde(serialize_with = "crate::hex::serialize")]
    pub sha256: [u8; 32],
}

impl ChainLink {
    pub(crate) fn of(certificate: &Certificate) -> Self {
        Self {
            subject: certificate.subject(),
            issuer: certificate.issuer(),
            serial: certificate.serial_hex(),
            not_before: certificate.not_before(),
            not_after: certificate.not_after(),
            sha256: certificate.sha256(),
        }
    }

    /// Those of a path, from the leaf to the anchor.
    fn of_path(path: &Path<'_>) -> Vec<Self> {
        path.certificates().map(Self::of).collect()
    }
}

impl Signer {
    /// The method of the signature.
    pub const fn method(&self) -> SigningMethod {
        self.method
    }

    /// The key that must have signed.
    pub const fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The certificates from the leaf to the anchor; empty for the key method.
    pub fn chain(&self) -> &[ChainLink] {
        &self.chain
    }

    /// The identity that a keyless certificate is for.
    pub const fn identity(&self) -> Option<&CertificateIdentity> {
        self.identity.as_ref()
    }

    /// The entries of transparency logs, each verified.
    pub fn log_entries(&self) -> &[VerifiedLogEntry] {
        &self.evidence.log_entries
    }

    /// The times at which the signature existed, each verified.
    pub fn signed_times(&self) -> &[SignedTime] {
        &self.evidence.times
    }

    /// The earliest of the verified times.
    pub(crate) fn first_signed_time(&self) -> Option<UnixTime> {
        self.evidence.moments().first().copied()
    }

    /// The last moment at which every certificate of the chain is valid. `None` where the chain was
    /// checked for a verified time, which does not pass.
    pub fn valid_until(&self) -> Option<UnixTime> {
        let chain = self.chain.iter().map(|link| link.not_after);
        chain.min().filter(|_| self.evidence.times.is_empty())
    }
}
