//! SHA-256 (FIPS 180-4): one stream, and four at a time.
//!
//! The compression of one stream is `sha2`'s, with SHA-NI or ARMv8 where the machine has it; in Wasm
//! it is our own. What is around it is here, so that a lane of four and a stream alone are one
//! type, and its state can be saved.

mod lanes;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod stream;
mod vector;

pub use lanes::Sha256x4;

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
use sha2::block_api::compress256 as compress;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use stream::compress;

use crate::state::{Fields, InvalidState, Writer};

/// Bytes in a block.
pub(crate) const BLOCK: usize = 64;

/// The initial hash value (FIPS 180-4 section 5.3.3).
const INITIAL: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// One stream.
#[derive(Clone, Debug)]
pub(crate) struct Sha256 {
    state: [u32; 8],
    /// Bytes so far. The last `length % 64` of them are in `tail`.
    length: u64,
    tail: [u8; BLOCK],
}

impl Sha256 {
    pub(crate) const fn new() -> Self {
        Self {
            state: INITIAL,
            length: 0,
            tail: [0; BLOCK],
        }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        let (blocks, rest) = self.fill(bytes).as_chunks();
        self.blocks(blocks);
        self.keep(rest);
    }

    /// Completes the block that was begun, if there is one. Returns what is left of `bytes`: if
    /// anything is, then no block is begun.
    fn fill<'b>(&mut self, bytes: &'b [u8]) -> &'b [u8] {
        let begun = self.begun();
        if begun == 0 {
            return bytes;
        }
        let (taken, rest) = bytes.split_at(bytes.len().min(BLOCK - begun));
        self.tail[begun..begun + taken.len()].copy_from_slice(taken);
        self.length += taken.len() as u64;
        if self.begun() == 0 {
            compress(&mut self.state, &[self.tail]);
        }
        rest
    }

    /// Takes whole blocks, where none is begun.
    fn blocks(&mut self, blocks: &[[u8; BLOCK]]) {
        compress(&mut self.state, blocks);
        self.length += blocks.as_flattened().len() as u64;
    }

    /// Begins a block with fewer bytes than it holds, where none is begun.
    fn keep(&mut self, rest: &[u8]) {
        self.tail[..rest.len()].copy_from_slice(rest);
        self.length += rest.len() as u64;
    }

    /// How many bytes of the block that was begun are there.
    const fn begun(&self) -> usize {
        (self.length % BLOCK as u64) as usize
    }

    /// The digest: padded as in FIPS 180-4 section 5.1.1.
    pub(crate) fn finish(mut self) -> [u8; 32] {
        let mut blocks = [[0; BLOCK]; 2];
        let begun = self.begun();
        let count = if begun < BLOCK - 8 { 1 } else { 2 };
        let padded = &mut blocks.as_flattened_mut()[..count * BLOCK];
        padded[..begun].copy_from_slice(&self.tail[..begun]);
        padded[begun] = 0x80;
        let bits = self.length.wrapping_mul(8).to_be_bytes();
        padded[count * BLOCK - 8..].copy_from_slice(&bits);
        compress(&mut self.state, &blocks[..count]);
        let mut digest = [0; 32];
        for (bytes, word) in digest.as_chunks_mut().0.iter_mut().zip(self.state) {
            *bytes = word.to_be_bytes();
        }
        digest
    }

    pub(crate) fn save(&self, to: &mut Writer) {
        to.u64(self.length);
        self.state.iter().for_each(|word| to.u32(*word));
        to.bytes(&self.tail[..self.begun()]);
    }

    pub(crate) fn restore(from: &mut Fields<'_>) -> Result<Self, InvalidState> {
        let mut this = Self::new();
        this.length = from.u64()?;
        for word in &mut this.state {
            *word = from.u32()?;
        }
        let begun = this.begun();
        from.fill(&mut this.tail[..begun])?;
        Ok(this)
    }
}
