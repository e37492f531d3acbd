//! DER in the parts of a timestamp that are not used: what no reader opens has to be read somewhere,
//! or else two readers may differ about what is signed.

use der::{
    Decode, ErrorKind, Reader, SliceReader, Tag, TagNumber, Tagged,
    asn1::{AnyRef, GeneralizedTime, IntRef, ObjectIdentifier, UtcTime},
};

/// Levels of nesting. A certificate in a token has about 12.
const DEPTH: usize = 24;

/// Is everything inside canonical (X.690 sections 8, 10 and 11)?
pub(super) fn well_formed(value: AnyRef<'_>) -> der::Result<()> {
    walk(value, DEPTH)
}

fn walk(value: AnyRef<'_>, depth: usize) -> der::Result<()> {
    let depth = depth.checked_sub(1).ok_or(ErrorKind::Failed)?;
    let tag = value.tag();
    match tag {
        Tag::Boolean => value.decode_as::<bool>().map(drop),
        Tag::GeneralizedTime => value.decode_as::<GeneralizedTime>().map(drop),
        Tag::Integer => value.decode_as::<IntRef<'_>>().map(drop),
        Tag::ObjectIdentifier => value.decode_as::<ObjectIdentifier>().map(drop),
        Tag::UtcTime => value.decode_as::<UtcTime>().map(drop),
        tag if tag.is_constructed() => {
            let mut inner = SliceReader::new(value.value())?;
            let mut last: &[u8] = &[];
            while !inner.is_finished() {
                let encoded = inner.tlv_bytes()?;
                // Section 11.6: the values of a SET OF ascend, and none stands twice.
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

/// `Accuracy` (RFC 3161 section 2.4.2): seconds, millis and micros, each at most once.
pub(super) fn accuracy(value: AnyRef<'_>) -> der::Result<()> {
    let primitive = |number| Tag::ContextSpecific {
        number: TagNumber(number),
        constructed: false,
    };
    let order = [Tag::Integer, primitive(0), primitive(1)];
    let mut rest = order.as_slice();
    let mut fields = SliceReader::new(value.value())?;
    while !fields.is_finished() {
        let field = AnyRef::decode(&mut fields)?;
        let at = rest.iter().position(|tag| *tag == field.tag());
        let after = at.and_then(|at| rest.get(at..)?.split_first());
        rest = after.ok_or_else(|| field.tag().value_error())?.1;
        AnyRef::new(Tag::Integer, field.value())?.decode_as::<IntRef<'_>>()?;
    }
    Ok(())
}
