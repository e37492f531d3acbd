//! DER in its one canonical form (X.690 section 10).

use alloc::vec::Vec;

use der::{Decode, Encode, Writer};

/// Reads `der`, and nothing but its canonical form. Encoding it again shows what the reader let pass:
/// defaults that are written out, sets out of order.
#[inline(never)]
pub(crate) fn decode<T: for<'a> Decode<'a> + Encode>(der: &[u8]) -> Option<T> {
    T::from_der(der)
        .ok()
        .filter(|value| encode(value).is_ok_and(|encoding| encoding == der))
}

/// The encoding of `value`. `Encode::to_der` does the same: it takes the length beforehand, and 3 kB
/// more of gzipped Wasm.
#[inline(never)]
pub(crate) fn encode<T: Encode>(value: &T) -> der::Result<Vec<u8>> {
    let mut encoding = Encoding(Vec::new());
    value.encode(&mut encoding)?;
    Ok(encoding.0)
}

struct Encoding(Vec<u8>);

impl Writer for Encoding {
    fn write(&mut self, octets: &[u8]) -> der::Result<()> {
        self.0.extend_from_slice(octets);
        Ok(())
    }
}
