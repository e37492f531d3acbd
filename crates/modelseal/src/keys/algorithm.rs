//! The signature algorithms of certificates, by their OIDs.

use alloc::vec::Vec;

use const_oid::db::rfc5912::{
    ECDSA_WITH_SHA_256, ECDSA_WITH_SHA_384, ECDSA_WITH_SHA_512, ID_MGF_1, ID_RSASSA_PSS,
    ID_SHA_256, ID_SHA_384, ID_SHA_512, SHA_256_WITH_RSA_ENCRYPTION, SHA_384_WITH_RSA_ENCRYPTION,
    SHA_512_WITH_RSA_ENCRYPTION,
};
use der::{Sequence, asn1::AnyRef};
use sha2::{Digest, Sha256, Sha384, Sha512};
use spki::{AlgorithmIdentifierOwned, AlgorithmIdentifierRef};

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
    pub(crate) fn read(algorithm: &AlgorithmIdentifierRef<'_>) -> Option<Self> {
        if !algorithm.parameters.is_none_or(|any| any.is_null()) {
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

impl SignatureAlgorithm {
    pub(super) fn read(algorithm: &AlgorithmIdentifierOwned) -> Option<Self> {
        let parameters = algorithm.parameters.as_ref().map(AnyRef::from);
        // RFC 5758 section 3.2: absent for ECDSA. RFC 4055 section 5: NULL for PKCS #1 v1.5.
        let ecdsa = |hash| parameters.is_none().then_some(Self::Ecdsa(hash));
        let pkcs1 = |hash| {
            parameters
                .is_some_and(|any| any.is_null())
                .then_some(Self::RsaPkcs1(hash))
        };
        match algorithm.oid {
            ECDSA_WITH_SHA_256 => ecdsa(Hash::Sha256),
            ECDSA_WITH_SHA_384 => ecdsa(Hash::Sha384),
            ECDSA_WITH_SHA_512 => ecdsa(Hash::Sha512),
            SHA_256_WITH_RSA_ENCRYPTION => pkcs1(Hash::Sha256),
            SHA_384_WITH_RSA_ENCRYPTION => pkcs1(Hash::Sha384),
            SHA_512_WITH_RSA_ENCRYPTION => pkcs1(Hash::Sha512),
            ID_RSASSA_PSS => Self::read_pss(parameters?),
            _ => None,
        }
    }

    pub(super) const fn hash(self) -> Hash {
        match self {
            Self::Ecdsa(hash) | Self::RsaPkcs1(hash) | Self::RsaPss(hash, _) => hash,
        }
    }

    fn read_pss(parameters: AnyRef<'_>) -> Option<Self> {
        let parameters: PssParameters<'_> = parameters.decode_as().ok()?;
        let hash = Hash::read(&parameters.hash)?;
        let mask = parameters.mask_generation;
        let mask_hash: AlgorithmIdentifierRef<'_> = mask.parameters?.decode_as().ok()?;
        // RFC 4055 section 3.1: the mask's hash should be the message's. No salt is longer than the
        // longest digest in any real certificate.
        let same = mask.oid == ID_MGF_1 && Hash::read(&mask_hash)? == hash;
        let salt = usize::from(parameters.salt_length);
        (same && salt <= 64).then_some(Self::RsaPss(hash, salt))
    }
}

/// `RSASSA-PSS-params` (RFC 4055 section 3.1) without the defaults that name SHA-1, and without
/// the trailer field, whose one value is its default.
#[derive(Sequence)]
struct PssParameters<'a> {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    hash: AlgorithmIdentifierRef<'a>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT")]
    mask_generation: AlgorithmIdentifierRef<'a>,
    #[asn1(
        context_specific = "2",
        tag_mode = "EXPLICIT",
        default = "default_salt_length"
    )]
    salt_length: u8,
}

const fn default_salt_length() -> u8 {
    20
}

fn digest<D: Digest>(message: &[&[u8]]) -> Vec<u8> {
    let mut hash = D::new();
    for part in message {
        hash.update(part);
    }
    hash.finalize().to_vec()
}
