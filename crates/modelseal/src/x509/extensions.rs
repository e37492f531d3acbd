//! The extensions that a path is checked with (RFC 5280 section 4.2).

use alloc::vec::Vec;

use const_oid::db::rfc5280::{
    ID_CE_AUTHORITY_KEY_IDENTIFIER, ID_CE_BASIC_CONSTRAINTS, ID_CE_EXT_KEY_USAGE,
    ID_CE_INHIBIT_ANY_POLICY, ID_CE_KEY_USAGE, ID_CE_NAME_CONSTRAINTS, ID_CE_POLICY_CONSTRAINTS,
    ID_CE_SUBJECT_ALT_NAME, ID_CE_SUBJECT_KEY_IDENTIFIER, ID_PE_AUTHORITY_INFO_ACCESS,
};
use der::asn1::ObjectIdentifier;
use x509_cert::{
    ext::{
        Extension,
        pkix::{
            AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage,
            KeyUsage, PolicyConstraints, SubjectAltName, SubjectKeyIdentifier, name::GeneralName,
        },
    },
    name::Name,
};

use super::{constraints::NameConstraints, names};
use crate::{der::decode, error::Error};

/// Extensions of one certificate. Real ones have about 10, Fulcio's 30.
const MAX_EXTENSIONS: usize = 64;

/// SignedCertificateTimestampList (RFC 6962 section 3.3).
pub(super) const SCT_LIST: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.3.6.1.4.1.11129.2.4.2");

/// The arc of what Fulcio says of a signer.
const FULCIO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.57264.1");

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
        extensions: &[Extension],
        subject: &Name,
        index: usize,
    ) -> Result<Self, Error> {
        // Each is compared with each: a sorted list would be more code than all the rest here.
        if extensions.len() > MAX_EXTENSIONS {
            return Err(Error::CertificateInvalid { index });
        }
        // Section 4.2: no extension twice.
        let is_repeated = |extension: &Extension| {
            let same = extensions
                .iter()
                .filter(|other| other.extn_id == extension.extn_id);
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

    fn add(&mut self, extension: &Extension, subject: &Name) -> Added {
        let critical = extension.critical;
        let value = extension.extn_value.as_bytes();
        match extension.extn_id {
            ID_CE_AUTHORITY_KEY_IDENTIFIER => authority_key_identifier(value, critical).into(),
            ID_CE_BASIC_CONSTRAINTS => self.basic_constraints(value, critical).into(),
            ID_CE_EXT_KEY_USAGE => self.extended_key_usage(value, critical).into(),
            // Section 4.2.1.14. It limits policies, and none is asked for.
            ID_CE_INHIBIT_ANY_POLICY => decode::<u32>(value).filter(|_| critical).map(drop).into(),
            ID_CE_KEY_USAGE => self.key_usage(value).into(),
            ID_CE_NAME_CONSTRAINTS => self.name_constraints(value, critical).into(),
            ID_CE_POLICY_CONSTRAINTS => policy_constraints(value, critical),
            ID_CE_SUBJECT_ALT_NAME => self.subject_alt_name(value, critical, subject).into(),
            // Section 4.2.1.2: not critical.
            ID_CE_SUBJECT_KEY_IDENTIFIER => decode::<SubjectKeyIdentifier>(value)
                .filter(|_| !critical)
                .map(|id| self.subject_key_identifier = Some(id.0.as_bytes().into()))
                .into(),
            // Section 4.2.2.1: not critical, at least one.
            ID_PE_AUTHORITY_INFO_ACCESS => decode::<AuthorityInfoAccessSyntax>(value)
                .filter(|access| !critical && !access.0.is_empty())
                .map(drop)
                .into(),
            SCT_LIST => {
                self.sct_list = Some(value.into());
                Added::Unknown
            }
            oid => {
                if oid.parent() == Some(FULCIO)
                    && let Some(number) = oid.arcs().last()
                {
                    self.fulcio.push((number, value.into()));
                }
                Added::Unknown
            }
        }
    }

    /// Section 4.2.1.9: a path length only with cA.
    fn basic_constraints(&mut self, value: &[u8], critical: bool) -> Option<()> {
        let constraints = decode::<BasicConstraints>(value)
            .filter(|constraints| constraints.ca || constraints.path_len_constraint.is_none())?;
        self.basic_constraints = Some(constraints);
        self.basic_constraints_critical = critical;
        Some(())
    }

    /// Section 4.2.1.12: at least one purpose.
    fn extended_key_usage(&mut self, value: &[u8], critical: bool) -> Option<()> {
        let usage = decode::<ExtendedKeyUsage>(value).filter(|usage| !usage.0.is_empty())?;
        self.extended_key_usage = Some(usage.0);
        self.extended_key_usage_critical = critical;
        Some(())
    }

    /// Section 4.2.1.3: at least one bit.
    fn key_usage(&mut self, value: &[u8]) -> Option<()> {
        let usage = decode::<KeyUsage>(value).filter(|usage| !usage.0.is_empty())?;
        self.key_usage = Some(usage);
        Some(())
    }

    /// Section 4.2.1.10: critical.
    fn name_constraints(&mut self, value: &[u8], critical: bool) -> Option<()> {
        let constraints = decode(value).filter(|_| critical)?;
        self.name_constraints = Some(NameConstraints::read(constraints)?);
        Some(())
    }

    /// Section 4.2.1.6: at least one name, each well-formed; critical where there is no subject.
    fn subject_alt_name(&mut self, value: &[u8], critical: bool, subject: &Name) -> Option<()> {
        let names = decode::<SubjectAltName>(value)?.0;
        let well_formed = !names.is_empty() && names.iter().all(names::is_well_formed);
        self.subject_alt_names = names;
        (well_formed && (critical || !subject.is_empty())).then_some(())
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

impl From<Option<()>> for Added {
    fn from(read: Option<()>) -> Self {
        if read.is_some() {
            Self::Read
        } else {
            Self::Invalid
        }
    }
}

/// Section 4.2.1.1: not critical; issuer and serial number both, or none. Nothing else is taken
/// from it: it helps to find an issuer, and names and signatures find it as well.
fn authority_key_identifier(value: &[u8], critical: bool) -> Option<()> {
    let identifier = decode::<AuthorityKeyIdentifier>(value).filter(|_| !critical)?;
    let issuer = identifier.authority_cert_issuer.is_some();
    (issuer == identifier.authority_cert_serial_number.is_some()).then_some(())
}

/// Section 4.2.1.11: critical, and one of the two. Policies are not processed: a certificate that
/// requires an explicit one is refused, as section 4.2 says of what cannot be processed. Without
/// such a requirement policies, and so their mapping, decide nothing.
fn policy_constraints(value: &[u8], critical: bool) -> Added {
    match decode::<PolicyConstraints>(value) {
        Some(_) if !critical => Added::Invalid,
        Some(PolicyConstraints {
            require_explicit_policy: Some(_),
            ..
        }) => Added::Unknown,
        Some(PolicyConstraints {
            inhibit_policy_mapping: Some(_),
            ..
        }) => Added::Read,
        Some(_) | None => Added::Invalid,
    }
}
