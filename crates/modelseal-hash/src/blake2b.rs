//! BLAKE2b with a digest of 64 bytes, without a key (RFC 7693).

mod pair;

use pair::{Pair, Words};

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

/// Compresses `blocks`, of which the first comes after `before` bytes.
fn compress(state: &mut [u64; 8], blocks: &[[u8; BLOCK]], before: u64, last: bool) {
    compress_with::<Words>(state, blocks, before, last);
}

/// The compression function F (RFC 7693 section 3.2), over pairs of words.
///
/// The sixteen words of the working vector are the four rows of a square, of two pairs each. A round
/// mixes its four columns at once, and then its four diagonals, for which the rows are turned.
fn compress_with<P: Pair>(state: &mut [u64; 8], blocks: &[[u8; BLOCK]], before: u64, last: bool) {
    let pair = |words: &[u64; 8], at: usize| P::new(words[at], words[at + 1]);
    let mut h = [0, 2, 4, 6].map(|at| pair(state, at));
    let iv = [0, 2, 4, 6].map(|at| pair(&IV, at));
    let mut counter = before;
    let last = if last { u64::MAX } else { 0 };
    for block in blocks {
        counter = counter.wrapping_add(BLOCK as u64);
        let mut v = Square {
            a: [h[0], h[1]],
            b: [h[2], h[3]],
            c: [iv[0], iv[1]],
            d: [iv[2].xor(P::new(counter, 0)), iv[3].xor(P::new(last, 0))],
        };
        v.rounds(&P::load(block));
        h[0] = h[0].xor(v.a[0]).xor(v.c[0]);
        h[1] = h[1].xor(v.a[1]).xor(v.c[1]);
        h[2] = h[2].xor(v.b[0]).xor(v.d[0]);
        h[3] = h[3].xor(v.b[1]).xor(v.d[1]);
    }
    for (words, pair) in state.as_chunks_mut().0.iter_mut().zip(h) {
        *words = pair.words();
    }
}

/// The working vector.
struct Square<P> {
    a: [P; 2],
    b: [P; 2],
    c: [P; 2],
    d: [P; 2],
}

impl<P: Pair> Square<P> {
    /// The twelve rounds. The numbers are SIGMA (RFC 7693 section 2.7).
    #[inline(always)]
    fn rounds(&mut self, m: &P::Message) {
        macro_rules! rounds {
            ($($a:literal $b:literal $c:literal $d:literal $e:literal $f:literal $g:literal $h:literal
               $i:literal $j:literal $k:literal $l:literal $m:literal $n:literal $o:literal $p:literal)*) => {$(
                self.mix(
                    [P::pick::<$a, $c>(m), P::pick::<$e, $g>(m)],
                    [P::pick::<$b, $d>(m), P::pick::<$f, $h>(m)],
                );
                self.turn();
                self.mix(
                    [P::pick::<$i, $k>(m), P::pick::<$m, $o>(m)],
                    [P::pick::<$j, $l>(m), P::pick::<$n, $p>(m)],
                );
                self.turn_back();
            )*};
        }
        rounds! {
            0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15
            14 10 4 8 9 15 13 6 1 12 0 2 11 7 5 3
            11 8 12 0 5 2 15 13 10 14 3 6 7 1 9 4
            7 9 3 1 13 12 11 14 2 6 5 10 4 0 15 8
            9 0 5 7 2 4 10 15 14 1 11 12 6 8 3 13
            2 12 6 10 0 11 8 3 4 13 7 5 15 14 1 9
            12 5 1 15 14 13 4 10 0 7 6 3 9 2 8 11
            13 11 7 14 12 1 3 9 5 0 15 4 8 6 2 10
            6 15 14 9 11 3 0 8 12 2 13 7 1 4 10 5
            10 2 8 4 7 6 1 5 15 11 9 14 3 12 13 0
            0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15
            14 10 4 8 9 15 13 6 1 12 0 2 11 7 5 3
        }
    }

    /// The mixing function G (RFC 7693 section 3.1) on all four columns.
    #[inline(always)]
    fn mix(&mut self, x: [P; 2], y: [P; 2]) {
        let Self { a, b, c, d } = self;
        for i in [0, 1] {
            a[i] = a[i].add(b[i]).add(x[i]);
            d[i] = d[i].xor(a[i]).rotr32();
            c[i] = c[i].add(d[i]);
            b[i] = b[i].xor(c[i]).rotr24();
        }
        for i in [0, 1] {
            a[i] = a[i].add(b[i]).add(y[i]);
            d[i] = d[i].xor(a[i]).rotr16();
            c[i] = c[i].add(d[i]);
            b[i] = b[i].xor(c[i]).rotr63();
        }
    }

    /// Puts the diagonals where the columns are.
    #[inline(always)]
    fn turn(&mut self) {
        let Self { b, c, d, .. } = self;
        *b = [P::across(b[0], b[1]), P::across(b[1], b[0])];
        *c = [c[1], c[0]];
        *d = [P::across(d[1], d[0]), P::across(d[0], d[1])];
    }

    #[inline(always)]
    fn turn_back(&mut self) {
        let Self { b, c, d, .. } = self;
        *b = [P::across(b[1], b[0]), P::across(b[0], b[1])];
        *c = [c[1], c[0]];
        *d = [P::across(d[0], d[1]), P::across(d[1], d[0])];
    }
}
