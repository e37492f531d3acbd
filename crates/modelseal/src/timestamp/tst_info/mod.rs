//! `TSTInfo` (RFC 3161 section 2.4.2): what an authority states.

use alloc::vec::Vec;

use der::{
    Decode, Reader, SliceReader, Tag, TagNumber, Tagged,
    asn1::{AnyRef, ContextSpecific, IntRef, ObjectIdentifier, OctetStringRef},
};
use spki::AlgorithmIdentifierRef;
use x509_cert::ext::{Extension, pkix::name::GeneralName};

use crate::{der::well_formed, error::Error, keys::Hash, time::UnixTime};

/// What is used of a `TSTInfo`.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct TstInfo {
    pub(super) hash: Hash,
    pub(super) imprint: Vec<u8>,
    /// Parts of a second are cut off.
    pub(super) at: UnixTime,
}

impl TstInfo {
    pub(super) fn read(der: &[u8], index: usize) -> Result<Self, Error> {
        let fields = read_fields(der).map_err(|_| Error::TimestampInvalid { index })?;
        let (imprint, at, critical) = fields;
        if critical {
            return Err(Error::TimestampExtensionCritical { index });
        }
        let (algorithm, digest) = imprint;
        let hash = Hash::read(&algorithm).ok_or(Error::TimestampAlgorithmUnsupported { index })?;
        Ok(Self {
            hash,
            imprint: digest.to_vec(),
            at,
        })
    }
}

type Imprint<'a> = (AlgorithmIdentifierRef<'a>, &'a [u8]);

/// The imprint, the time, and whether there is a critical extension: none is understood.
fn read_fields(der: &[u8]) -> der::Result<(Imprint<'_>, UnixTime, bool)> {
    let info = AnyRef::from_der(der)?;
    info.tag().assert_eq(Tag::Sequence)?;
    let mut reader = SliceReader::new(info.value())?;
    let fields = &mut reader;
    // Version 1 is the only one.
    if u8::decode(fields)? != 1 {
        return Err(Tag::Integer.value_error().into());
    }
    // The trust root decides, not the authority's policy.
    <ObjectIdentifier>::decode(fields)?;
    let imprint = read_imprint(AnyRef::decode(fields)?)?;
    IntRef::decode(fields)?; // serialNumber
    let at = general_time(AnyRef::decode(fields)?)?;
    let mut critical = false;
    let mut last = 0;
    while !fields.is_finished() {
        let encoded = fields.tlv_bytes()?;
        let field = AnyRef::from_der(encoded)?;
        well_formed(field)?;
        let tag = field.tag();
        let order = match tag {
            Tag::Sequence => {
                accuracy(field)?;
                1
            }
            Tag::Boolean => 2, // ordering
            Tag::Integer => 3, // nonce
            Tag::ContextSpecific {
                number: TagNumber(0),
                constructed: true,
            } => {
                GeneralName::from_der(field.value())?; // tsa
                4
            }
            Tag::ContextSpecific {
                number: TagNumber(1),
                constructed: true,
            } => {
                let extensions = extensions(encoded)?;
                critical = extensions.iter().any(|extension| extension.critical);
                5
            }
            other => return Err(other.value_error().into()),
        };
        // Each at most once, in this order.
        if order <= last {
            return Err(tag.value_error().into());
        }
        last = order;
    }
    Ok((imprint, at, critical))
}

/// `Accuracy` (RFC 3161 section 2.4.2): seconds, millis and micros, each at most once.
fn accuracy(value: AnyRef<'_>) -> der::Result<()> {
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

fn read_imprint(imprint: AnyRef<'_>) -> der::Result<Imprint<'_>> {
    imprint.tag().assert_eq(Tag::Sequence)?;
    let mut reader = SliceReader::new(imprint.value())?;
    let algorithm = AlgorithmIdentifierRef::decode(&mut reader)?;
    let digest = <&OctetStringRef>::decode(&mut reader)?.as_bytes();
    reader.finish()?;
    Ok((algorithm, digest))
}

fn extensions(encoded: &[u8]) -> der::Result<Vec<Extension>> {
    let mut reader = SliceReader::new(encoded)?;
    let extensions = ContextSpecific::decode_implicit(&mut reader, TagNumber(1))?
        .ok_or_else(|| Tag::Sequence.value_error())?;
    Ok(extensions.value)
}

/// `GeneralizedTime` in UTC, with parts of a second that do not end with a zero.
fn general_time(time: AnyRef<'_>) -> der::Result<UnixTime> {
    let invalid = || Tag::GeneralizedTime.value_error();
    time.tag().assert_eq(Tag::GeneralizedTime)?;
    let text = core::str::from_utf8(time.value()).map_err(|_| invalid())?;
    let text = text.strip_suffix('Z').ok_or_else(invalid)?;
    let (whole, parts) = text.split_at_checked(14).ok_or_else(invalid)?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let fraction = match parts.strip_prefix('.') {
        Some(parts) => !parts.is_empty() && digits(parts) && !parts.ends_with('0'),
        None => parts.is_empty(),
    };
    let part = |range| whole.get(range).filter(|part| digits(part));
    let parts = (|| {
        let date = [part(0..4)?, part(4..6)?, part(6..8)?].join("-");
        let time = [part(8..10)?, part(10..12)?, part(12..14)?].join(":");
        UnixTime::from_rfc3339(&[&date, "T", &time, "Z"].concat())
    })();
    parts.filter(|_| fraction).ok_or_else(|| invalid().into())
}

#[cfg(test)]
mod tests;
