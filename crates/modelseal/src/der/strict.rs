//! DER that no typed reader opens: it is walked, or else two readers could differ about what it says.

use der::{
    Decode, ErrorKind, Reader, SliceReader, Tag, Tagged,
    asn1::{AnyRef, GeneralizedTime, IntRef, ObjectIdentifier, UtcTime},
};

/// Levels of nesting. A certificate in a token has about 12.
const DEPTH: usize = 24;

/// Is everything inside canonical (X.690 sections 8, 10 and 11)?
pub(crate) fn well_formed(value: AnyRef<'_>) -> der::Result<()> {
    walk(value, DEPTH)
}

fn walk(value: AnyRef<'_>, depth: usize) -> der::Result<()> {
    let depth = depth.checked_sub(1).ok_or(ErrorKind::Failed)?;
    let tag = value.tag();
    match tag {
        Tag::Boolean => value.decode_as::<bool>().map(drop),
        Tag::GeneralizedTime => value.decode_as::<GeneralizedTime>().map(drop),
        Tag::Integer => value.decode_as::<IntRef<'_>>().map(drop),
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

/// Are all object identifiers inside minimal? The reader takes an arc with superfluous zeros in front
/// and writes it back as it was, so that two encodings would name one object.
pub(super) fn has_minimal_oids(value: AnyRef<'_>) -> bool {
    fn walk(value: AnyRef<'_>, depth: usize) -> der::Result<()> {
        let depth = depth.checked_sub(1).ok_or(ErrorKind::Failed)?;
        if value.tag() == Tag::ObjectIdentifier && !is_minimal(value.value()) {
            return Err(value.tag().value_error().into());
        }
        if !value.tag().is_constructed() {
            return Ok(());
        }
        let mut inner = SliceReader::new(value.value())?;
        while !inner.is_finished() {
            walk(AnyRef::decode(&mut inner)?, depth)?;
        }
        Ok(())
    }
    walk(value, DEPTH).is_ok()
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
