//! The saved state of a hasher: versioned, bounded, and authenticated.
//!
//! `modelseal-hash`, the version, the algorithm, its fields in little-endian order, and HMAC-SHA-256
//! (RFC 2104) by the caller's key. The HMAC is over the length of the context, the context, and all
//! that comes before it in the state. A state replaces bytes that are not hashed again: who
//! could make one up could pass any file off as the signed one.

use alloc::vec::Vec;
use core::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::Algorithm;

const MAGIC: &[u8; 14] = b"modelseal-hash";
const VERSION: u8 = 2;
const TAG: usize = 32;

/// The longest state is BLAKE3's: 54 levels of 32 bytes, and a chunk.
const LIMIT: usize = 4096;

/// Bytes that are not a state of this version, saved by this key in this context.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct InvalidState;

impl fmt::Display for InvalidState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "this is not a saved state of a hasher, or it is of another version, key or context",
        )
    }
}

impl core::error::Error for InvalidState {}

/// The caller's own key, under which states are saved and restored.
#[derive(Clone)]
pub struct StateKey(Hmac<Sha256>);

impl StateKey {
    /// The least length of a key in bytes: that of the digest (RFC 2104 section 3).
    pub const LEAST: usize = 32;

    /// A key of at least [`Self::LEAST`] bytes, which should be random; `None` for a shorter one.
    pub fn new(key: &[u8]) -> Option<Self> {
        if key.len() < Self::LEAST {
            return None;
        }
        Hmac::new_from_slice(key).ok().map(Self)
    }

    fn authenticate(&self, context: &[u8], framed: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        mac.update(&(context.len() as u64).to_le_bytes());
        mac.update(context);
        mac.update(framed);
        mac
    }
}

impl fmt::Debug for StateKey {
    /// Without the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StateKey(..)")
    }
}

/// Writes a state.
pub(crate) struct Writer(Vec<u8>);

impl Writer {
    pub(crate) fn new(algorithm: Algorithm) -> Self {
        let mut this = Self(Vec::with_capacity(256));
        this.bytes(MAGIC);
        this.bytes(&[VERSION, code(algorithm)]);
        this
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    pub(crate) fn u16(&mut self, value: u16) {
        self.bytes(&value.to_le_bytes());
    }

    pub(crate) fn u32(&mut self, value: u32) {
        self.bytes(&value.to_le_bytes());
    }

    pub(crate) fn u64(&mut self, value: u64) {
        self.bytes(&value.to_le_bytes());
    }

    pub(crate) fn finish(mut self, key: &StateKey, context: &[u8]) -> Vec<u8> {
        let tag = key.authenticate(context, &self.0).finalize().into_bytes();
        self.bytes(&tag);
        self.0
    }
}

/// The fields of a state that are still to be read.
pub(crate) struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    /// Checks the HMAC, and what comes before the algorithm's fields. These follow.
    pub(crate) fn open(
        state: &'a [u8],
        key: &StateKey,
        context: &[u8],
    ) -> Result<(Algorithm, Self), InvalidState> {
        if state.len() > LIMIT {
            return Err(InvalidState);
        }
        let (framed, tag) = state.split_last_chunk::<TAG>().ok_or(InvalidState)?;
        // In constant time.
        let authentic = key.authenticate(context, framed).verify_slice(tag);
        authentic.map_err(|_| InvalidState)?;
        let mut fields = Self(framed);
        if fields.take::<14>()? != *MAGIC || fields.u8()? != VERSION {
            return Err(InvalidState);
        }
        let wanted = fields.u8()?;
        let algorithm = Algorithm::ALL
            .into_iter()
            .find(|algorithm| code(*algorithm) == wanted);
        Ok((algorithm.ok_or(InvalidState)?, fields))
    }

    pub(crate) fn take<const N: usize>(&mut self) -> Result<[u8; N], InvalidState> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(InvalidState)?;
        self.0 = rest;
        Ok(*taken)
    }

    pub(crate) fn fill(&mut self, to: &mut [u8]) -> Result<(), InvalidState> {
        let (taken, rest) = self.0.split_at_checked(to.len()).ok_or(InvalidState)?;
        to.copy_from_slice(taken);
        self.0 = rest;
        Ok(())
    }

    fn u8(&mut self) -> Result<u8, InvalidState> {
        self.take().map(u8::from_le_bytes)
    }

    pub(crate) fn u16(&mut self) -> Result<u16, InvalidState> {
        self.take().map(u16::from_le_bytes)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, InvalidState> {
        self.take().map(u32::from_le_bytes)
    }

    pub(crate) fn u64(&mut self) -> Result<u64, InvalidState> {
        self.take().map(u64::from_le_bytes)
    }

    /// Refuses what is left over.
    pub(crate) fn end(self) -> Result<(), InvalidState> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(InvalidState)
        }
    }
}

/// Part of the format: a number once given stays.
const fn code(algorithm: Algorithm) -> u8 {
    match algorithm {
        Algorithm::Sha256 => 1,
        Algorithm::Blake2b => 2,
        Algorithm::Blake3 => 3,
    }
}
