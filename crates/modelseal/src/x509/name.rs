//! Names, as they are written (RFC 5280 sections 4.1.2.4 and 4.2.1.6).

use alloc::{string::String, vec::Vec};

use der::{
    Decode as _, Tag, Tagged as _,
    asn1::{AnyRef, ObjectIdentifier},
};

use crate::der::{Fields, constructed, error, expect, explicit, is_minimal, primitive};

/// A distinguished name (RFC 5280 section 4.1.2.4).
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Name {
    der: Vec<u8>,
    parts: Vec<Vec<Attribute>>,
}

/// One attribute of a name: its type and its value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Attribute {
    pub(super) oid: ObjectIdentifier,
    /// With its tag and length.
    value: Vec<u8>,
}

impl Name {
    /// Reads `RDNSequence`. It may be empty; none of its sets is.
    #[inline(never)]
    pub(crate) fn read(encoded: &[u8]) -> der::Result<Self> {
        let mut sequence = Fields::of(AnyRef::from_der(encoded)?, Tag::Sequence)?;
        let mut parts = Vec::new();
        while !sequence.is_finished() {
            let set = Fields::of(sequence.any()?, Tag::Set)?;
            parts.push(set.each(Attribute::read)?);
        }
        Ok(Self {
            der: encoded.into(),
            parts,
        })
    }

    /// The name as it is written.
    pub(super) fn der(&self) -> &[u8] {
        &self.der
    }

    /// Has it no attribute?
    pub(super) const fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Its relative distinguished names, the most general first.
    pub(super) fn parts(&self) -> &[Vec<Attribute>] {
        &self.parts
    }

    /// The attributes of all its parts.
    pub(super) fn attributes(&self) -> impl Iterator<Item = &Attribute> {
        self.parts.iter().flatten()
    }
}

impl Attribute {
    fn read(value: AnyRef<'_>) -> der::Result<Self> {
        let mut fields = Fields::of(value, Tag::Sequence)?;
        let oid = fields.oid()?;
        let value = fields.encoded()?.into();
        fields.finish()?;
        Ok(Self { oid, value })
    }

    /// The value with its tag and length.
    pub(super) fn encoded(&self) -> &[u8] {
        &self.value
    }

    /// The string, where it is of a string type that is also UTF-8.
    pub(super) fn text(&self) -> Option<&str> {
        let value = AnyRef::from_der(&self.value).ok()?;
        match value.tag() {
            Tag::Ia5String | Tag::PrintableString | Tag::Utf8String => {
                core::str::from_utf8(value.value()).ok()
            }
            _ => None,
        }
    }
}

/// A name of one of several forms (RFC 5280 section 4.2.1.6).
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum GeneralName {
    /// Its type, and its value with tag and length.
    Other(ObjectIdentifier, Vec<u8>),
    Mailbox(String),
    Dns(String),
    Directory(Name),
    EdiParty,
    Uri(String),
    Address(Vec<u8>),
    RegisteredId,
}

impl GeneralName {
    /// Reads a name. One of the form x400Address is an error: nothing uses it.
    #[inline(never)]
    pub(crate) fn read(name: AnyRef<'_>) -> der::Result<Self> {
        const OTHER: Tag = constructed(0);
        const MAILBOX: Tag = primitive(1);
        const DNS: Tag = primitive(2);
        const DIRECTORY: Tag = constructed(4);
        const EDI_PARTY: Tag = constructed(5);
        const URI: Tag = primitive(6);
        const ADDRESS: Tag = primitive(7);
        const REGISTERED_ID: Tag = primitive(8);
        Ok(match name.tag() {
            OTHER => {
                let mut fields = Fields::of(name, OTHER)?;
                let oid = fields.oid()?;
                let value = fields.any()?;
                fields.finish()?;
                explicit(value, 0)?;
                Self::Other(oid, value.value().into())
            }
            MAILBOX => Self::Mailbox(ascii(name)?),
            DNS => Self::Dns(ascii(name)?),
            DIRECTORY => Self::Directory(Name::read(name.value())?),
            EDI_PARTY => {
                let mut fields = Fields::of(name, EDI_PARTY)?;
                fields.optional(constructed(0))?;
                explicit(fields.any()?, 1)?;
                fields.finish()?;
                Self::EdiParty
            }
            URI => Self::Uri(ascii(name)?),
            ADDRESS => Self::Address(name.value().into()),
            REGISTERED_ID => {
                expect(is_minimal(name.value()))?;
                AnyRef::new(Tag::ObjectIdentifier, name.value())?
                    .decode_as::<ObjectIdentifier>()?;
                Self::RegisteredId
            }
            _ => return Err(error()),
        })
    }

    /// Reads `GeneralNames`: at least one.
    pub(super) fn read_all(names: AnyRef<'_>, tag: Tag) -> der::Result<Vec<Self>> {
        Fields::of(names, tag)?.each(Self::read)
    }
}

/// An `IA5String`: ASCII.
#[inline(never)]
fn ascii(value: AnyRef<'_>) -> der::Result<String> {
    expect(value.value().is_ascii())?;
    let text = core::str::from_utf8(value.value()).map_err(|_| error())?;
    Ok(text.into())
}
