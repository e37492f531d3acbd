//! Public keys: P-256, P-384, P-521, Ed25519 and RSA.
//!
//! A message is given in parts, so that a payload of many megabytes is hashed where it lies.

mod algorithm;
mod ecdsa;
mod ed25519;
mod rsa;

mod precomputed;

mod log_key;

mod tuf_key;

#[cfg(test)]
mod tests;

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use algorithm::SignatureAlgorithm;
pub(crate) use algorithm::{AlgorithmIdentifier, Hash};
use const_oid::db::{
    rfc5912::{ID_EC_PUBLIC_KEY, RSA_ENCRYPTION, SECP_256_R_1, SECP_384_R_1, SECP_521_R_1},
    rfc8410::ID_ED_25519,
};
use der::{
    Decode as _, Tag,
    asn1::{AnyRef, BitStringRef, ObjectIdentifier},
};
pub(crate) use ecdsa::other_forms;
pub(crate) use log_key::LogKey;
use modelseal_hash::Hex;
use precomputed::PrecomputedKey;
#[cfg(test)]
pub(crate) use precomputed::known_points;
use rsa::RsaKey;
use sha2::{Digest, Sha256};
pub use tuf_key::TufKey;

use crate::{
    der::{Fields, error, read},
    error::Error,
    file_kind::{FileKind, without_mark},
    pem::{self, Pem},
};

/// A public key that signatures are checked with.
///
/// ```
/// use modelseal::PublicKey;
///
/// // What is not a key is named for what it is.
/// let error = PublicKey::from_pem("-----BEGIN OPENSSH PRIVATE KEY-----").unwrap_err();
/// assert_eq!(error.stage().name(), "policy");
/// ```
#[derive(Clone)]
pub struct PublicKey {
    inner: Inner,
    /// The SubjectPublicKeyInfo. Only its one canonical encoding is read, so this is it.
    spki: Vec<u8>,
    /// Set for keys that check many signatures.
    precomputed: Option<PrecomputedKey>,
}

#[derive(Clone)]
enum Inner {
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    P521(p521::ecdsa::VerifyingKey),
    Ed25519(ed25519_dalek::VerifyingKey),
    Rsa(RsaKey),
}

impl PublicKey {
    /// Reads a key on P-256, P-384 or P-521 from PEM: one block `PUBLIC KEY`. One byte order mark
    /// before it is skipped.
    ///
    /// Text around the block is explanation (RFC 7468 section 2), such as `openssl pkey -text`
    /// writes.
    ///
    /// ```
    /// use modelseal::{Error, FileKind, PublicKey};
    ///
    /// let found = FileKind::GitLfsPointer;
    /// let pointer = "version https://git-lfs.github.com/spec/v1";
    /// assert_eq!(PublicKey::from_pem(pointer), Err(Error::KeyInvalid { found }));
    /// ```
    ///
    /// # Errors
    /// [`Error::KeyInvalid`] for what is not such a key, and [`Error::KeyUnsupported`] for another
    /// kind of key. Both say what was found.
    pub fn from_pem(pem: impl AsRef<[u8]>) -> Result<Self, Error> {
        let key = Self::read_pem(pem.as_ref())?;
        key.for_models()
    }

    /// Reads a key of any kind that artifacts are signed with, also Ed25519 and RSA, from PEM.
    ///
    /// # Errors
    /// As [`PublicKey::from_pem`].
    pub fn for_artifacts_from_pem(pem: impl AsRef<[u8]>) -> Result<Self, Error> {
        Self::read_pem(pem.as_ref())
    }

    /// Reads a key on P-256, P-384 or P-521 from a DER SubjectPublicKeyInfo (RFC 5480).
    ///
    /// # Errors
    /// As [`PublicKey::from_pem`].
    pub fn from_spki_der(der: &[u8]) -> Result<Self, Error> {
        Self::for_certificate(der)?.for_models()
    }

    /// Reads a key from PEM without text around it: nothing unsigned hides in a bundle.
    pub(crate) fn from_bare_pem(text: &str) -> Result<Self, Error> {
        match Pem::parse(text) {
            Some(pem) if pem.explained => Err(invalid(FileKind::Text)),
            _ => Self::from_pem(text),
        }
    }

    fn read_pem(bytes: &[u8]) -> Result<Self, Error> {
        let bytes = without_mark(bytes);
        let text = core::str::from_utf8(bytes).map_err(|_| invalid(FileKind::of(bytes)))?;
        let pem = Pem::parse(text).ok_or(invalid(FileKind::PemBroken))?;
        match pem.blocks.as_slice() {
            [block] if block.label == "PUBLIC KEY" => Self::for_certificate(&block.der),
            [_, _, ..] if pem.blocks.iter().all(|block| block.label == "PUBLIC KEY") => {
                Err(invalid(FileKind::SeveralKeys))
            }
            _ => Err(invalid(FileKind::of(bytes))),
        }
    }

    /// OMS 1.0 section 4.1 defines three curves; RSA signs certificates, never models.
    fn for_models(self) -> Result<Self, Error> {
        match self.inner {
            Inner::Ed25519(_) => Err(unsupported(FileKind::Ed25519)),
            Inner::Rsa(_) => Err(unsupported(FileKind::Rsa)),
            Inner::P256(_) | Inner::P384(_) | Inner::P521(_) => Ok(self),
        }
    }

    /// Reads the key of a certificate from its DER SubjectPublicKeyInfo: also RSA and Ed25519.
    pub(crate) fn for_certificate(der: &[u8]) -> Result<Self, Error> {
        let malformed = invalid(FileKind::OtherKey);
        let (algorithm, bits) = read_spki(der).map_err(|_| malformed)?;
        let inner = match algorithm.oid {
            ID_EC_PUBLIC_KEY => {
                // RFC 5480 section 2.1.1: namedCurve; explicit curves must not be used.
                let parameters = algorithm.parameters.as_deref().ok_or(malformed)?;
                let curve = AnyRef::from_der(parameters).and_then(AnyRef::decode_as);
                let curve = curve.map_err(|_| unsupported(FileKind::OtherCurve))?;
                Inner::on_curve(curve, bits)?
            }
            // RFC 3279 section 2.3.1: the parameters are NULL.
            RSA_ENCRYPTION if algorithm.has_null() => Inner::Rsa(RsaKey::decode(bits)?),
            RSA_ENCRYPTION => return Err(malformed),
            // RFC 8410 section 3: no parameters.
            ID_ED_25519 if algorithm.parameters.is_none() => Inner::Ed25519(ed25519::key(bits)?),
            ID_ED_25519 => return Err(malformed),
            _ => return Err(unsupported(FileKind::OtherKey)),
        };
        Ok(Self {
            inner,
            spki: der.to_vec(),
            precomputed: None,
        })
    }

    /// Prepares for many checks by this key: for the keys of a trust root.
    pub(crate) fn precompute(&mut self) {
        self.precomputed = PrecomputedKey::of(&self.inner);
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

    /// The algorithm of a signature by this key over a digest by `hash`; without one, by the hash
    /// that follows the curve.
    pub(crate) const fn algorithm(&self, hash: Option<Hash>) -> &'static str {
        match (&self.inner, hash) {
            (Inner::P256(_), _) => "ecdsa-p256-sha256",
            (Inner::P384(_), Some(Hash::Sha256)) => "ecdsa-p384-sha256",
            (Inner::P384(_), _) => "ecdsa-p384-sha384",
            (Inner::P521(_), Some(Hash::Sha256)) => "ecdsa-p521-sha256",
            (Inner::P521(_), _) => "ecdsa-p521-sha512",
            (Inner::Ed25519(_), _) => "ed25519",
            (Inner::Rsa(_), _) => "rsa-pkcs1v15-sha256",
        }
    }

    /// What Sigstore's `PublicKeyDetails` calls the key together with `hash`; without one, with the
    /// hash that follows the curve.
    pub(crate) const fn key_details(&self, hash: Option<Hash>) -> Option<&'static str> {
        match (&self.inner, hash) {
            (Inner::P256(_), _) => Some("PKIX_ECDSA_P256_SHA_256"),
            (Inner::P384(_), Some(Hash::Sha256)) => Some("PKIX_ECDSA_P384_SHA_256"),
            (Inner::P384(_), _) => Some("PKIX_ECDSA_P384_SHA_384"),
            (Inner::P521(_), Some(Hash::Sha256)) => Some("PKIX_ECDSA_P521_SHA_256"),
            (Inner::P521(_), _) => Some("PKIX_ECDSA_P521_SHA_512"),
            (Inner::Ed25519(_), _) => Some("PKIX_ED25519"),
            (Inner::Rsa(_), _) => None,
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

    /// The hashes of a signature over an artifact, the usual one first. Signers used SHA-256 with
    /// P-384 and P-521 until 2024 (protobuf-specs, `PKIX_ECDSA_P384_SHA_256`). Ed25519ph has SHA-512
    /// (RFC 8032 section 5.1).
    pub(crate) const fn message_hashes(&self) -> &'static [Hash] {
        match self.inner {
            Inner::P256(_) | Inner::Rsa(_) => &[Hash::Sha256],
            Inner::P384(_) => &[Hash::Sha384, Hash::Sha256],
            Inner::P521(_) => &[Hash::Sha512, Hash::Sha256],
            Inner::Ed25519(_) => &[Hash::Sha512],
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

    /// Checks a signature over a digest by one of [`PublicKey::message_hashes`].
    pub(crate) fn verify_prehash(&self, digest: &[u8], signature: &[u8]) -> Result<(), Error> {
        let valid = match &self.inner {
            Inner::Rsa(key) => key.verify_pkcs1(Hash::Sha256, digest, signature),
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
        algorithm: &AlgorithmIdentifier,
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
        algorithm: &AlgorithmIdentifier,
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
                key.verify_pkcs1(hash, &digest, signature)
            }
            (Inner::Rsa(key), SignatureAlgorithm::RsaPss(hash, salt)) => {
                key.verify_pss(hash, Some(salt), &digest, signature)
            }
            (_, SignatureAlgorithm::Ecdsa(_)) => self.verify_ecdsa(&digest, signature).is_ok(),
            _ => false,
        }
    }

    fn verify_ecdsa(&self, digest: &[u8], signature: &[u8]) -> Result<(), Error> {
        let signature = ecdsa::Signature::read(signature)?;
        let precomputed = self.precomputed.as_ref();
        let valid = precomputed.and_then(|key| key.verify(digest, &signature));
        let valid = match &self.inner {
            _ if valid.is_some() => valid == Some(true),
            Inner::P256(key) => signature.verify(key, digest),
            Inner::P384(key) => signature.verify(key, digest),
            Inner::P521(key) => signature.verify(key, digest),
            Inner::Ed25519(_) => return Err(unsupported(FileKind::Ed25519)),
            Inner::Rsa(_) => return Err(unsupported(FileKind::Rsa)),
        };
        if valid {
            Ok(())
        } else {
            Err(Error::SignatureMismatch)
        }
    }
}

/// The algorithm and the octets of a SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7).
fn read_spki(der: &[u8]) -> der::Result<(AlgorithmIdentifier, &[u8])> {
    let mut fields = Fields::of(read(der)?, Tag::Sequence)?;
    let algorithm = AlgorithmIdentifier::read(fields.any()?)?;
    let bits: BitStringRef<'_> = fields.any()?.decode_as()?;
    fields.finish()?;
    Ok((algorithm, bits.as_bytes().ok_or_else(error)?))
}

const fn invalid(found: FileKind) -> Error {
    Error::KeyInvalid { found }
}

const fn unsupported(found: FileKind) -> Error {
    Error::KeyUnsupported { found }
}

impl Inner {
    fn on_curve(curve: ObjectIdentifier, point: &[u8]) -> Result<Self, Error> {
        // RFC 5480 section 2.2: uncompressed must be supported, compressed may be. A compressed
        // point would give one key a second digest and a second hint: what denies or expects a key
        // by its digest could be evaded. No signer of models writes them.
        if let [0x02 | 0x03, ..] = point {
            return Err(unsupported(FileKind::CompressedPoint));
        }
        match curve {
            SECP_256_R_1 => ecdsa::key(point).map(Self::P256),
            SECP_384_R_1 => ecdsa::key(point).map(Self::P384),
            SECP_521_R_1 => ecdsa::key(point).map(Self::P521),
            _ => return Err(unsupported(FileKind::OtherCurve)),
        }
        .ok_or(invalid(FileKind::OtherKey))
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
            .field(&self.algorithm(None))
            .finish()
    }
}
