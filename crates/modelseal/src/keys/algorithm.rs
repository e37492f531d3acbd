//! The signature algorithms of certificates, by their OIDs.

use alloc::vec::Vec;

use const_oid::db::rfc5912::{
    ECDSA_WITH_SHA_256, ECDSA_WITH_SHA_384, ECDSA_WITH_SHA_512, ID_MGF_1, ID_RSASSA_PSS,
    ID_SHA_256, ID_SHA_384, ID_SHA_512, SHA_256_WITH_RSA_ENCRYPTION, SHA_384_WITH_RSA_ENCRYPTION,
    SHA_512_WITH_RSA_ENCRYPTION,
};
use der::{
    Decode as _, Tag,
    asn1::{AnyRef, ObjectIdentifier},
};
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::der::{Fields, constructed, error, expect, explicit, write};

/// A hash function of a signature.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

/// What a certificate is signed with. SHA-1 and MD5 are not there on purpose.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum SignatureAlgorithm {
    Ecdsa(Hash),
    RsaPkcs1(Hash),
    /// With the length of the salt.
    RsaPss(Hash, usize),
}

impl Hash {
    /// Hashes the parts of a message one after the other.
    pub(crate) fn digest(self, message: &[&[u8]]) -> Vec<u8> {
        match self {
            Self::Sha256 => digest::<Sha256>(message),
            Self::Sha384 => digest::<Sha384>(message),
            Self::Sha512 => digest::<Sha512>(message),
        }
    }

    /// The DER of a `DigestInfo` up to the digest (RFC 8017 section 9.2, note 1).
    pub(super) const fn digest_info_prefix(self) -> &'static [u8] {
        match self {
            Self::Sha256 => {
                b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"
            }
            Self::Sha384 => {
                b"\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30"
            }
            Self::Sha512 => {
                b"\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40"
            }
        }
    }

    /// The hash by the name that Sigstore's formats have for it.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "sha256" | "SHA2_256" => Some(Self::Sha256),
            "sha384" | "SHA2_384" => Some(Self::Sha384),
            "sha512" | "SHA2_512" => Some(Self::Sha512),
            _ => None,
        }
    }

    /// RFC 4055 section 2.1: the parameters are NULL or absent.
    pub(crate) fn read(algorithm: &AlgorithmIdentifier) -> Option<Self> {
        if !algorithm.has_null() && algorithm.parameters.is_some() {
            return None;
        }
        match algorithm.oid {
            ID_SHA_256 => Some(Self::Sha256),
            ID_SHA_384 => Some(Self::Sha384),
            ID_SHA_512 => Some(Self::Sha512),
            _ => None,
        }
    }
}

/// An `AlgorithmIdentifier` (RFC 5280 section 4.1.1.2).
#[derive(Clone, Debug)]
pub(crate) struct AlgorithmIdentifier {
    pub(super) oid: ObjectIdentifier,
    /// With tag and length.
    pub(super) parameters: Option<Vec<u8>>,
}

impl AlgorithmIdentifier {
    #[inline(never)]
    pub(crate) fn read(algorithm: AnyRef<'_>) -> der::Result<Self> {
        let mut fields = Fields::of(algorithm, Tag::Sequence)?;
        let oid = fields.oid()?;
        let parameters = match fields.is_finished() {
            true => None,
            false => Some(fields.encoded()?.to_vec()),
        };
        fields.finish()?;
        Ok(Self { oid, parameters })
    }

    pub(crate) const fn without_parameters(oid: ObjectIdentifier) -> Self {
        Self {
            oid,
            parameters: None,
        }
    }

    /// The algorithm in DER.
    pub(crate) fn encoding(&self) -> Vec<u8> {
        let oid = write::value(0x06, self.oid.as_bytes());
        write::sequence(
            &[
                oid.as_slice(),
                self.parameters.as_deref().unwrap_or_default(),
            ]
            .concat(),
        )
    }

    /// Are the parameters NULL?
    pub(super) fn has_null(&self) -> bool {
        self.parameters.as_deref() == Some(&[0x05, 0x00])
    }
}

impl SignatureAlgorithm {
    pub(super) fn read(algorithm: &AlgorithmIdentifier) -> Option<Self> {
        // RFC 5758 section 3.2: absent for ECDSA. RFC 4055 section 5: NULL for PKCS #1 v1.5.
        let ecdsa = |hash| algorithm.parameters.is_none().then_some(Self::Ecdsa(hash));
        let pkcs1 = |hash| algorithm.has_null().then_some(Self::RsaPkcs1(hash));
        match algorithm.oid {
            ECDSA_WITH_SHA_256 => ecdsa(Hash::Sha256),
            ECDSA_WITH_SHA_384 => ecdsa(Hash::Sha384),
            ECDSA_WITH_SHA_512 => ecdsa(Hash::Sha512),
            SHA_256_WITH_RSA_ENCRYPTION => pkcs1(Hash::Sha256),
            SHA_384_WITH_RSA_ENCRYPTION => pkcs1(Hash::Sha384),
            SHA_512_WITH_RSA_ENCRYPTION => pkcs1(Hash::Sha512),
            ID_RSASSA_PSS => Self::read_pss(algorithm.parameters.as_deref()?).ok(),
            _ => None,
        }
    }

    pub(super) const fn hash(self) -> Hash {
        match self {
            Self::Ecdsa(hash) | Self::RsaPkcs1(hash) | Self::RsaPss(hash, _) => hash,
        }
    }

    /// `RSASSA-PSS-params` (RFC 4055 section 3.1) without the defaults that name SHA-1, and without
    /// the trailer field, whose one value is its default.
    fn read_pss(parameters: &[u8]) -> der::Result<Self> {
        let mut fields = Fields::of(AnyRef::from_der(parameters)?, Tag::Sequence)?;
        let hash = AlgorithmIdentifier::read(explicit(fields.any()?, 0)?)?;
        let mask = AlgorithmIdentifier::read(explicit(fields.any()?, 1)?)?;
        let salt = match fields.optional(constructed(2))? {
            Some(salt) => usize::from(explicit(salt, 2)?.decode_as::<u8>()?),
            None => DEFAULT_SALT,
        };
        fields.finish()?;
        let mask_hash = mask.parameters.as_deref().ok_or_else(error)?;
        let mask_hash = AlgorithmIdentifier::read(AnyRef::from_der(mask_hash)?)?;
        // RFC 4055 section 3.1: the mask's hash should be the message's. No salt is longer than the
        // longest digest in any real certificate.
        let hash = Hash::read(&hash).ok_or_else(error)?;
        expect(mask.oid == ID_MGF_1 && Hash::read(&mask_hash) == Some(hash) && salt <= 64)?;
        Ok(Self::RsaPss(hash, salt))
    }
}

/// The length of a salt that is not stated (RFC 4055 section 3.1).
const DEFAULT_SALT: usize = 20;

fn digest<D: Digest>(message: &[&[u8]]) -> Vec<u8> {
    let mut hash = D::new();
    for part in message {
        hash.update(part);
    }
    hash.finalize().to_vec()
}
