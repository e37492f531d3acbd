//! BLAKE2b with a digest of 64 bytes, without a key (RFC 7693).

use core::array;

use crate::state::{Fields, InvalidState, Writer};

/// Bytes in a block.
const BLOCK: usize = 128;

/// The initialization vector (RFC 7693 section 2.6).
const IV: [u64; 8] = [
    0x6a09_e667_f3bc_c908,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1,
    0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b,
    0x5be0_cd19_137e_2179,
];

/// The parameter block's first word (RFC 7693 section 2.5): fan-out 1, depth 1, no key, 64 bytes.
const PARAMETERS: u64 = 0x0101_0040;

/// One stream.
#[derive(Clone, Debug)]
pub(crate) struct Blake2b {
    state: [u64; 8],
    /// Bytes so far.
    length: u64,
    /// The last block that was begun. It stays here when it is full: the last one of all is special.
    tail: [u8; BLOCK],
}

impl Blake2b {
    pub(crate) fn new() -> Self {
        let mut state = IV;
        state[0] ^= PARAMETERS;
        Self {
            state,
            length: 0,
            tail: [0; BLOCK],
        }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        let bytes = self.fill(bytes);
        // The last block is held back, whole or not.
        let held = bytes.len().saturating_sub(1) / BLOCK * BLOCK;
        let (whole, rest) = bytes.split_at(held);
        compress(&mut self.state, whole.as_chunks().0, self.length, false);
        self.length += bytes.len() as u64;
        self.tail[..rest.len()].copy_from_slice(rest);
    }

    /// Completes the block that was begun, and compresses it if more follows.
    fn fill<'b>(&mut self, bytes: &'b [u8]) -> &'b [u8] {
        let begun = self.begun();
        if begun == 0 {
            return bytes;
        }
        let (taken, rest) = bytes.split_at(bytes.len().min(BLOCK - begun));
        self.tail[begun..begun + taken.len()].copy_from_slice(taken);
        if !rest.is_empty() {
            let before = self.length - begun as u64;
            compress(&mut self.state, &[self.tail], before, false);
        }
        self.length += taken.len() as u64;
        rest
    }

    /// How many bytes of the last block are there: none only at the very beginning.
    const fn begun(&self) -> usize {
        match (self.length % BLOCK as u64) as usize {
            0 if self.length > 0 => BLOCK,
            begun => begun,
        }
    }

    pub(crate) fn finish(mut self) -> [u8; 64] {
        let begun = self.begun();
        self.tail[begun..].fill(0);
        // The counter is of true bytes, without the padding.
        let before = self.length.wrapping_sub(BLOCK as u64);
        compress(&mut self.state, &[self.tail], before, true);
        let mut digest = [0; 64];
        for (bytes, word) in digest.as_chunks_mut().0.iter_mut().zip(self.state) {
            *bytes = word.to_le_bytes();
        }
        digest
    }

    pub(crate) fn save(&self, to: &mut Writer) {
        to.u64(self.length);
        self.state.iter().for_each(|word| to.u64(*word));
        to.bytes(&self.tail[..self.begun()]);
    }

    pub(crate) fn restore(from: &mut Fields<'_>) -> Result<Self, InvalidState> {
        let mut this = Self::new();
        this.length = from.u64()?;
        for word in &mut this.state {
            *word = from.u64()?;
        }
        let begun = this.begun();
        from.fill(&mut this.tail[..begun])?;
        Ok(this)
    }
}

/// The words of a block in the order of each round (RFC 7693 section 2.7): SIGMA.
const SIGMA: [[usize; 16]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
    [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
    [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
    [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
    [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];

/// Compresses `blocks`, of which the first comes after `before` bytes, by the function F (RFC 7693
/// section 3.2).
///
/// On plain words of 64 bits, in Wasm as well: pairs of them in a v128 took longer in V8, which
/// has no rotation of vectors.
fn compress(state: &mut [u64; 8], blocks: &[[u8; BLOCK]], before: u64, last: bool) {
    let mut counter = before;
    for block in blocks {
        counter = counter.wrapping_add(BLOCK as u64);
        let mut v = [0; 16];
        v[..8].copy_from_slice(state);
        v[8..].copy_from_slice(&IV);
        v[12] ^= counter;
        if last {
            v[14] = !v[14];
        }
        let (words, _) = block.as_chunks::<8>();
        rounds(&mut v, &array::from_fn(|at| u64::from_le_bytes(words[at])));
        for (at, word) in state.iter_mut().enumerate() {
            *word ^= v[at] ^ v[at + 8];
        }
    }
}

/// The twelve rounds, written out: the places of all words are known then.
#[inline(always)]
fn rounds(v: &mut [u64; 16], m: &[u64; 16]) {
    macro_rules! round {
        ($($number:literal)*) => {$(
            let s = const { &SIGMA[$number % 10] };
            mix(v, [0, 4, 8, 12], m[s[0]], m[s[1]]);
            mix(v, [1, 5, 9, 13], m[s[2]], m[s[3]]);
            mix(v, [2, 6, 10, 14], m[s[4]], m[s[5]]);
            mix(v, [3, 7, 11, 15], m[s[6]], m[s[7]]);
            mix(v, [0, 5, 10, 15], m[s[8]], m[s[9]]);
            mix(v, [1, 6, 11, 12], m[s[10]], m[s[11]]);
            mix(v, [2, 7, 8, 13], m[s[12]], m[s[13]]);
            mix(v, [3, 4, 9, 14], m[s[14]], m[s[15]]);
        )*};
    }
    round!(0 1 2 3 4 5 6 7 8 9 10 11);
}

/// The mixing function G (RFC 7693 section 3.1).
#[inline(always)]
const fn mix(v: &mut [u64; 16], [a, b, c, d]: [usize; 4], x: u64, y: u64) {
    v[a] = v[a].wrapping_add(x).wrapping_add(v[b]);
    v[d] = (v[d] ^ v[a]).rotate_right(32);
    v[c] = v[c].wrapping_add(v[d]);
    v[b] = (v[b] ^ v[c]).rotate_right(24);
    v[a] = v[a].wrapping_add(y).wrapping_add(v[b]);
    v[d] = (v[d] ^ v[a]).rotate_right(16);
    v[c] = v[c].wrapping_add(v[d]);
    v[b] = (v[b] ^ v[c]).rotate_right(63);
}
