//! Public keys: P-256, P-384, P-521, Ed25519 and RSA.
//!
//! A message is given in parts, so that a payload of many megabytes is hashed where it lies.

mod algorithm;
mod details;
mod ecdsa;
mod ed25519;
mod kept;
mod multiples;
mod quarters;
mod rsa;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod wycheproof;

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

pub(crate) use algorithm::Hash;
use algorithm::SignatureAlgorithm;
use const_oid::db::{
    rfc5912::{ID_EC_PUBLIC_KEY, RSA_ENCRYPTION, SECP_256_R_1, SECP_384_R_1, SECP_521_R_1},
    rfc8410::ID_ED_25519,
};
use der::{Decode, asn1::ObjectIdentifier};
pub(crate) use details::LogKey;
use kept::Kept;
use modelseal_hash::Hex;
#[cfg(test)]
pub(crate) use quarters::tests::known_points;
use sha2::{Digest, Sha256};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoRef};

use crate::{error::Error, pem};

/// A public key that signatures are checked with.
#[derive(Clone)]
pub struct PublicKey {
    inner: Inner,
    /// The SubjectPublicKeyInfo. Only its one canonical encoding is read, so this is it.
    spki: Vec<u8>,
    /// Of keys that many signatures are checked with.
    kept: Option<Kept>,
}

#[derive(Clone)]
enum Inner {
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    P521(p521::ecdsa::VerifyingKey),
    Ed25519(ed25519_dalek::VerifyingKey),
    Rsa(::rsa::RsaPublicKey),
}

impl PublicKey {
    /// Reads a key on P-256, P-384 or P-521 from PEM: one block `PUBLIC KEY`.
    ///
    /// Text around the block is explanation (RFC 7468 section 2), such as `openssl pkey -text`
    /// writes.
    ///
    /// # Errors
    /// [`Error::KeyInvalid`] if it is no such text, [`Error::KeyUnsupported`] for another kind of
    /// key.
    pub fn from_pem(text: &str) -> Result<Self, Error> {
        let pem = pem::Pem::parse(text).ok_or(Error::KeyInvalid)?;
        match pem.blocks.as_slice() {
            [block] if block.label == "PUBLIC KEY" => Self::from_spki_der(&block.der),
            _ => Err(Error::KeyInvalid),
        }
    }

    /// Reads a key from PEM without text around it: nothing unsigned hides in a bundle.
    pub(crate) fn from_bare_pem(text: &str) -> Result<Self, Error> {
        match pem::Pem::parse(text) {
            Some(pem) if pem.explained => Err(Error::KeyInvalid),
            _ => Self::from_pem(text),
        }
    }

    /// Reads a key on P-256, P-384 or P-521 from a DER SubjectPublicKeyInfo (RFC 5480).
    ///
    /// # Errors
    /// [`Error::KeyInvalid`] if it is none, [`Error::KeyUnsupported`] for another kind of key.
    pub fn from_spki_der(der: &[u8]) -> Result<Self, Error> {
        let key = Self::for_certificate(der)?;
        // OMS 1.0 section 4.1 knows three curves; RSA signs certificates, never models.
        match key.inner {
            Inner::Ed25519(_) | Inner::Rsa(_) => Err(Error::KeyUnsupported),
            Inner::P256(_) | Inner::P384(_) | Inner::P521(_) => Ok(key),
        }
    }

    /// Reads a key of any kind that artifacts are signed with, also Ed25519 and RSA, from PEM.
    ///
    /// # Errors
    /// As [`PublicKey::from_pem`].
    pub fn for_artifacts_from_pem(text: &str) -> Result<Self, Error> {
        let pem = pem::Pem::parse(text).ok_or(Error::KeyInvalid)?;
        match pem.blocks.as_slice() {
            [block] if block.label == "PUBLIC KEY" => Self::for_certificate(&block.der),
            _ => Err(Error::KeyInvalid),
        }
    }

    /// Reads the key of a certificate from its DER SubjectPublicKeyInfo: also RSA and Ed25519.
    pub(crate) fn for_certificate(der: &[u8]) -> Result<Self, Error> {
        let spki = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| Error::KeyInvalid)?;
        let bits = spki
            .subject_public_key
            .as_bytes()
            .ok_or(Error::KeyInvalid)?;
        let parameters = spki.algorithm.parameters;
        let inner = match spki.algorithm.oid {
            ID_EC_PUBLIC_KEY => {
                // RFC 5480 section 2.1.1: namedCurve; explicit curves must not be used.
                let parameters = parameters.ok_or(Error::KeyInvalid)?;
                let curve: ObjectIdentifier =
                    parameters.decode_as().map_err(|_| Error::KeyUnsupported)?;
                Inner::on_curve(curve, bits)?
            }
            // RFC 3279 section 2.3.1: the parameters are NULL.
            RSA_ENCRYPTION if parameters.is_some_and(|any| any.is_null()) => {
                Inner::Rsa(rsa::decode(bits)?)
            }
            RSA_ENCRYPTION => return Err(Error::KeyInvalid),
            // RFC 8410 section 3: no parameters.
            ID_ED_25519 if parameters.is_none() => Inner::Ed25519(ed25519::key(bits)?),
            ID_ED_25519 => return Err(Error::KeyInvalid),
            _ => return Err(Error::KeyUnsupported),
        };
        Ok(Self {
            inner,
            spki: der.to_vec(),
            kept: None,
        })
    }

    /// Keeps what makes the next check faster: for the keys of a trust root.
    pub(crate) fn keep(&mut self) {
        self.kept = Kept::of(&self.inner);
    }

    /// Is the key on one of the three curves?
    pub(crate) const fn is_ec(&self) -> bool {
        !matches!(self.inner, Inner::Ed25519(_) | Inner::Rsa(_))
    }

    /// Is the key of a kind that signs certificates?
    pub(crate) const fn signs_certificates(&self) -> bool {
        !matches!(self.inner, Inner::Ed25519(_))
    }

    /// The DER SubjectPublicKeyInfo.
    pub(crate) fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// SHA-256 of the DER SubjectPublicKeyInfo.
    pub(crate) fn spki_digest(&self) -> [u8; 32] {
        Sha256::digest(&self.spki).into()
    }

    /// What an OMS bundle's key hint says: lower-case hex of the SHA-256 of the PEM text.
    pub(crate) fn pem_hint(&self) -> String {
        Hex(&Sha256::digest(pem::write("PUBLIC KEY", &self.spki))).to_string()
    }

    /// The algorithm of an envelope's signature: the hash follows the curve.
    pub(crate) const fn algorithm_by_curve(&self) -> &'static str {
        match self.inner {
            Inner::P256(_) => "ecdsa-p256-sha256",
            Inner::P384(_) => "ecdsa-p384-sha384",
            Inner::P521(_) => "ecdsa-p521-sha512",
            Inner::Ed25519(_) => "ed25519",
            Inner::Rsa(_) => "rsa-pkcs1v15-sha256",
        }
    }

    /// The algorithm of a signature in the form of v0.2.0: SHA-256 whatever the curve.
    pub(crate) const fn algorithm_with_sha256(&self) -> &'static str {
        match self.inner {
            Inner::P256(_) => "ecdsa-p256-sha256",
            Inner::P384(_) => "ecdsa-p384-sha256",
            Inner::P521(_) => "ecdsa-p521-sha256",
            Inner::Ed25519(_) | Inner::Rsa(_) => self.algorithm_by_curve(),
        }
    }

    /// The name that Sigstore's `PublicKeyDetails` has for the key and the hash of its curve.
    pub(crate) const fn key_details(&self) -> Option<&'static str> {
        match self.inner {
            Inner::P256(_) => Some("PKIX_ECDSA_P256_SHA_256"),
            Inner::P384(_) => Some("PKIX_ECDSA_P384_SHA_384"),
            Inner::P521(_) => Some("PKIX_ECDSA_P521_SHA_512"),
            Inner::Ed25519(_) => Some("PKIX_ED25519"),
            Inner::Rsa(_) => None,
        }
    }

    /// The hash of a signature over content: it follows the curve, and is SHA-256 for RSA. Ed25519
    /// has its own.
    pub(crate) const fn content_hash(&self) -> Option<Hash> {
        match self.inner {
            Inner::P256(_) | Inner::Rsa(_) => Some(Hash::Sha256),
            Inner::P384(_) => Some(Hash::Sha384),
            Inner::P521(_) => Some(Hash::Sha512),
            Inner::Ed25519(_) => None,
        }
    }

    /// Checks the signature of an envelope, with the hash that follows the curve (OMS 1.0).
    pub(crate) fn verify_by_curve(&self, message: &[&[u8]], signature: &[u8]) -> Result<(), Error> {
        match (&self.inner, self.content_hash()) {
            (_, Some(hash)) => self.verify_prehash(&hash.digest(message), signature),
            (Inner::Ed25519(key), None) if ed25519::verify(key, &message.concat(), signature) => {
                Ok(())
            }
            (_, None) => Err(Error::SignatureMismatch),
        }
    }

    /// Checks a signature over an artifact by its digest: the one of [`PublicKey::content_hash`],
    /// and SHA-512 for Ed25519, which then is Ed25519ph (RFC 8032 section 5.1).
    pub(crate) fn verify_prehash(&self, digest: &[u8], signature: &[u8]) -> Result<(), Error> {
        let valid = match &self.inner {
            Inner::Rsa(key) => rsa::verify_pkcs1(key, Hash::Sha256, digest, signature),
            Inner::Ed25519(key) => ed25519::verify_prehash(key, digest, signature),
            Inner::P256(_) | Inner::P384(_) | Inner::P521(_) => {
                return self.verify_ecdsa(digest, signature);
            }
        };
        if valid {
            Ok(())
        } else {
            Err(Error::SignatureMismatch)
        }
    }

    /// Checks an ECDSA signature over a SHA-256 digest whatever the curve: the form of v0.2.0.
    pub(crate) fn verify_sha256_prehash(
        &self,
        digest: &[u8; 32],
        signature: &[u8],
    ) -> Result<(), Error> {
        self.verify_ecdsa(digest, signature)
    }

    /// Checks the signature of the certificate at `index` (RFC 5280 section 4.1.1.3).
    ///
    /// The hash is the one that the algorithm's OID names: P-384 with SHA-256 is in use.
    pub(crate) fn verify_certificate_signature(
        &self,
        algorithm: &AlgorithmIdentifierOwned,
        message: &[u8],
        signature: &[u8],
        index: usize,
    ) -> Result<(), Error> {
        let algorithm = SignatureAlgorithm::read(algorithm)
            .ok_or(Error::SignatureAlgorithmUnsupported { index })?;
        if self.verify_with(algorithm, message, signature) {
            Ok(())
        } else {
            Err(Error::CertificateSignatureMismatch { index })
        }
    }

    /// Checks the signature of a CMS `SignerInfo` whose attributes are digested with `digest`
    /// (RFC 5652 section 5.4). None for an algorithm that is not accepted.
    pub(crate) fn verify_cms_signature(
        &self,
        algorithm: &AlgorithmIdentifierOwned,
        digest: Hash,
        message: &[u8],
        signature: &[u8],
    ) -> Option<bool> {
        // RFC 5754 section 3.2: rsaEncryption leaves the hash to the digest algorithm.
        let algorithm = match algorithm.oid {
            RSA_ENCRYPTION => SignatureAlgorithm::RsaPkcs1(digest),
            _ => SignatureAlgorithm::read(algorithm)?,
        };
        Some(self.verify_with(algorithm, message, signature))
    }

    fn verify_with(&self, algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        let digest = algorithm.hash().digest(&[message]);
        match (&self.inner, algorithm) {
            (Inner::Rsa(key), SignatureAlgorithm::RsaPkcs1(hash)) => {
                rsa::verify_pkcs1(key, hash, &digest, signature)
            }
            (Inner::Rsa(key), SignatureAlgorithm::RsaPss(hash, salt)) => {
                rsa::verify_pss(key, hash, salt, &digest, signature)
            }
            (_, SignatureAlgorithm::Ecdsa(_)) => self.verify_ecdsa(&digest, signature).is_ok(),
            _ => false,
        }
    }

    fn verify_ecdsa(&self, digest: &[u8], signature: &[u8]) -> Result<(), Error> {
        let signature = ecdsa::Signature::read(signature)?;
        let kept = self.kept.as_ref();
        let kept = kept.and_then(|kept| kept.verify(digest, &signature));
        let valid = match &self.inner {
            _ if kept.is_some() => kept == Some(true),
            Inner::P256(key) => signature.verify(key, digest),
            Inner::P384(key) => signature.verify(key, digest),
            Inner::P521(key) => signature.verify(key, digest),
            Inner::Ed25519(_) | Inner::Rsa(_) => return Err(Error::KeyUnsupported),
        };
        if valid {
            Ok(())
        } else {
            Err(Error::SignatureMismatch)
        }
    }
}

impl Inner {
    fn on_curve(curve: ObjectIdentifier, point: &[u8]) -> Result<Self, Error> {
        // RFC 5480 section 2.2: uncompressed must be supported, compressed may be. A compressed
        // point would give one key a second digest and a second hint: what denies or expects a key
        // by its digest could be evaded. No signer of models writes them.
        if let [0x02 | 0x03, ..] = point {
            return Err(Error::KeyUnsupported);
        }
        match curve {
            SECP_256_R_1 => ecdsa::key(point).map(Self::P256),
            SECP_384_R_1 => ecdsa::key(point).map(Self::P384),
            SECP_521_R_1 => ecdsa::key(point).map(Self::P521),
            _ => return Err(Error::KeyUnsupported),
        }
        .ok_or(Error::KeyInvalid)
    }
}

impl Eq for PublicKey {}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.spki == other.spki
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PublicKey")
            .field(&self.algorithm_by_curve())
            .finish()
    }
}
