//! Who a keyless certificate is for: its name, the issuer that certifies it, and the other fields that
//! Fulcio writes.

use alloc::{string::String, vec::Vec};

use ::der::asn1::{ObjectIdentifier, Utf8StringRef};

use crate::{
    der,
    error::Error,
    x509::{Certificate, GeneralName},
};

/// The otherName of Fulcio for names that are neither an address nor a URI.
const FULCIO_USERNAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.57264.1.7");

/// Declares the fields of a certificate: variant, number in Fulcio's arc, name in JSON.
macro_rules! fields {
    ($( $(#[doc = $doc:literal])+ $name:ident = $number:literal, $json:literal; )+) => {
        /// A field that Fulcio writes into a certificate in addition to the identity (Fulcio, `oid-info.md`).
        #[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum CertificateField {
            $( $(#[doc = $doc])+ $name, )+
        }

        impl CertificateField {
            /// Every field.
            pub const ALL: &'static [Self] = &[ $( Self::$name, )+ ];

            /// The field's name in JSON.
            pub const fn name(self) -> &'static str {
                match self { $( Self::$name => $json, )+ }
            }

            const fn number(self) -> u32 {
                match self { $( Self::$name => $number, )+ }
            }
        }
    };
}

fields! {
    /// The workflow, or other instructions, that made the build.
    BuildConfigUri = 18, "buildConfigUri";
    /// The version of those instructions.
    BuildConfigDigest = 19, "buildConfigDigest";
    /// What started the build, such as `push`.
    BuildTrigger = 20, "buildTrigger";
    /// The instructions that signed, such as a reusable workflow.
    BuildSignerUri = 9, "buildSignerUri";
    /// The version of what signed.
    BuildSignerDigest = 10, "buildSignerDigest";
    /// The run of the build.
    RunInvocationUri = 21, "runInvocationUri";
    /// `github-hosted` or `self-hosted`.
    RunnerEnvironment = 11, "runnerEnvironment";
    /// The version of the source.
    SourceRepositoryDigest = 13, "sourceRepositoryDigest";
    /// The numeric ID of the repository, which survives a rename.
    SourceRepositoryIdentifier = 15, "sourceRepositoryIdentifier";
    /// The numeric ID of the repository's owner, which survives a rename.
    SourceRepositoryOwnerIdentifier = 17, "sourceRepositoryOwnerIdentifier";
    /// The address of the repository's owner.
    SourceRepositoryOwnerUri = 16, "sourceRepositoryOwnerUri";
    /// The branch or tag of the source.
    SourceRepositoryRef = 14, "sourceRepositoryRef";
    /// The address of the repository.
    SourceRepositoryUri = 12, "sourceRepositoryUri";
    /// `public` or `private`, when it was signed.
    SourceRepositoryVisibility = 22, "sourceRepositoryVisibilityAtSigning";
}

impl serde::Serialize for CertificateField {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// What a keyless certificate says of its holder. The holder chose parts of it: escape it where it is
/// shown.
#[derive(Clone, Debug, Eq, PartialEq, serde::Serialize)]
pub struct CertificateIdentity {
    issuer: Option<String>,
    identity: String,
    kind: IdentityKind,
    #[serde(serialize_with = "as_map")]
    fields: Vec<(CertificateField, String)>,
}

/// What an identity is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, serde::Serialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum IdentityKind {
    /// An e-mail address.
    Email,
    /// A URI, such as that of a workflow.
    Uri,
    /// A user name of an issuer that has neither.
    Username,
}

impl CertificateIdentity {
    pub(crate) fn read(leaf: &Certificate) -> Result<Self, Error> {
        let [name] = leaf.subject_alt_names() else {
            return Err(Error::IdentityInvalid);
        };
        let (kind, identity) = read_name(name).ok_or(Error::IdentityInvalid)?;
        let invalid = Error::ExtensionInvalid {
            index: leaf.index(),
        };
        // `.1` is the legacy extension with the raw string; it counts only where `.8` is missing.
        // Authorities other than Fulcio, such as GitHub's own, write neither.
        let issuer = match (leaf.fulcio(8), leaf.fulcio(1)) {
            (Some(der), _) => Some(utf8_string(der).ok_or(invalid)?),
            (None, Some(raw)) => Some(String::from_utf8(raw.to_vec()).map_err(|_| invalid)?),
            (None, None) => None,
        };
        let mut fields = Vec::new();
        for field in CertificateField::ALL {
            if let Some(der) = leaf.fulcio(field.number()) {
                fields.push((*field, utf8_string(der).ok_or(invalid)?));
            }
        }
        Ok(Self {
            issuer,
            identity,
            kind,
            fields,
        })
    }

    /// The OpenID Connect issuer that certifies the identity; `None` where the certificate has none.
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// The identity: an e-mail address, a URI, or a user name.
    pub fn identity(&self) -> &str {
        &self.identity
    }

    /// What the identity is.
    pub const fn kind(&self) -> IdentityKind {
        self.kind
    }

    /// The other fields that Fulcio wrote.
    pub fn fields(&self) -> &[(CertificateField, String)] {
        &self.fields
    }

    fn field(&self, field: CertificateField) -> Option<&str> {
        let mut fields = self.fields.iter();
        let (_, text) = fields.find(|(own, _)| *own == field)?;
        Some(text)
    }
}

fn as_map<S: serde::Serializer>(
    fields: &[(CertificateField, String)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut fields: Vec<_> = fields
        .iter()
        .map(|(field, value)| (field.name(), value))
        .collect();
    fields.sort_unstable();
    serializer.collect_map(fields)
}

/// A `UTF8String` in DER.
fn utf8_string(der: &[u8]) -> Option<String> {
    let text: Utf8StringRef<'_> = der::read(der).ok()?.decode_as().ok()?;
    Some(text.as_str().into())
}

fn read_name(name: &GeneralName) -> Option<(IdentityKind, String)> {
    match name {
        GeneralName::Mailbox(mailbox) => Some((IdentityKind::Email, mailbox.clone())),
        GeneralName::Uri(uri) => Some((IdentityKind::Uri, uri.clone())),
        GeneralName::Other(FULCIO_USERNAME, value) => {
            Some((IdentityKind::Username, utf8_string(value)?))
        }
        _ => None,
    }
}

/// A signer to expect: an exact issuer, or explicitly none, and an exact identity or exact fields of
/// the certificate. Nothing here is a pattern.
///
/// ```
/// use modelseal::Identity;
///
/// let issuer = "https://accounts.google.com";
/// assert!(Identity::new(issuer, "publisher@example.com").is_ok());
/// assert!(Identity::new(issuer, "").is_err()); // an empty string would read like "any"
/// ```
#[derive(Clone, Debug, Eq, PartialEq, serde::Serialize)]
pub struct Identity {
    /// `None` expects a certificate without an issuer.
    issuer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity: Option<String>,
    #[serde(flatten, serialize_with = "as_map")]
    fields: Vec<(CertificateField, String)>,
}

/// A field in which a signer differs from the expected one.
#[derive(Clone, Debug, Eq, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct Mismatch {
    /// `issuer`, `identity`, or the name of a [`CertificateField`].
    pub field: &'static str,
    /// What was expected; `None` for an issuer that should not be there.
    pub expected: Option<String>,
    /// What the certificate has; `None` where it does not have the field. Its holder chose it:
    /// escape it where it is shown.
    pub found: Option<String>,
}

impl Identity {
    /// Expects `identity`, certified by `issuer`.
    ///
    /// # Errors
    /// [`Error::PolicyInvalid`] for an empty string, which would read like "any".
    pub fn new(issuer: &str, identity: &str) -> Result<Self, Error> {
        Self::build(Some(issuer), Some(identity), Vec::new())
    }

    /// Expects `identity` in a certificate that names no issuer, such as those of GitHub's own
    /// authority.
    ///
    /// # Errors
    /// [`Error::PolicyInvalid`] for an empty string, which would read like "any".
    pub fn without_issuer(identity: &str) -> Result<Self, Error> {
        Self::build(None, Some(identity), Vec::new())
    }

    /// Expects fields of the certificate, certified by `issuer`.
    ///
    /// # Errors
    /// [`Error::PolicyInvalid`] for an empty string, a field twice, and for fields of which none says
    /// whose build it is: a repository, its owner, or the workflow that was run. The workflow that
    /// signed ([`CertificateField::BuildSignerUri`]) does not: anyone may call a reusable workflow.
    pub fn with_fields(
        issuer: &str,
        fields: impl IntoIterator<Item = (CertificateField, String)>,
    ) -> Result<Self, Error> {
        Self::build(Some(issuer), None, fields.into_iter().collect())
    }

    /// Also expects these fields of the certificate.
    ///
    /// # Errors
    /// [`Error::PolicyInvalid`] for an empty string, and for a field twice.
    pub fn and_fields(
        self,
        fields: impl IntoIterator<Item = (CertificateField, String)>,
    ) -> Result<Self, Error> {
        let fields = self.fields.into_iter().chain(fields).collect();
        Self::build(self.issuer.as_deref(), self.identity.as_deref(), fields)
    }

    pub(crate) fn build(
        issuer: Option<&str>,
        identity: Option<&str>,
        mut fields: Vec<(CertificateField, String)>,
    ) -> Result<Self, Error> {
        use CertificateField as Field;
        let invalid = |field| Err(Error::PolicyInvalid { field });
        if issuer == Some("") {
            return invalid("identities.issuer");
        }
        if identity == Some("") {
            return invalid("identities.identity");
        }
        fields.sort_unstable();
        let twice = |pair: &[(Field, String)]| matches!(pair, [(a, _), (b, _)] if a == b);
        let empty = |(_, value): &(Field, String)| value.is_empty();
        if fields.windows(2).any(twice) || fields.iter().any(empty) {
            return invalid("identities");
        }
        let names_a_source = |(field, _): &(Field, String)| {
            matches!(
                field,
                Field::BuildConfigUri
                    | Field::SourceRepositoryIdentifier
                    | Field::SourceRepositoryOwnerIdentifier
                    | Field::SourceRepositoryOwnerUri
                    | Field::SourceRepositoryUri
            )
        };
        if identity.is_none() && !fields.iter().any(names_a_source) {
            return invalid("identities.identity");
        }
        Ok(Self {
            issuer: issuer.map(String::from),
            identity: identity.map(String::from),
            fields,
        })
    }

    /// In which fields another signer differs from this one. Every string is compared octet by octet;
    /// where it is empty, it is this signer.
    pub(crate) fn mismatches(&self, own: &CertificateIdentity) -> Vec<Mismatch> {
        let issuer = ("issuer", self.issuer.as_deref(), own.issuer());
        let identity = self.identity.as_deref();
        let identity = identity.map(|expected| ("identity", Some(expected), Some(own.identity())));
        let fields = self
            .fields
            .iter()
            .map(|(field, expected)| (field.name(), Some(expected.as_str()), own.field(*field)));
        [issuer]
            .into_iter()
            .chain(identity)
            .chain(fields)
            .filter(|(_, expected, found)| expected != found)
            .map(|(field, expected, found)| Mismatch {
                field,
                expected: expected.map(String::from),
                found: found.map(String::from),
            })
            .collect()
    }
}
