//! What the kernels for Wasm have in common.

#![allow(unsafe_code, reason = "a vector load takes a pointer")]

use core::arch::wasm32::{v128, v128_load};

/// One load. Put together from words it would be taken apart again by the compiler, and the shuffles
/// after it would become inserts of single words.
#[inline(always)]
pub(crate) fn load(bytes: &[u8; 16]) -> v128 {
    // SAFETY: the reference is to 16 bytes that can be read, and `v128.load` asks for no
    // alignment.
    unsafe { v128_load(bytes.as_ptr().cast()) }
}
