//! RSA, for the signatures of certificates.

use der::{Decode, Reader, SliceReader, asn1::UintRef};
use rsa::{BoxedUint, Pkcs1v15Sign, Pss, RsaPublicKey};
use sha2::{Sha256, Sha384, Sha512};

use super::Hash;
use crate::error::Error;

/// Bits of a modulus. Under 2048 is too weak; over 8192 only costs time.
const BITS: core::ops::RangeInclusive<usize> = 2048..=8192;

/// Octets of the largest modulus, and of the largest exponent that `rsa` takes (2^33 - 1).
const MAX_MODULUS: usize = 1024;
const MAX_EXPONENT: usize = 5;

/// Reads an `RSAPublicKey` (RFC 8017 appendix A.1.1).
pub(super) fn decode(der: &[u8]) -> Result<RsaPublicKey, Error> {
    let read = || -> der::Result<(UintRef<'_>, UintRef<'_>)> {
        let mut reader = SliceReader::new(der)?;
        let key = reader.sequence(|fields| {
            Ok::<_, der::Error>((UintRef::decode(fields)?, UintRef::decode(fields)?))
        })?;
        reader.finish()?;
        Ok(key)
    };
    let (modulus, exponent) = read().map_err(|_| Error::KeyInvalid)?;
    let (modulus, exponent) = (modulus.as_bytes(), exponent.as_bytes());
    if modulus.len() > MAX_MODULUS || exponent.len() > MAX_EXPONENT {
        return Err(Error::KeyUnsupported);
    }
    RsaPublicKey::new_with_size_limits(number(modulus)?, number(exponent)?, BITS)
        .map_err(|_| Error::KeyUnsupported)
}

/// RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2.2).
pub(super) fn verify_pkcs1(
    key: &RsaPublicKey,
    hash: Hash,
    digest: &[u8],
    signature: &[u8],
) -> bool {
    let scheme = Pkcs1v15Sign {
        hash_len: Some(digest.len()),
        prefix: hash.digest_info_prefix().into(),
    };
    key.verify(scheme, digest, signature).is_ok()
}

/// RSASSA-PSS (RFC 8017 section 8.1.2), MGF1 with the same hash.
pub(super) fn verify_pss(
    key: &RsaPublicKey,
    hash: Hash,
    salt: usize,
    digest: &[u8],
    signature: &[u8],
) -> bool {
    match hash {
        Hash::Sha256 => key.verify(Pss::<Sha256>::new_with_salt(salt), digest, signature),
        Hash::Sha384 => key.verify(Pss::<Sha384>::new_with_salt(salt), digest, signature),
        Hash::Sha512 => key.verify(Pss::<Sha512>::new_with_salt(salt), digest, signature),
    }
    .is_ok()
}

fn number(bytes: &[u8]) -> Result<BoxedUint, Error> {
    let bits = u32::try_from(bytes.len())
        .ok()
        .and_then(|octets| octets.checked_mul(8));
    BoxedUint::from_be_slice(bytes, bits.ok_or(Error::KeyInvalid)?).map_err(|_| Error::KeyInvalid)
}
