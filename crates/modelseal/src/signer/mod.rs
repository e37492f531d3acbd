//! Who signed: the bundle's material, accepted by the policy's method.

mod certificate;
mod key;

use alloc::{string::String, vec::Vec};

pub(crate) use certificate::CertificatePolicy;

use crate::{keys::PublicKey, time::UnixTime};

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
    /// The method: `key` or `certificate`.
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

    /// The last moment at which every certificate of the chain is valid.
    pub fn valid_until(&self) -> Option<UnixTime> {
        self.chain.iter().map(|link| link.not_after).min()
    }
}
