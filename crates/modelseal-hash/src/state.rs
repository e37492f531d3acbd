//! The saved state of a hasher: versioned, bounded, and with a check sum.
//!
//! `modelseal-hash`, the version, the algorithm, its fields in little-endian order, and the first
//! eight bytes of SHA-256 over all that. The check sum finds damage, not malice: whoever may change
//! a saved state may as well name another digest.

use alloc::vec::Vec;
use core::fmt;

use crate::{Algorithm, sha256::Sha256};

const MAGIC: &[u8; 14] = b"modelseal-hash";
const VERSION: u8 = 1;
const SUM: usize = 8;

/// The longest state is BLAKE3's: 54 levels of 32 bytes, and a chunk.
const LIMIT: usize = 4096;

/// Bytes that are no state of this version: damaged, foreign, or of another version.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct InvalidState;

impl fmt::Display for InvalidState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this is no saved state of a hasher, or one of another version")
    }
}

impl core::error::Error for InvalidState {}

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

    pub(crate) fn finish(mut self) -> Vec<u8> {
        let sum = check_sum(&self.0);
        self.bytes(&sum);
        self.0
    }
}

/// The fields of a state that are still to be read.
pub(crate) struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    /// Checks the frame. The algorithm's fields follow.
    pub(crate) fn open(state: &'a [u8]) -> Result<(Algorithm, Self), InvalidState> {
        if state.len() > LIMIT {
            return Err(InvalidState);
        }
        let (framed, sum) = state.split_last_chunk::<SUM>().ok_or(InvalidState)?;
        if check_sum(framed) != *sum {
            return Err(InvalidState);
        }
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

fn check_sum(bytes: &[u8]) -> [u8; SUM] {
    let mut hasher = Sha256::new();
    hasher.update(bytes);
    let digest = hasher.finish();
    core::array::from_fn(|at| digest[at])
}
