//! Four streams at a time, one in each lane of a vector.

use core::{array, mem};

use super::{
    BLOCK, Sha256,
    vector::{Words, compress},
};
use crate::{Digest, hasher::FileHasher};

/// Hashes four files, or shards, side by side by SHA-256.
///
/// Without instructions for SHA-256, as in Wasm, that takes little longer than to hash one. Where
/// the machine has them, [`FileHasher`] is faster.
///
/// ```
/// use modelseal_hash::Sha256x4;
///
/// let mut lanes = Sha256x4::new();
/// lanes.update([b"a", b"bc", b"", b"d"]);
/// assert!(lanes.finish(1).to_string().starts_with("sha256:"));
/// ```
#[derive(Clone, Debug)]
pub struct Sha256x4([Sha256; 4]);

impl Default for Sha256x4 {
    fn default() -> Self {
        Self::new()
    }
}

impl Sha256x4 {
    /// Four lanes that have seen no bytes.
    pub const fn new() -> Self {
        Self([const { Sha256::new() }; 4])
    }

    /// Takes the next bytes of each lane; none for a lane that rests.
    ///
    /// It goes fastest where all four are of one length: what two lanes or more have in common is
    /// hashed together.
    pub fn update(&mut self, chunks: [&[u8]; 4]) {
        let mut blocks: [&[[u8; BLOCK]]; 4] = [&[]; 4];
        let mut rests: [&[u8]; 4] = [&[]; 4];
        for (lane, chunk) in chunks.into_iter().enumerate() {
            (blocks[lane], rests[lane]) = self.0[lane].fill(chunk).as_chunks();
        }
        while let Some(count) = common(&blocks) {
            self.compress_together(&mut blocks, count);
        }
        for ((lane, blocks), rest) in self.0.iter_mut().zip(blocks).zip(rests) {
            lane.blocks(blocks);
            lane.keep(rest);
        }
    }

    /// Takes the next `count` blocks of every lane that has any.
    fn compress_together(&mut self, blocks: &mut [&[[u8; BLOCK]]; 4], count: usize) {
        let busy = blocks.map(|blocks| !blocks.is_empty());
        let Some(any) = busy.iter().position(|busy| *busy) else {
            return;
        };
        // A lane that rests works on another's blocks, in vain.
        let inputs = array::from_fn(|lane| &blocks[if busy[lane] { lane } else { any }][..count]);
        let mut states = self.0.each_ref().map(|lane| lane.state);
        compress::<Words>(&mut states, inputs);
        for lane in (0..4).filter(|lane| busy[*lane]) {
            self.0[lane].state = states[lane];
            self.0[lane].length += (count * BLOCK) as u64;
            blocks[lane] = &blocks[lane][count..];
        }
    }

    /// The digest of all bytes of `lane`, which begins anew. Lanes are counted modulo 4.
    pub fn finish(&mut self, lane: usize) -> Digest {
        let stream = mem::replace(&mut self.0[lane % 4], Sha256::new());
        Digest::Sha256(stream.finish())
    }

    /// Swaps `lane` with `hasher`: a stream moves into a lane, or out of one to go on alone. `false`, and
    /// nothing changes, if `hasher` is not of SHA-256.
    pub const fn swap(&mut self, lane: usize, hasher: &mut FileHasher) -> bool {
        let Some(stream) = hasher.sha256_mut() else {
            return false;
        };
        mem::swap(&mut self.0[lane % 4], stream);
        true
    }
}

/// How many blocks the lanes that have any have in common. `None` if it is fewer than two lanes:
/// a block alone is faster on its own.
fn common(blocks: &[&[[u8; BLOCK]]; 4]) -> Option<usize> {
    let lengths = blocks.iter().map(|blocks| blocks.len());
    let busy = lengths.filter(|length| *length > 0);
    if busy.clone().count() < 2 {
        return None;
    }
    busy.min()
}
