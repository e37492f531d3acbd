//! DER in its one canonical form (X.690 section 10).

use alloc::vec::Vec;

use der::{Decode, Encode, Writer, asn1::AnyRef};

use super::strict::has_minimal_oids;

/// Reads `der`, and nothing but its canonical form. Encoding it again shows what the reader let pass:
/// defaults that are written out, sets out of order.
#[inline(never)]
pub(crate) fn decode<T: for<'a> Decode<'a> + Encode>(der: &[u8]) -> Option<T> {
    let value = T::from_der(der).ok()?;
    let canonical = encode(&value).is_ok_and(|encoding| encoding == der);
    (canonical && has_minimal_oids(AnyRef::from_der(der).ok()?)).then_some(value)
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
