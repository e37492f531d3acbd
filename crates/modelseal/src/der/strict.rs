//! The rules of DER that need no structure. They count everywhere, or else two readers could differ
//! about what a value says.

use der::{
    Decode, ErrorKind, Reader, SliceReader, Tag, Tagged,
    asn1::{AnyRef, BitStringRef, GeneralizedTime, IntRef, ObjectIdentifier, UtcTime},
};

/// Levels of nesting. A certificate in a token has about 12.
const DEPTH: usize = 24;

/// One value, with nothing after it, that is well-formed.
#[inline(never)]
pub(crate) fn read(der: &[u8]) -> der::Result<AnyRef<'_>> {
    let value = AnyRef::from_der(der)?;
    well_formed(value)?;
    Ok(value)
}

/// Is everything inside canonical (X.690 sections 8, 10 and 11)?
pub(crate) fn well_formed(value: AnyRef<'_>) -> der::Result<()> {
    walk(value, DEPTH)
}

fn walk(value: AnyRef<'_>, depth: usize) -> der::Result<()> {
    let depth = depth.checked_sub(1).ok_or(ErrorKind::Failed)?;
    let tag = value.tag();
    match tag {
        Tag::BitString => bits(value),
        Tag::Boolean => value.decode_as::<bool>().map(drop),
        Tag::GeneralizedTime => value.decode_as::<GeneralizedTime>().map(drop),
        Tag::Integer => value.decode_as::<IntRef<'_>>().map(drop),
        Tag::Null if !value.value().is_empty() => Err(tag.value_error().into()),
        Tag::ObjectIdentifier if !is_minimal(value.value()) => Err(tag.value_error().into()),
        Tag::ObjectIdentifier => value.decode_as::<ObjectIdentifier>().map(drop),
        Tag::UtcTime => value.decode_as::<UtcTime>().map(drop),
        tag if tag.is_constructed() => {
            let mut inner = SliceReader::new(value.value())?;
            let mut last: &[u8] = &[];
            while !inner.is_finished() {
                let encoded = inner.tlv_bytes()?;
                // Section 11.6: the values of a SET OF ascend, and none appears twice.
                if tag == Tag::Set && encoded <= last {
                    return Err(tag.value_error().into());
                }
                last = encoded;
                walk(AnyRef::from_der(encoded)?, depth)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Section 11.2.1: the bits that are not used are zero.
fn bits(value: AnyRef<'_>) -> der::Result<()> {
    let bits: BitStringRef<'_> = value.decode_as()?;
    let last = bits.raw_bytes().last().copied().unwrap_or_default();
    let unused = 0xff_u8.checked_shl(u32::from(bits.unused_bits()));
    match unused {
        Some(used) if last & !used == 0 => Ok(()),
        _ => Err(Tag::BitString.value_error().into()),
    }
}

/// Section 8.19.2: the first octet of an arc is not 0x80.
pub(crate) fn is_minimal(oid: &[u8]) -> bool {
    let mut at_start = true;
    oid.iter().all(|octet| {
        let minimal = !(at_start && *octet == 0x80);
        at_start = *octet < 0x80;
        minimal
    })
}
