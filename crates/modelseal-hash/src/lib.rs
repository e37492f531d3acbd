#![doc = include_str!("../README.md")]
#![no_std]
// The one crate that may hold unsafe code: allowed where it is, with its reason.
#![deny(unsafe_code)]

extern crate alloc;

mod blake2b;
mod blake3;
mod hasher;
mod sha256;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128;
mod state;

use core::fmt;

pub use blake3::{blake3_merge, blake3_subtree};
pub use hasher::FileHasher;
pub use sha256::Sha256x4;
pub use state::{InvalidState, StateKey};

/// A digest algorithm that an OMS manifest may name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Algorithm {
    /// BLAKE2b with a digest of 64 bytes, without a key (RFC 7693).
    Blake2b,
    /// BLAKE3 with a digest of 32 bytes, without a key.
    Blake3,
    /// SHA-256 (FIPS 180-4).
    Sha256,
}

impl Algorithm {
    /// Every algorithm, by name.
    pub const ALL: [Self; 3] = [Self::Blake2b, Self::Blake3, Self::Sha256];

    /// The algorithm that OMS calls `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|this| this.name() == name)
    }

    /// The name that OMS uses, in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Blake2b => "blake2b",
            Self::Blake3 => "blake3",
            Self::Sha256 => "sha256",
        }
    }

    /// The length of a digest in bytes.
    pub const fn digest_len(self) -> usize {
        match self {
            Self::Blake2b => 64,
            Self::Blake3 | Self::Sha256 => 32,
        }
    }
}

/// A digest with its algorithm. Shown as `sha256:<lower-case hex>`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Digest {
    /// A digest by [`Algorithm::Blake2b`].
    Blake2b([u8; 64]),
    /// A digest by [`Algorithm::Blake3`].
    Blake3([u8; 32]),
    /// A digest by [`Algorithm::Sha256`].
    Sha256([u8; 32]),
}

impl Digest {
    /// Reads a digest of `algorithm` in lower-case hex; `None` for any other text.
    pub fn from_hex(algorithm: Algorithm, hex: &str) -> Option<Self> {
        Some(match algorithm {
            Algorithm::Blake2b => Self::Blake2b(decode_hex(hex)?),
            Algorithm::Blake3 => Self::Blake3(decode_hex(hex)?),
            Algorithm::Sha256 => Self::Sha256(decode_hex(hex)?),
        })
    }

    /// A digest of `algorithm` from its raw bytes; `None` for any other length.
    pub fn from_bytes(algorithm: Algorithm, bytes: &[u8]) -> Option<Self> {
        Some(match algorithm {
            Algorithm::Blake2b => Self::Blake2b(bytes.try_into().ok()?),
            Algorithm::Blake3 => Self::Blake3(bytes.try_into().ok()?),
            Algorithm::Sha256 => Self::Sha256(bytes.try_into().ok()?),
        })
    }

    /// The algorithm that made the digest.
    pub const fn algorithm(&self) -> Algorithm {
        match self {
            Self::Blake2b(_) => Algorithm::Blake2b,
            Self::Blake3(_) => Algorithm::Blake3,
            Self::Sha256(_) => Algorithm::Sha256,
        }
    }

    /// The raw bytes.
    pub const fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Blake2b(bytes) => bytes,
            Self::Blake3(bytes) | Self::Sha256(bytes) => bytes,
        }
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.algorithm().name(), Hex(self.as_bytes()))
    }
}

/// Shows bytes as lower-case hex.
#[derive(Clone, Copy, Debug)]
pub struct Hex<'a>(pub &'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Decodes exactly `N` bytes of lower-case hex (in-toto DigestSet: lower case).
pub fn decode_hex<const N: usize>(hex: &str) -> Option<[u8; N]> {
    let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
    if pairs.len() != N || !rest.is_empty() {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = (nibble(*high)? << 4) | nibble(*low)?;
    }
    Some(bytes)
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::string::ToString;

    use super::*;

    #[test]
    fn hex_is_lower_case_and_of_full_length() {
        assert_eq!(decode_hex("00ff"), Some([0, 255]));
        for text in ["00FF", "00f", "00ff0", "00fff0", "", "0g00", "00f\u{e9}"] {
            assert_eq!(decode_hex::<2>(text), None, "{text}");
        }
        let digest = Digest::Sha256([7; 32]).to_string();
        assert_eq!(digest, std::format!("sha256:{}", "07".repeat(32)));
    }
}
