//! Public keys: P-256, P-384 and P-521.

use alloc::{string::String, vec::Vec};

use crate::{bundle::hex, error::Error};
use der::{Decode, Encode, EncodePem, pem::LineEnding};
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use signature::hazmat::PrehashVerifier;
use spki::SubjectPublicKeyInfoOwned;

/// A public key.
#[derive(Clone, Debug)]
pub struct PublicKey {
    kind: Kind,
    spki: Vec<u8>,
    pem: String,
}

#[derive(Clone, Debug)]
enum Kind {
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    P521(p521::ecdsa::VerifyingKey),
}

impl PublicKey {
    /// Reads PEM.
    ///
    /// # Errors
    /// KeyInvalid.
    pub fn from_pem(pem: &str) -> Result<Self, Error> {
        let (label, der) =
            der::pem::decode_vec(pem.trim().as_bytes()).map_err(|_| Error::KeyInvalid)?;
        if label != "PUBLIC KEY" {
            return Err(Error::KeyInvalid);
        }
        Self::from_spki_der(&der)
    }
    /// Reads DER.
    ///
    /// # Errors
    /// KeyInvalid.
    pub fn from_spki_der(der: &[u8]) -> Result<Self, Error> {
        use p256::pkcs8::DecodePublicKey;
        let spki = SubjectPublicKeyInfoOwned::from_der(der).map_err(|_| Error::KeyInvalid)?;
        let kind = if let Ok(key) = p256::ecdsa::VerifyingKey::from_public_key_der(der) {
            Kind::P256(key)
        } else if let Ok(key) = p384::ecdsa::VerifyingKey::from_public_key_der(der) {
            Kind::P384(key)
        } else if let Ok(key) = p521::ecdsa::VerifyingKey::from_public_key_der(der) {
            Kind::P521(key)
        } else {
            return Err(Error::KeyUnsupported);
        };
        Ok(Self {
            kind,
            spki: spki.to_der().map_err(|_| Error::KeyInvalid)?,
            pem: spki.to_pem(LineEnding::LF).map_err(|_| Error::KeyInvalid)?,
        })
    }
    pub(crate) fn spki_digest(&self) -> [u8; 32] {
        Sha256::digest(&self.spki).into()
    }
    pub(crate) fn pem_hint(&self) -> String {
        hex(&Sha256::digest(self.pem.as_bytes()))
    }
    pub(crate) fn key_details(&self) -> Option<&'static str> {
        Some(match self.kind {
            Kind::P256(_) => "PKIX_ECDSA_P256_SHA_256",
            Kind::P384(_) => "PKIX_ECDSA_P384_SHA_384",
            Kind::P521(_) => "PKIX_ECDSA_P521_SHA_512",
        })
    }
    pub(crate) fn algorithm_by_curve(&self) -> &'static str {
        match self.kind {
            Kind::P256(_) => "ecdsa-p256-sha256",
            Kind::P384(_) => "ecdsa-p384-sha384",
            Kind::P521(_) => "ecdsa-p521-sha512",
        }
    }
    pub(crate) fn algorithm_with_sha256(&self) -> &'static str {
        match self.kind {
            Kind::P256(_) => "ecdsa-p256-sha256",
            Kind::P384(_) => "ecdsa-p384-sha256",
            Kind::P521(_) => "ecdsa-p521-sha256",
        }
    }
    pub(crate) fn verify_by_curve(&self, parts: &[&[u8]], signature: &[u8]) -> Result<(), Error> {
        fn hash<D: sha2::Digest>(parts: &[&[u8]]) -> sha2::digest::Output<D> {
            let mut h = D::new();
            for p in parts {
                h.update(p);
            }
            h.finalize()
        }
        match &self.kind {
            Kind::P256(k) => k
                .verify_prehash(
                    &hash::<Sha256>(parts),
                    &ecdsa::der::Signature::from_bytes(signature)
                        .map_err(|_| Error::SignatureEncoding)?,
                )
                .map_err(|_| Error::SignatureMismatch),
            Kind::P384(k) => k
                .verify_prehash(
                    &hash::<Sha384>(parts),
                    &p384::ecdsa::DerSignature::from_bytes(signature)
                        .map_err(|_| Error::SignatureEncoding)?,
                )
                .map_err(|_| Error::SignatureMismatch),
            Kind::P521(k) => k
                .verify_prehash(
                    &hash::<Sha512>(parts),
                    &p521::ecdsa::DerSignature::from_bytes(signature)
                        .map_err(|_| Error::SignatureEncoding)?,
                )
                .map_err(|_| Error::SignatureMismatch),
        }
    }
    pub(crate) fn verify_sha256_prehash(
        &self,
        _hash: &[u8; 32],
        _signature: &[u8],
    ) -> Result<(), Error> {
        Err(Error::SignatureMismatch)
    }
}
