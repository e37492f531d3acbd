//! `TSTInfo` (RFC 3161 section 2.4.2): what an authority states.

use alloc::vec::Vec;

use der::{
    Decode as _, Tag, Tagged as _,
    asn1::{AnyRef, IntRef},
};

use crate::{
    der::{Fields, constructed, expect, primitive, well_formed},
    error::Error,
    keys::{AlgorithmIdentifier, Hash},
    time::UnixTime,
    x509::{Extension, GeneralName},
};

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

type Imprint<'a> = (AlgorithmIdentifier, &'a [u8]);

/// The imprint, the time, and whether there is a critical extension: none is understood.
fn read_fields(der: &[u8]) -> der::Result<(Imprint<'_>, UnixTime, bool)> {
    let mut fields = Fields::of(AnyRef::from_der(der)?, Tag::Sequence)?;
    // Version 1 is the only one.
    expect(fields.number()? == 1)?;
    // The trust root decides, not the authority's policy.
    fields.oid()?;
    let imprint = read_imprint(fields.sequence()?)?;
    fields.any()?.decode_as::<IntRef<'_>>()?; // serialNumber
    let at = general_time(fields.any()?)?;
    let mut critical = false;
    let mut last = 0;
    while !fields.is_finished() {
        let field = fields.any()?;
        well_formed(field)?;
        let tag = field.tag();
        let order = match tag {
            Tag::Sequence => {
                accuracy(field)?;
                1
            }
            Tag::Boolean => 2, // ordering
            Tag::Integer => 3, // nonce
            tag if tag == constructed(0) => {
                GeneralName::read(AnyRef::from_der(field.value())?)?; // tsa
                4
            }
            tag if tag == constructed(1) => {
                let extensions = Fields::of(field, tag)?.each(Extension::read)?;
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
    let order = [Tag::Integer, primitive(0), primitive(1)];
    let mut rest = order.as_slice();
    let mut fields = Fields::of(value, Tag::Sequence)?;
    while !fields.is_finished() {
        let field = fields.any()?;
        let at = rest.iter().position(|tag| *tag == field.tag());
        let after = at.and_then(|at| rest.get(at..)?.split_first());
        rest = after.ok_or_else(|| field.tag().value_error())?.1;
        AnyRef::new(Tag::Integer, field.value())?.decode_as::<IntRef<'_>>()?;
    }
    Ok(())
}

fn read_imprint(mut imprint: Fields<'_>) -> der::Result<Imprint<'_>> {
    let algorithm = AlgorithmIdentifier::read(imprint.any()?)?;
    let digest = imprint.octets()?;
    imprint.finish()?;
    Ok((algorithm, digest))
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
