//! RSA, for the signatures of certificates and over artifacts (RFC 8017).
//!
//! The public operation alone, on big numbers of `num-bigint`: all of it is public, so nothing must take
//! the same time.

use alloc::vec::Vec;

use der::{Decode as _, Tag, asn1::AnyRef};
use num_bigint::BigUint;

use super::Hash;
use crate::{der::Fields, error::Error, file_kind::FileKind};

/// Bits of a modulus. Under 2048 is too weak; over 8192 only costs time.
const BITS: core::ops::RangeInclusive<u64> = 2048..=8192;

/// Bits of an exponent. With 1 nothing would be signed; larger ones only cost time.
const EXPONENT_BITS: core::ops::RangeInclusive<u64> = 2..=33;

/// Octets of a modulus or an exponent that are read at all.
const MAX_OCTETS: usize = 1024;

const MALFORMED: Error = Error::KeyInvalid {
    found: FileKind::OtherKey,
};

const UNSUPPORTED: Error = Error::KeyUnsupported {
    found: FileKind::OtherKey,
};

/// A public key whose modulus and exponent are odd and of an accepted size.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct RsaKey {
    modulus: BigUint,
    exponent: BigUint,
}

impl RsaKey {
    /// Reads an `RSAPublicKey` (RFC 8017 appendix A.1.1).
    pub(super) fn decode(der: &[u8]) -> Result<Self, Error> {
        let read = || -> der::Result<[&[u8]; 2]> {
            let mut fields = Fields::of(AnyRef::from_der(der)?, Tag::Sequence)?;
            let key = [fields.unsigned()?, fields.unsigned()?];
            fields.finish()?;
            Ok(key)
        };
        let [modulus, exponent] = read().map_err(|_| MALFORMED)?;
        if modulus.len() > MAX_OCTETS || exponent.len() > MAX_OCTETS {
            return Err(UNSUPPORTED);
        }
        let modulus = BigUint::from_bytes_be(modulus);
        let exponent = BigUint::from_bytes_be(exponent);
        // Section 3.1: a product of odd primes, and an exponent without a common factor with what is even.
        let odd = modulus.bit(0) && exponent.bit(0);
        let sizes = BITS.contains(&modulus.bits()) && EXPONENT_BITS.contains(&exponent.bits());
        if odd && sizes {
            Ok(Self { modulus, exponent })
        } else {
            Err(UNSUPPORTED)
        }
    }

    /// RSASSA-PKCS1-v1_5 (section 8.2.2): the encoded message is made again, and compared as a whole.
    pub(super) fn verify_pkcs1(&self, hash: Hash, digest: &[u8], signature: &[u8]) -> bool {
        let expected = || {
            let info = [hash.digest_info_prefix(), digest].concat();
            let padding = self.octets().checked_sub(info.len())?.checked_sub(3)?;
            // Section 9.2: at least eight octets of padding. The smallest modulus has more.
            let head = [&[0, 1], vec_of(0xff, padding).as_slice(), &[0]].concat();
            Some([head, info].concat())
        };
        let message = self.message(signature);
        message.is_some() && message == expected()
    }

    /// RSASSA-PSS (section 8.1.2), MGF1 with the same hash. Without a length, the salt may have any.
    pub(super) fn verify_pss(
        &self,
        hash: Hash,
        salt: Option<usize>,
        digest: &[u8],
        signature: &[u8],
    ) -> bool {
        let message = self.message(signature);
        let valid = message.and_then(|message| self.pss(hash, salt, digest, &message));
        valid.unwrap_or(false)
    }

    /// EMSA-PSS-VERIFY (section 9.1.2); `None` for an encoding that is inconsistent.
    fn pss(&self, hash: Hash, salt: Option<usize>, digest: &[u8], message: &[u8]) -> Option<bool> {
        // The encoded message has one bit less than the modulus, and so perhaps one octet less.
        let bits = self.modulus.bits().checked_sub(1)?;
        let unused = u32::try_from(bits.next_multiple_of(8).checked_sub(bits)?).ok()?;
        let octets = usize::try_from(bits.div_ceil(8)).ok()?;
        let (above, encoded) = message.split_at_checked(message.len().checked_sub(octets)?)?;
        let (encoded, trailer) = encoded.split_at_checked(octets.checked_sub(1)?)?;
        let (masked, h) = encoded.split_at_checked(encoded.len().checked_sub(digest.len())?)?;
        let outside = !0xff_u8.checked_shr(unused)?;
        if above.iter().any(|octet| *octet != 0)
            || trailer != [0xbc]
            || masked.first()? & outside != 0
        {
            return None;
        }
        let mask = mgf1(hash, h, masked.len())?;
        let mut db: Vec<u8> = masked.iter().zip(&mask).map(|(a, b)| a ^ b).collect();
        *db.first_mut()? &= !outside;
        // Step 10: zeros, one 1, and the salt. Of a salt of any length, the first 1 is the mark.
        let padded = match salt {
            Some(salt) => db.len().checked_sub(salt)?,
            None => db.iter().position(|octet| *octet != 0)?.checked_add(1)?,
        };
        let (padding, salt) = db.split_at_checked(padded)?;
        let (one, zeros) = padding.split_last()?;
        if *one != 1 || zeros.iter().any(|octet| *octet != 0) {
            return None;
        }
        Some(hash.digest(&[&[0; 8], digest, salt]) == h)
    }

    /// RSAVP1 and I2OSP (sections 5.2.2 and 4.1): the octets that were signed.
    fn message(&self, signature: &[u8]) -> Option<Vec<u8>> {
        let number = BigUint::from_bytes_be(signature);
        if signature.len() != self.octets() || number >= self.modulus {
            return None;
        }
        let octets = number.modpow(&self.exponent, &self.modulus).to_bytes_be();
        let zeros = vec_of(0, self.octets().checked_sub(octets.len())?);
        Some([zeros, octets].concat())
    }

    /// The length of the modulus, and of a signature.
    pub(super) fn octets(&self) -> usize {
        usize::try_from(self.modulus.bits().div_ceil(8)).unwrap_or(usize::MAX)
    }
}

/// The mask generation function of appendix B.2.1.
fn mgf1(hash: Hash, seed: &[u8], length: usize) -> Option<Vec<u8>> {
    let mut mask = Vec::new();
    let mut counter = 0_u32;
    while mask.len() < length {
        mask.extend(hash.digest(&[seed, &counter.to_be_bytes()]));
        counter = counter.checked_add(1)?;
    }
    mask.truncate(length);
    Some(mask)
}

fn vec_of(octet: u8, count: usize) -> Vec<u8> {
    core::iter::repeat_n(octet, count).collect()
}
