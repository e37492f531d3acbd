//! Pairs of words: a v128 in Wasm, two plain words elsewhere.

use super::BLOCK;

/// Two words of 64 bits.
pub(super) trait Pair: Copy {
    /// The sixteen words of a block.
    type Message;

    fn load(block: &[u8; BLOCK]) -> Self::Message;
    /// The words numbered `LOW` and `HIGH` of a block.
    fn pick<const LOW: usize, const HIGH: usize>(message: &Self::Message) -> Self;

    fn new(low: u64, high: u64) -> Self;
    fn words(self) -> [u64; 2];
    fn add(self, other: Self) -> Self;
    fn xor(self, other: Self) -> Self;
    fn rotr16(self) -> Self;
    fn rotr24(self) -> Self;
    fn rotr32(self) -> Self;
    fn rotr63(self) -> Self;
    /// The high word of `first`, then the low word of `second`.
    fn across(first: Self, second: Self) -> Self;
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub(super) use portable::Words;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(super) use simd128::Words;

/// Two plain words: what is not Wasm runs the same kernel over these.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod portable {
    use super::{BLOCK, Pair};

    #[derive(Clone, Copy)]
    pub(crate) struct Words([u64; 2]);

    impl Words {
        #[inline(always)]
        fn rotr<const BITS: u32>(self) -> Self {
            Self(self.0.map(|word| word.rotate_right(BITS)))
        }
    }

    impl Pair for Words {
        type Message = [u64; 16];

        #[inline(always)]
        fn load(block: &[u8; BLOCK]) -> [u64; 16] {
            let (words, _) = block.as_chunks::<8>();
            core::array::from_fn(|at| u64::from_le_bytes(words[at]))
        }

        #[inline(always)]
        fn pick<const LOW: usize, const HIGH: usize>(message: &[u64; 16]) -> Self {
            Self([message[LOW], message[HIGH]])
        }

        #[inline(always)]
        fn new(low: u64, high: u64) -> Self {
            Self([low, high])
        }

        #[inline(always)]
        fn words(self) -> [u64; 2] {
            self.0
        }

        #[inline(always)]
        fn add(self, other: Self) -> Self {
            Self([
                self.0[0].wrapping_add(other.0[0]),
                self.0[1].wrapping_add(other.0[1]),
            ])
        }

        #[inline(always)]
        fn xor(self, other: Self) -> Self {
            Self([self.0[0] ^ other.0[0], self.0[1] ^ other.0[1]])
        }

        #[inline(always)]
        fn rotr16(self) -> Self {
            self.rotr::<16>()
        }

        #[inline(always)]
        fn rotr24(self) -> Self {
            self.rotr::<24>()
        }

        #[inline(always)]
        fn rotr32(self) -> Self {
            self.rotr::<32>()
        }

        #[inline(always)]
        fn rotr63(self) -> Self {
            self.rotr::<63>()
        }

        #[inline(always)]
        fn across(first: Self, second: Self) -> Self {
            Self([first.0[1], second.0[0]])
        }
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128 {
    use core::arch::wasm32::{
        i64x2_add, u8x16_shuffle, u32x4_shuffle, u64x2, u64x2_extract_lane, u64x2_shr,
        u64x2_shuffle, v128, v128_or, v128_xor,
    };

    use super::{BLOCK, Pair};

    #[derive(Clone, Copy)]
    pub(crate) struct Words(v128);

    impl Pair for Words {
        type Message = [u64; 16];

        #[inline(always)]
        fn load(block: &[u8; BLOCK]) -> [u64; 16] {
            let (words, _) = block.as_chunks::<8>();
            core::array::from_fn(|at| u64::from_le_bytes(words[at]))
        }

        #[inline(always)]
        fn pick<const LOW: usize, const HIGH: usize>(message: &[u64; 16]) -> Self {
            Self(u64x2(message[LOW], message[HIGH]))
        }

        #[inline(always)]
        fn new(low: u64, high: u64) -> Self {
            Self(u64x2(low, high))
        }

        #[inline(always)]
        fn words(self) -> [u64; 2] {
            [
                u64x2_extract_lane::<0>(self.0),
                u64x2_extract_lane::<1>(self.0),
            ]
        }

        #[inline(always)]
        fn add(self, other: Self) -> Self {
            Self(i64x2_add(self.0, other.0))
        }

        #[inline(always)]
        fn xor(self, other: Self) -> Self {
            Self(v128_xor(self.0, other.0))
        }

        #[inline(always)]
        fn rotr16(self) -> Self {
            Self(u8x16_shuffle::<
                2,
                3,
                4,
                5,
                6,
                7,
                0,
                1,
                10,
                11,
                12,
                13,
                14,
                15,
                8,
                9,
            >(self.0, self.0))
        }

        #[inline(always)]
        fn rotr24(self) -> Self {
            Self(u8x16_shuffle::<
                3,
                4,
                5,
                6,
                7,
                0,
                1,
                2,
                11,
                12,
                13,
                14,
                15,
                8,
                9,
                10,
            >(self.0, self.0))
        }

        #[inline(always)]
        fn rotr32(self) -> Self {
            Self(u32x4_shuffle::<1, 0, 3, 2>(self.0, self.0))
        }

        #[inline(always)]
        fn rotr63(self) -> Self {
            Self(v128_or(u64x2_shr(self.0, 63), i64x2_add(self.0, self.0)))
        }

        #[inline(always)]
        fn across(first: Self, second: Self) -> Self {
            Self(u64x2_shuffle::<1, 2>(first.0, second.0))
        }
    }
}
