//! The compression of one stream in Wasm (FIPS 180-4 section 6.2.2): the schedule four words at a
//! time, while plain words go through the rounds.

use core::arch::wasm32::{
    u8x16_shuffle, u32x4_add, u32x4_extract_lane, u32x4_shl, u32x4_shr, u32x4_shuffle, u64x2,
    u64x2_shr, v128, v128_or, v128_xor,
};

use super::{BLOCK, vector::K};
use crate::simd128::load;

/// The constants as they lie in memory, four at a time.
static CONSTANTS: [[u8; 16]; 16] = {
    let mut constants = [[0; 16]; 16];
    let mut at = 0;
    while at < 64 {
        let bytes = K[at].to_le_bytes();
        let mut byte = 0;
        while byte < 4 {
            constants[at / 4][at % 4 * 4 + byte] = bytes[byte];
            byte += 1;
        }
        at += 1;
    }
    constants
};

/// Compresses `blocks`, one after the other.
#[allow(
    clippy::needless_range_loop,
    reason = "by iterators the vectors go to memory and back: 12% slower in V8"
)]
pub(super) fn compress(state: &mut [u32; 8], blocks: &[[u8; BLOCK]]) {
    // Known constants would be put together from pieces for each block: loads are faster.
    let constants = core::hint::black_box(&CONSTANTS);
    for block in blocks {
        let mut s = *state;
        let (rows, _) = block.as_chunks::<16>();
        let mut words: [v128; 4] = core::array::from_fn(|row| swap_bytes(load(&rows[row])));
        let mut sums: [v128; 4] =
            core::array::from_fn(|row| u32x4_add(words[row], load(&constants[row])));
        for quarter in 1..4 {
            for row in 0..4 {
                let next = four_words(&mut words, load(&constants[4 * quarter + row]));
                four_rounds(&mut s, sums[row]);
                sums[row] = next;
            }
        }
        for row in 0..4 {
            four_rounds(&mut s, sums[row]);
        }
        for (state, s) in state.iter_mut().zip(s) {
            *state = state.wrapping_add(s);
        }
    }
}

#[inline(always)]
fn swap_bytes(x: v128) -> v128 {
    u8x16_shuffle::<3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12>(x, x)
}

/// The next four words of the schedule, of which `words` are the last sixteen, with their constants.
#[inline(always)]
fn four_words(words: &mut [v128; 4], constants: v128) -> v128 {
    let [w0, w4, w8, w12] = *words;
    let w1 = u32x4_shuffle::<1, 2, 3, 4>(w0, w4);
    let w9 = u32x4_shuffle::<1, 2, 3, 4>(w8, w12);
    let sum = u32x4_add(u32x4_add(w0, w9), small_sigma0(w1));
    // Of the four two are made of the other two.
    let sum = u32x4_add(sum, small_sigma1::<false>(w12));
    let next = u32x4_add(sum, small_sigma1::<true>(sum));
    *words = [w4, w8, w12, next];
    u32x4_add(next, constants)
}

#[inline(always)]
fn small_sigma0(x: v128) -> v128 {
    let rotr7 = v128_or(u32x4_shr(x, 7), u32x4_shl(x, 25));
    let rotr18 = v128_or(u32x4_shr(x, 18), u32x4_shl(x, 14));
    v128_xor(v128_xor(rotr7, rotr18), u32x4_shr(x, 3))
}

/// Of the upper two words for the lower two, or the other way round; zero for the rest. A word that
/// appears twice in 64 bits is rotated by a shift.
#[inline(always)]
fn small_sigma1<const UPPER: bool>(x: v128) -> v128 {
    const ZERO: v128 = u64x2(0, 0);
    let twice = if UPPER {
        u32x4_shuffle::<0, 0, 1, 1>(x, x)
    } else {
        u32x4_shuffle::<2, 2, 3, 3>(x, x)
    };
    let rotated = v128_xor(u64x2_shr(twice, 17), u64x2_shr(twice, 19));
    let sigma = v128_xor(rotated, u32x4_shr(twice, 10));
    if UPPER {
        u32x4_shuffle::<4, 5, 0, 2>(sigma, ZERO)
    } else {
        u32x4_shuffle::<0, 2, 4, 5>(sigma, ZERO)
    }
}

#[inline(always)]
fn four_rounds(s: &mut [u32; 8], sums: v128) {
    round(s, u32x4_extract_lane::<0>(sums));
    round(s, u32x4_extract_lane::<1>(sums));
    round(s, u32x4_extract_lane::<2>(sums));
    round(s, u32x4_extract_lane::<3>(sums));
}

/// `sum` is a word of the schedule and its constant.
#[inline(always)]
fn round(s: &mut [u32; 8], sum: u32) {
    let [a, b, c, d, e, f, g, h] = *s;
    let choose = ((f ^ g) & e) ^ g;
    let majority = ((a ^ b) & (b ^ c)) ^ b;
    let sigma1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
    // One within the other: fewer copies of a word, and more to wait for. What waits for the new `e` is
    // what all else waits for; `a` has time.
    let sigma0 = ((a.rotate_right(9) ^ a).rotate_right(11) ^ a).rotate_right(2);
    let t = h
        .wrapping_add(sum)
        .wrapping_add(choose)
        .wrapping_add(sigma1);
    *s = [
        t.wrapping_add(majority).wrapping_add(sigma0),
        a,
        b,
        c,
        d.wrapping_add(t),
        e,
        f,
        g,
    ];
}
