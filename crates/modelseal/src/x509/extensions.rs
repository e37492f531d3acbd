//! The extensions that a path is checked with (RFC 5280 section 4.2).

use alloc::vec::Vec;

use const_oid::db::rfc5280::{
    ID_CE_AUTHORITY_KEY_IDENTIFIER, ID_CE_BASIC_CONSTRAINTS, ID_CE_EXT_KEY_USAGE,
    ID_CE_INHIBIT_ANY_POLICY, ID_CE_KEY_USAGE, ID_CE_NAME_CONSTRAINTS, ID_CE_POLICY_CONSTRAINTS,
    ID_CE_SUBJECT_ALT_NAME, ID_CE_SUBJECT_KEY_IDENTIFIER, ID_PE_AUTHORITY_INFO_ACCESS,
};
use der::{
    Tag,
    asn1::{AnyRef, BitStringRef, IntRef, ObjectIdentifier, OctetStringRef},
};

use super::{
    constraints::NameConstraints,
    name::{GeneralName, Name},
    names,
};
use crate::{
    der::{Fields, constructed, expect, primitive, read},
    error::Error,
};

/// Extensions of one certificate. Real ones have about 10, Fulcio's 30.
const MAX_EXTENSIONS: usize = 64;

/// SignedCertificateTimestampList (RFC 6962 section 3.3).
pub(super) const SCT_LIST: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.3.6.1.4.1.11129.2.4.2");

/// The arc of what Fulcio says of a signer.
const FULCIO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.57264.1");

/// One extension (section 4.1).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extension<'a> {
    pub(crate) oid: ObjectIdentifier,
    pub(crate) critical: bool,
    value: &'a [u8],
}

impl<'a> Extension<'a> {
    pub(crate) fn read(extension: AnyRef<'a>) -> der::Result<Self> {
        let mut fields = Fields::of(extension, Tag::Sequence)?;
        let oid = fields.oid()?;
        // FALSE is the default, which DER does not write.
        let critical = match fields.optional(Tag::Boolean)? {
            Some(critical) => critical.decode_as::<bool>().and_then(|critical| {
                expect(critical)?;
                Ok(critical)
            })?,
            None => false,
        };
        let value = fields.octets()?;
        fields.finish()?;
        Ok(Self {
            oid,
            critical,
            value,
        })
    }
}

/// Is the key for an authority, and how long may the path below it be (section 4.2.1.9)?
#[derive(Clone, Copy, Debug)]
pub(super) struct BasicConstraints {
    pub(super) ca: bool,
    pub(super) path_length: Option<u8>,
}

/// What the key may do (section 4.2.1.3): the bits, the first one highest.
#[derive(Clone, Copy, Debug)]
pub(super) struct KeyUsage(u8);

impl KeyUsage {
    pub(super) const fn digital_signature(self) -> bool {
        self.0 & 0x80 != 0
    }

    pub(super) const fn key_cert_sign(self) -> bool {
        self.0 & 0x04 != 0
    }
}

/// What the extensions of a certificate say.
#[derive(Clone, Debug, Default)]
pub(super) struct Extensions {
    pub(super) basic_constraints: Option<BasicConstraints>,
    pub(super) basic_constraints_critical: bool,
    pub(super) extended_key_usage: Option<Vec<ObjectIdentifier>>,
    pub(super) extended_key_usage_critical: bool,
    /// Fulcio's extensions: the number in their arc, and the value.
    pub(super) fulcio: Vec<(u32, Vec<u8>)>,
    pub(super) key_usage: Option<KeyUsage>,
    pub(super) name_constraints: Option<NameConstraints>,
    /// The value of the SCT list's extension.
    pub(super) sct_list: Option<Vec<u8>>,
    pub(super) subject_alt_names: Vec<GeneralName>,
    pub(super) subject_key_identifier: Option<Vec<u8>>,
    /// Is there one that is critical and not understood?
    pub(super) unknown_critical: bool,
}

impl Extensions {
    pub(super) fn read(
        extensions: &[Extension<'_>],
        subject: &Name,
        index: usize,
    ) -> Result<Self, Error> {
        // Each is compared with each: a sorted list would be more code than all the rest here.
        if extensions.len() > MAX_EXTENSIONS {
            return Err(Error::CertificateInvalid { index });
        }
        // Section 4.2: no extension twice.
        let is_repeated = |extension: &Extension<'_>| {
            let same = extensions.iter().filter(|other| other.oid == extension.oid);
            same.count() > 1
        };
        if extensions.iter().any(is_repeated) {
            return Err(Error::ExtensionDuplicate { index });
        }
        let mut read = Self::default();
        for extension in extensions {
            match read.add(extension, subject) {
                Added::Read => {}
                Added::Unknown => read.unknown_critical |= extension.critical,
                Added::Invalid => return Err(Error::ExtensionInvalid { index }),
            }
        }
        read.check_together(subject)
            .ok_or(Error::ExtensionInvalid { index })?;
        Ok(read)
    }

    /// Is this an authority (section 4.2.1.9)?
    pub(super) fn is_ca(&self) -> bool {
        self.basic_constraints
            .as_ref()
            .is_some_and(|constraints| constraints.ca)
    }

    fn add(&mut self, extension: &Extension<'_>, subject: &Name) -> Added {
        let Extension {
            oid,
            critical,
            value,
        } = *extension;
        let known = match oid {
            ID_CE_AUTHORITY_KEY_IDENTIFIER => authority_key_identifier(value, critical),
            ID_CE_BASIC_CONSTRAINTS => self.basic_constraints(value, critical),
            ID_CE_EXT_KEY_USAGE => self.extended_key_usage(value, critical),
            // Section 4.2.1.14. It limits policies, and none is asked for.
            ID_CE_INHIBIT_ANY_POLICY => inhibit_any_policy(value, critical),
            ID_CE_KEY_USAGE => self.key_usage(value),
            ID_CE_NAME_CONSTRAINTS => self.name_constraints(value, critical),
            ID_CE_POLICY_CONSTRAINTS => return policy_constraints(value, critical),
            ID_CE_SUBJECT_ALT_NAME => self.subject_alt_name(value, critical, subject),
            ID_CE_SUBJECT_KEY_IDENTIFIER => self.subject_key_identifier(value, critical),
            ID_PE_AUTHORITY_INFO_ACCESS => authority_info_access(value, critical),
            SCT_LIST => {
                self.sct_list = Some(value.into());
                return Added::Unknown;
            }
            oid => {
                if oid.parent() == Some(FULCIO)
                    && let Some(number) = oid.arcs().last()
                {
                    self.fulcio.push((number, value.into()));
                }
                return Added::Unknown;
            }
        };
        if known.is_ok() {
            Added::Read
        } else {
            Added::Invalid
        }
    }

    /// Section 4.2.1.9: a path length only with cA.
    fn basic_constraints(&mut self, value: &[u8], critical: bool) -> der::Result<()> {
        let mut fields = Fields::of(read(value)?, Tag::Sequence)?;
        let ca = fields.optional(Tag::Boolean)?;
        let length = fields.optional(Tag::Integer)?;
        fields.finish()?;
        // FALSE is the default, which DER does not write.
        let ca = match ca {
            Some(ca) => {
                expect(ca.decode_as::<bool>()?)?;
                true
            }
            None => false,
        };
        let path_length = match length {
            Some(length) => Some(length.decode_as::<u8>()?),
            None => None,
        };
        expect(ca || path_length.is_none())?;
        self.basic_constraints = Some(BasicConstraints { ca, path_length });
        self.basic_constraints_critical = critical;
        Ok(())
    }

    /// Section 4.2.1.12: at least one purpose.
    fn extended_key_usage(&mut self, value: &[u8], critical: bool) -> der::Result<()> {
        let purposes = Fields::of(read(value)?, Tag::Sequence)?;
        self.extended_key_usage = Some(purposes.each(AnyRef::decode_as)?);
        self.extended_key_usage_critical = critical;
        Ok(())
    }

    /// Section 4.2.1.3: at least one bit, of nine. X.690 section 11.2.2: no zero follows the last one.
    fn key_usage(&mut self, value: &[u8]) -> der::Result<()> {
        let bits: BitStringRef<'_> = read(value)?.decode_as()?;
        let octets = bits.raw_bytes();
        let last = octets.last().copied().unwrap_or_default();
        expect(last.trailing_zeros() == u32::from(bits.unused_bits()))?;
        let usage = match octets {
            [first] => *first,
            [first, 0x80] => *first,
            _ => return Err(crate::der::error()),
        };
        self.key_usage = Some(KeyUsage(usage));
        Ok(())
    }

    /// Section 4.2.1.10: critical.
    fn name_constraints(&mut self, value: &[u8], critical: bool) -> der::Result<()> {
        expect(critical)?;
        self.name_constraints = Some(NameConstraints::read(read(value)?)?);
        Ok(())
    }

    /// Section 4.2.1.6: at least one name, each well-formed; critical where there is no subject.
    fn subject_alt_name(
        &mut self,
        value: &[u8],
        critical: bool,
        subject: &Name,
    ) -> der::Result<()> {
        let names = GeneralName::read_all(read(value)?, Tag::Sequence)?;
        expect(names.iter().all(names::is_well_formed))?;
        self.subject_alt_names = names;
        expect(critical || !subject.is_empty())
    }

    /// Section 4.2.1.2: not critical.
    fn subject_key_identifier(&mut self, value: &[u8], critical: bool) -> der::Result<()> {
        expect(!critical)?;
        let identifier: &OctetStringRef = read(value)?.decode_as()?;
        self.subject_key_identifier = Some(identifier.as_bytes().into());
        Ok(())
    }

    /// The rules that join several extensions.
    fn check_together(&self, subject: &Name) -> Option<()> {
        // Section 4.1.2.6: an authority has a name; without one there are alternative names.
        let named = !subject.is_empty() || (!self.is_ca() && !self.subject_alt_names.is_empty());
        // Section 4.2.1.10: name constraints only in an authority's certificate.
        let constraints = self.name_constraints.is_none() || self.is_ca();
        (named && constraints).then_some(())
    }
}

/// What became of an extension.
enum Added {
    Read,
    Unknown,
    Invalid,
}

/// Section 4.2.1.1: not critical; issuer and serial number both, or none. Nothing else is taken
/// from it: it helps to find an issuer, and names and signatures find it as well.
fn authority_key_identifier(value: &[u8], critical: bool) -> der::Result<()> {
    let mut fields = Fields::of(read(value)?, Tag::Sequence)?;
    fields.optional(primitive(0))?;
    let issuer = fields.optional(constructed(1))?;
    let serial = fields.optional(primitive(2))?;
    fields.finish()?;
    expect(!critical && issuer.is_some() == serial.is_some())?;
    if let (Some(issuer), Some(serial)) = (issuer, serial) {
        GeneralName::read_all(issuer, constructed(1))?;
        AnyRef::new(Tag::Integer, serial.value())?.decode_as::<IntRef<'_>>()?;
    }
    Ok(())
}

/// Section 4.2.2.1: not critical, at least one.
fn authority_info_access(value: &[u8], critical: bool) -> der::Result<()> {
    expect(!critical)?;
    let descriptions = Fields::of(read(value)?, Tag::Sequence)?.each(|description| {
        let mut fields = Fields::of(description, Tag::Sequence)?;
        fields.oid()?;
        GeneralName::read(fields.any()?)?;
        fields.finish()
    });
    descriptions.map(drop)
}

/// Section 4.2.1.14: critical.
fn inhibit_any_policy(value: &[u8], critical: bool) -> der::Result<()> {
    expect(critical)?;
    read(value)?.decode_as::<u32>().map(drop)
}

/// Section 4.2.1.11: critical, and one of the two. Policies are not processed: a certificate that
/// requires an explicit one is refused, as section 4.2 says of what cannot be processed. Without
/// such a requirement policies, and so their mapping, decide nothing.
fn policy_constraints(value: &[u8], critical: bool) -> Added {
    let read = || {
        let mut fields = Fields::of(read(value)?, Tag::Sequence)?;
        let [explicit, mapping] = [
            fields.optional(primitive(0))?,
            fields.optional(primitive(1))?,
        ];
        fields.finish()?;
        for skipped in [explicit, mapping].into_iter().flatten() {
            AnyRef::new(Tag::Integer, skipped.value())?.decode_as::<u32>()?;
        }
        expect(critical)?;
        Ok::<_, der::Error>((explicit.is_some(), mapping.is_some()))
    };
    match read() {
        Ok((true, _)) => Added::Unknown,
        Ok((false, true)) => Added::Read,
        Ok((false, false)) | Err(_) => Added::Invalid,
    }
}
