//! What the tests have in common.
#![allow(dead_code, reason = "each test uses some of it")]

use blake2::Digest as _;
use modelseal_hash::{Algorithm, Digest, FileHasher};

/// Random numbers that are the same each time (xorshift64*).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// Less than `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        ((self.next() >> 11) % limit as u64) as usize
    }

    pub(crate) fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| (self.next() >> 32) as u8).collect()
    }

    /// Cuts `bytes` into chunks of at most `longest`, some of them empty.
    pub(crate) fn cut<'b>(&mut self, mut bytes: &'b [u8], longest: usize) -> Vec<&'b [u8]> {
        let mut chunks = Vec::new();
        while !bytes.is_empty() {
            let (chunk, rest) = bytes.split_at(self.below(longest + 1).min(bytes.len()));
            chunks.push(chunk);
            bytes = rest;
        }
        chunks
    }
}

/// The digest by the crates of RustCrypto and BLAKE3.
pub(crate) fn reference(algorithm: Algorithm, bytes: &[u8]) -> Digest {
    match algorithm {
        Algorithm::Blake2b => Digest::Blake2b(blake2::Blake2b512::digest(bytes).into()),
        Algorithm::Blake3 => Digest::Blake3(blake3::hash(bytes).into()),
        Algorithm::Sha256 => Digest::Sha256(sha2::Sha256::digest(bytes).into()),
    }
}

pub(crate) fn hash(algorithm: Algorithm, chunks: &[&[u8]]) -> Digest {
    let mut hasher = FileHasher::new(algorithm);
    chunks.iter().for_each(|chunk| hasher.update(chunk));
    hasher.finish()
}

/// Every length one below, at and above a multiple of what the algorithms count in.
pub(crate) fn boundaries() -> Vec<usize> {
    let mut lengths = vec![0, 1, 55, 56, 57, 119, 120, 121];
    for unit in [64, 128, 1024, 2048, 4096, 8192, 16384, 65536] {
        for multiple in 1..=9 {
            let length = unit * multiple;
            lengths.extend([length - 1, length, length + 1]);
        }
    }
    lengths.sort_unstable();
    lengths.dedup();
    lengths
}
