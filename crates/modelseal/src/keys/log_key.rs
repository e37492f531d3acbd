//! The keys of logs: the trust root says with each how it signs (protobuf-specs,
//! `PublicKeyDetails`).

use super::{Hash, Inner, PublicKey, algorithm::SignatureAlgorithm, ed25519, rsa::RsaKey};
use crate::{error::Error, file_kind::FileKind};

const OTHER_KEY: Error = Error::KeyUnsupported {
    found: FileKind::OtherKey,
};

/// A key that signs in one way only.
#[derive(Clone, Debug)]
pub(crate) struct LogKey {
    key: PublicKey,
    scheme: Scheme,
}

#[derive(Clone, Copy, Debug)]
enum Scheme {
    Ed25519,
    X509(SignatureAlgorithm),
}

impl LogKey {
    /// Reads a key from its SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// [`Error::KeyUnsupported`] for details that are not known, [`Error::KeyInvalid`] for a key
    /// that is not what its details say.
    pub(crate) fn read(details: &str, spki: &[u8]) -> Result<Self, Error> {
        use SignatureAlgorithm::{Ecdsa, RsaPkcs1, RsaPss};
        let scheme = match details {
            "PKIX_ECDSA_P256_SHA_256" => Scheme::X509(Ecdsa(Hash::Sha256)),
            "PKIX_ECDSA_P384_SHA_384" => Scheme::X509(Ecdsa(Hash::Sha384)),
            "PKIX_ECDSA_P521_SHA_512" => Scheme::X509(Ecdsa(Hash::Sha512)),
            "PKIX_ED25519" => Scheme::Ed25519,
            "PKIX_RSA_PKCS1V15_2048_SHA256"
            | "PKIX_RSA_PKCS1V15_3072_SHA256"
            | "PKIX_RSA_PKCS1V15_4096_SHA256" => Scheme::X509(RsaPkcs1(Hash::Sha256)),
            // RFC 4055 section 3.1: a salt as long as the digest.
            "PKIX_RSA_PSS_2048_SHA256"
            | "PKIX_RSA_PSS_3072_SHA256"
            | "PKIX_RSA_PSS_4096_SHA256" => Scheme::X509(RsaPss(Hash::Sha256, 32)),
            _ => return Err(OTHER_KEY),
        };
        let mut key = PublicKey::for_certificate(spki)?;
        if !key.is_of(details, key.content_hash()) {
            return Err(Error::KeyInvalid {
                found: FileKind::OtherKey,
            });
        }
        key.precompute();
        Ok(Self { key, scheme })
    }

    pub(crate) const fn key(&self) -> &PublicKey {
        &self.key
    }

    /// `SignatureAlgorithm` of SCTs by this key (RFC 5246 section 7.4.1.4.1, RFC 8422 section 5.1.3).
    pub(crate) const fn tls_signature_algorithm(&self) -> u8 {
        match &self.key.inner {
            Inner::Rsa(_) => 1,
            Inner::Ed25519(_) => 7,
            Inner::P256(_) | Inner::P384(_) | Inner::P521(_) => 3,
        }
    }

    /// Did this key sign `message`?
    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        match (&self.key.inner, self.scheme) {
            (Inner::Ed25519(key), Scheme::Ed25519) => ed25519::verify(key, message, signature),
            (_, Scheme::X509(algorithm)) => self.key.verify_with(algorithm, message, signature),
            (_, Scheme::Ed25519) => false,
        }
    }
}

impl PublicKey {
    /// Is the key of the kind that `details` name, together with `hash`?
    pub(crate) fn is_of(&self, details: &str, hash: Option<Hash>) -> bool {
        match &self.inner {
            Inner::Rsa(key) => {
                let bits = rsa_bits(key).filter(|_| details.starts_with("PKIX_RSA_"));
                bits.is_some_and(|bits| details.contains(bits))
            }
            Inner::Ed25519(_) => ["PKIX_ED25519", "PKIX_ED25519_PH"].contains(&details),
            _ => self.key_details(hash) == Some(details),
        }
    }
}

/// The part of the details that names the size of the modulus.
fn rsa_bits(key: &RsaKey) -> Option<&'static str> {
    match key.octets() {
        256 => Some("_2048_"),
        384 => Some("_3072_"),
        512 => Some("_4096_"),
        _ => None,
    }
}
