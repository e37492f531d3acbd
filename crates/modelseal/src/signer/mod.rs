//! Who signed: the bundle's material, accepted by the policy's method.

mod certificate;
mod identity;
mod key;
mod keyless;
mod sct;

use alloc::{string::String, vec::Vec};

pub(crate) use certificate::CertificatePolicy;
pub use identity::{CertificateField, CertificateIdentity, Identity};
pub(crate) use key::UseOfHint;

use crate::{
    evidence::Evidence, keys::PublicKey, time::UnixTime, timestamp::SignedTime, tlog::Logged,
};

/// A signer that the policy expects. Made by the methods' checks alone.
///
/// Whether the signature is the signer's is the next step's question.
#[derive(Clone, Debug)]
pub struct Signer {
    method: &'static str,
    key: PublicKey,
    chain: Vec<ChainLink>,
    /// The form of v0.2.0 belongs to the certificate method.
    pub(crate) digests_v01: DigestsV01,
    pub(crate) hint_missing: bool,
    pub(crate) evidence: Evidence,
    /// Of the keyless method alone.
    identity: Option<CertificateIdentity>,
}

/// What becomes of a signature over the form of v0.2.0.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum DigestsV01 {
    /// The method never had it.
    Unknown,
    /// The method had it, the policy does not allow it.
    Refused,
    /// The policy allows it.
    Allowed,
}

/// What is shown of a certificate. Names are the certificate's own texts.
#[derive(Clone, Debug)]
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
    pub sha256: [u8; 32],
}

impl Signer {
    /// The method: `key`, `certificate` or `sigstore`.
    pub const fn method(&self) -> &'static str {
        self.method
    }

    /// The key that has to have signed.
    pub const fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The certificates from the leaf to the anchor; none for the key method.
    pub fn chain(&self) -> &[ChainLink] {
        &self.chain
    }

    /// The identity that a keyless certificate is for.
    pub const fn identity(&self) -> Option<&CertificateIdentity> {
        self.identity.as_ref()
    }

    /// The entries of transparency logs, each verified.
    pub fn log_entries(&self) -> &[Logged] {
        &self.evidence.logged
    }

    /// The times at which the signature existed, each verified.
    pub fn signed_times(&self) -> &[SignedTime] {
        &self.evidence.times
    }

    /// The earliest of the verified times, at which the chain was judged among others.
    pub(crate) fn first_signed_time(&self) -> Option<UnixTime> {
        self.evidence.moments().first().copied()
    }

    /// The last moment at which every certificate of the chain is valid. None where the chain was
    /// judged at a verified time: that does not pass.
    pub fn valid_until(&self) -> Option<UnixTime> {
        let chain = self.chain.iter().map(|link| link.not_after);
        chain.min().filter(|_| self.evidence.times.is_empty())
    }
}
