//! The fields of DER, one after the other. Readers of structures take them one by one: a derived reader
//! would accept more than is meant, and costs ten times the Wasm.

use alloc::vec::Vec;

use der::{
    Decode, ErrorKind, Reader, SliceReader, Tag, TagNumber, Tagged,
    asn1::{AnyRef, ObjectIdentifier, OctetStringRef, UintRef},
};

/// The fields of a constructed value.
pub(crate) struct Fields<'a>(SliceReader<'a>);

impl<'a> Fields<'a> {
    /// The fields of `value`, which must have this tag.
    pub(crate) fn of(value: AnyRef<'a>, tag: Tag) -> der::Result<Self> {
        value.tag().assert_eq(tag)?;
        SliceReader::new(value.value()).map(Self)
    }

    /// The next field.
    #[inline(never)]
    pub(crate) fn any(&mut self) -> der::Result<AnyRef<'a>> {
        AnyRef::decode(&mut self.0)
    }

    /// The next field, as it is written.
    #[inline(never)]
    pub(crate) fn encoded(&mut self) -> der::Result<&'a [u8]> {
        self.0.tlv_bytes()
    }

    /// The next field, if it has this tag.
    #[inline(never)]
    pub(crate) fn optional(&mut self, tag: Tag) -> der::Result<Option<AnyRef<'a>>> {
        if self.0.is_finished() || Tag::peek(&self.0)? != tag {
            return Ok(None);
        }
        self.any().map(Some)
    }

    /// The next field, which must be a SEQUENCE.
    pub(crate) fn sequence(&mut self) -> der::Result<Self> {
        Self::of(self.any()?, Tag::Sequence)
    }

    /// The next field, which must be an object identifier.
    #[inline(never)]
    pub(crate) fn oid(&mut self) -> der::Result<ObjectIdentifier> {
        self.any()?.decode_as()
    }

    /// The next field, which must be an octet string.
    #[inline(never)]
    pub(crate) fn octets(&mut self) -> der::Result<&'a [u8]> {
        let octets: &OctetStringRef = self.any()?.decode_as()?;
        Ok(octets.as_bytes())
    }

    /// The next field, which must be an integer that a `u32` can hold.
    #[inline(never)]
    pub(crate) fn number(&mut self) -> der::Result<u32> {
        self.any()?.decode_as()
    }

    /// The next field, which must be an integer that is not negative: its octets, big endian, without
    /// zeros in front.
    #[inline(never)]
    pub(crate) fn unsigned(&mut self) -> der::Result<&'a [u8]> {
        let number: UintRef<'a> = self.any()?.decode_as()?;
        Ok(number.as_bytes())
    }

    /// Are there no more?
    pub(crate) fn is_finished(&self) -> bool {
        self.0.is_finished()
    }

    /// There must be no more.
    pub(crate) fn finish(self) -> der::Result<()> {
        self.0.finish()
    }

    /// What `read` makes of each field; there must be at least one.
    pub(crate) fn each<T>(
        mut self,
        read: impl Fn(AnyRef<'a>) -> der::Result<T>,
    ) -> der::Result<Vec<T>> {
        let mut items = Vec::new();
        loop {
            items.push(read(self.any()?)?);
            if self.is_finished() {
                return Ok(items);
            }
        }
    }
}

/// The value inside `[number] EXPLICIT`.
pub(crate) fn explicit(value: AnyRef<'_>, number: u32) -> der::Result<AnyRef<'_>> {
    value.tag().assert_eq(constructed(number))?;
    AnyRef::from_der(value.value())
}

/// The tag `[number]` of a constructed value.
pub(crate) const fn constructed(number: u32) -> Tag {
    Tag::ContextSpecific {
        number: TagNumber(number),
        constructed: true,
    }
}

/// The tag `[number]` of a primitive value.
pub(crate) const fn primitive(number: u32) -> Tag {
    Tag::ContextSpecific {
        number: TagNumber(number),
        constructed: false,
    }
}

/// An error unless it `holds`.
pub(crate) fn expect(holds: bool) -> der::Result<()> {
    if holds { Ok(()) } else { Err(error()) }
}

/// What is not as the structure has it.
pub(crate) fn error() -> der::Error {
    ErrorKind::Failed.into()
}
