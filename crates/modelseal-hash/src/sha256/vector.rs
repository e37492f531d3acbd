//! The compression of four blocks at a time (FIPS 180-4 section 6.2.2), over vectors of four words.

use super::BLOCK;

/// Four words, one of each lane.
pub(super) trait Vector: Copy {
    fn splat(word: u32) -> Self;
    fn new(words: [u32; 4]) -> Self;
    fn words(self) -> [u32; 4];
    fn add(self, other: Self) -> Self;
    fn and(self, other: Self) -> Self;
    fn xor(self, other: Self) -> Self;
    fn shl<const BITS: u32>(self) -> Self;
    fn shr<const BITS: u32>(self) -> Self;
    fn or(self, other: Self) -> Self;

    /// Sixteen bytes of each lane, as four big-endian words of all lanes.
    fn transpose(rows: [&[u8; 16]; 4]) -> [Self; 4];

    /// `BACK` is 32 less `BITS`: a stable compiler cannot work it out.
    #[inline(always)]
    fn rotr<const BITS: u32, const BACK: u32>(self) -> Self {
        self.shr::<BITS>().or(self.shl::<BACK>())
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub(super) use portable::Words;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(super) use simd128::Words;

/// The constants of FIPS 180-4 section 4.2.2.
#[rustfmt::skip]
pub(super) const K: [u32; 64] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
];

/// Compresses as many blocks of each lane as all of them have.
///
/// In two passes, the schedule and then the rounds: in one, there are more vectors at hand than a
/// machine has registers for.
pub(super) fn compress<V: Vector>(states: &mut [[u32; 8]; 4], blocks: [&[[u8; BLOCK]]; 4]) {
    let mut state: [V; 8] =
        core::array::from_fn(|word| V::new(core::array::from_fn(|lane| states[lane][word])));
    let [a, b, c, d] = blocks;
    for (((a, b), c), d) in a.iter().zip(b).zip(c).zip(d) {
        block(&mut state, [a, b, c, d]);
    }
    for (word, lanes) in state.iter().enumerate() {
        for (lane, value) in lanes.words().into_iter().enumerate() {
            states[lane][word] = value;
        }
    }
}

#[inline(always)]
fn block<V: Vector>(state: &mut [V; 8], blocks: [&[u8; BLOCK]; 4]) {
    let rows = blocks.map(|block| block.as_chunks::<16>().0);
    let mut w = [V::splat(0); 64];
    for (quarter, words) in w[..16].as_chunks_mut::<4>().0.iter_mut().enumerate() {
        *words = V::transpose(rows.map(|row| &row[quarter]));
    }
    for start in (0..48).step_by(8) {
        eight_words(&mut w, start);
    }
    let mut s = *state;
    let (constants, _) = K.as_chunks::<8>();
    for (words, constants) in w.as_chunks::<8>().0.iter().zip(constants) {
        eight_rounds(&mut s, words, constants);
    }
    for (state, s) in state.iter_mut().zip(s) {
        *state = state.add(s);
    }
}

/// The words of the schedule from `start + 16` on. Written out, as the rounds are: a loop was 13%
/// slower in V8.
#[inline(always)]
fn eight_words<V: Vector>(w: &mut [V; 64], start: usize) {
    macro_rules! words {
        ($($i:literal)*) => {$(
            let t = start + 16 + $i;
            let sum = w[t - 16].add(small_sigma0(w[t - 15])).add(w[t - 7]);
            w[t] = sum.add(small_sigma1(w[t - 2]));
        )*};
    }
    words!(0 1 2 3 4 5 6 7);
}

/// After eight rounds, each word of the state is back in its place.
#[inline(always)]
fn eight_rounds<V: Vector>(s: &mut [V; 8], w: &[V; 8], k: &[u32; 8]) {
    macro_rules! rounds {
        ($($i:literal)*) => {$(
            round(s, w[$i], V::splat(k[$i]));
        )*};
    }
    rounds!(0 1 2 3 4 5 6 7);
}

#[inline(always)]
fn round<V: Vector>(s: &mut [V; 8], word: V, constant: V) {
    let [a, b, c, d, e, f, g, h] = *s;
    let choose = f.xor(g).and(e).xor(g);
    let majority = a.xor(b).and(b.xor(c)).xor(b);
    let t = h.add(word.add(constant)).add(choose).add(big_sigma1(e));
    *s = [
        t.add(majority).add(big_sigma0(a)),
        a,
        b,
        c,
        d.add(t),
        e,
        f,
        g,
    ];
}

#[inline(always)]
fn big_sigma0<V: Vector>(x: V) -> V {
    x.rotr::<2, 30>()
        .xor(x.rotr::<13, 19>())
        .xor(x.rotr::<22, 10>())
}

#[inline(always)]
fn big_sigma1<V: Vector>(x: V) -> V {
    x.rotr::<6, 26>()
        .xor(x.rotr::<11, 21>())
        .xor(x.rotr::<25, 7>())
}

#[inline(always)]
fn small_sigma0<V: Vector>(x: V) -> V {
    x.rotr::<7, 25>().xor(x.rotr::<18, 14>()).xor(x.shr::<3>())
}

#[inline(always)]
fn small_sigma1<V: Vector>(x: V) -> V {
    x.rotr::<17, 15>()
        .xor(x.rotr::<19, 13>())
        .xor(x.shr::<10>())
}

/// Four plain words: what is not Wasm, and the tests, run the same kernel over these.
#[cfg(any(test, not(all(target_arch = "wasm32", target_feature = "simd128"))))]
mod portable {
    use core::array::from_fn;

    use super::Vector;

    #[derive(Clone, Copy)]
    pub(crate) struct Words([u32; 4]);

    impl Vector for Words {
        fn splat(word: u32) -> Self {
            Self([word; 4])
        }

        fn new(words: [u32; 4]) -> Self {
            Self(words)
        }

        fn words(self) -> [u32; 4] {
            self.0
        }

        fn add(self, other: Self) -> Self {
            Self(from_fn(|lane| self.0[lane].wrapping_add(other.0[lane])))
        }

        fn and(self, other: Self) -> Self {
            Self(from_fn(|lane| self.0[lane] & other.0[lane]))
        }

        fn or(self, other: Self) -> Self {
            Self(from_fn(|lane| self.0[lane] | other.0[lane]))
        }

        fn xor(self, other: Self) -> Self {
            Self(from_fn(|lane| self.0[lane] ^ other.0[lane]))
        }

        fn shl<const BITS: u32>(self) -> Self {
            Self(self.0.map(|word| word << BITS))
        }

        fn shr<const BITS: u32>(self) -> Self {
            Self(self.0.map(|word| word >> BITS))
        }

        fn transpose(rows: [&[u8; 16]; 4]) -> [Self; 4] {
            let rows = rows.map(|row| row.as_chunks::<4>().0);
            from_fn(|word| Self(rows.map(|row| u32::from_be_bytes(row[word]))))
        }
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128 {
    use core::arch::wasm32::{
        u8x16_shuffle, u32x4, u32x4_add, u32x4_extract_lane, u32x4_shl, u32x4_shr, u32x4_shuffle,
        u32x4_splat, v128, v128_and, v128_or, v128_xor,
    };

    use super::Vector;
    use crate::simd128::load;

    #[derive(Clone, Copy)]
    pub(crate) struct Words(v128);

    impl Vector for Words {
        #[inline(always)]
        fn splat(word: u32) -> Self {
            Self(u32x4_splat(word))
        }

        #[inline(always)]
        fn new([a, b, c, d]: [u32; 4]) -> Self {
            Self(u32x4(a, b, c, d))
        }

        #[inline(always)]
        fn words(self) -> [u32; 4] {
            [
                u32x4_extract_lane::<0>(self.0),
                u32x4_extract_lane::<1>(self.0),
                u32x4_extract_lane::<2>(self.0),
                u32x4_extract_lane::<3>(self.0),
            ]
        }

        #[inline(always)]
        fn add(self, other: Self) -> Self {
            Self(u32x4_add(self.0, other.0))
        }

        #[inline(always)]
        fn and(self, other: Self) -> Self {
            Self(v128_and(self.0, other.0))
        }

        #[inline(always)]
        fn or(self, other: Self) -> Self {
            Self(v128_or(self.0, other.0))
        }

        #[inline(always)]
        fn xor(self, other: Self) -> Self {
            Self(v128_xor(self.0, other.0))
        }

        #[inline(always)]
        fn shl<const BITS: u32>(self) -> Self {
            Self(u32x4_shl(self.0, BITS))
        }

        #[inline(always)]
        fn shr<const BITS: u32>(self) -> Self {
            Self(u32x4_shr(self.0, BITS))
        }

        #[inline(always)]
        fn transpose(rows: [&[u8; 16]; 4]) -> [Self; 4] {
            let [a, b, c, d] = rows.map(|row| swap_bytes(load(row)));
            let ab = [
                u32x4_shuffle::<0, 4, 1, 5>(a, b),
                u32x4_shuffle::<2, 6, 3, 7>(a, b),
            ];
            let cd = [
                u32x4_shuffle::<0, 4, 1, 5>(c, d),
                u32x4_shuffle::<2, 6, 3, 7>(c, d),
            ];
            [
                Self(u32x4_shuffle::<0, 1, 4, 5>(ab[0], cd[0])),
                Self(u32x4_shuffle::<2, 3, 6, 7>(ab[0], cd[0])),
                Self(u32x4_shuffle::<0, 1, 4, 5>(ab[1], cd[1])),
                Self(u32x4_shuffle::<2, 3, 6, 7>(ab[1], cd[1])),
            ]
        }
    }

    #[inline(always)]
    fn swap_bytes(x: v128) -> v128 {
        u8x16_shuffle::<3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12>(x, x)
    }
}
