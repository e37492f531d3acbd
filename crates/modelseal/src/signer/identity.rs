//! Who a keyless certificate is for: its name, who vouched for it, and what Fulcio says besides.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use der::{Decode, asn1::ObjectIdentifier};
use x509_cert::ext::pkix::name::GeneralName;

use crate::{error::Error, x509::Certificate};

/// The otherName of Fulcio for names that are neither an address nor a URI.
const FULCIO_USERNAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.57264.1.7");

/// Declares the fields of a certificate: variant, number in Fulcio's arc, name in JSON.
macro_rules! fields {
    ($( $(#[doc = $doc:literal])+ $name:ident = $number:literal, $json:literal; )+) => {
        /// What Fulcio says of a signer besides its identity (Fulcio, `oid-info.md`).
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
    /// The number of the repository, which stays when it is renamed.
    SourceRepositoryIdentifier = 15, "sourceRepositoryIdentifier";
    /// The number of the repository's owner, which stays when it is renamed.
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

/// What a keyless certificate says of its holder. Whoever had it issued chose parts of it: escape
/// it where it is shown.
#[derive(Clone, Debug)]
pub struct CertificateIdentity {
    issuer: String,
    identity: String,
    kind: &'static str,
    fields: Vec<(CertificateField, String)>,
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
        // `.1` is the raw text of old; it counts only where `.8` is not there.
        let issuer = match (leaf.fulcio(8), leaf.fulcio(1)) {
            (Some(der), _) => String::from_der(der).map_err(|_| invalid)?,
            (None, Some(raw)) => String::from_utf8(raw.to_vec()).map_err(|_| invalid)?,
            (None, None) => return Err(Error::IdentityIssuerMissing),
        };
        let mut fields = Vec::new();
        for field in CertificateField::ALL {
            if let Some(der) = leaf.fulcio(field.number()) {
                fields.push((*field, String::from_der(der).map_err(|_| invalid)?));
            }
        }
        Ok(Self {
            issuer,
            identity,
            kind,
            fields,
        })
    }

    /// Who vouched for the identity: the OpenID Connect issuer.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The identity: an e-mail address, a URI, or a user name.
    pub fn identity(&self) -> &str {
        &self.identity
    }

    /// What the identity is: `email`, `uri` or `username`.
    pub const fn kind(&self) -> &'static str {
        self.kind
    }

    /// What Fulcio says besides.
    pub fn fields(&self) -> &[(CertificateField, String)] {
        &self.fields
    }

    fn field(&self, field: CertificateField) -> Option<&str> {
        let mut fields = self.fields.iter();
        let (_, text) = fields.find(|(own, _)| *own == field)?;
        Some(text)
    }
}

fn read_name(name: &GeneralName) -> Option<(&'static str, String)> {
    match name {
        GeneralName::Rfc822Name(mailbox) => Some(("email", mailbox.to_string())),
        GeneralName::UniformResourceIdentifier(uri) => Some(("uri", uri.to_string())),
        GeneralName::OtherName(other) if other.type_id == FULCIO_USERNAME => {
            Some(("username", other.value.decode_as().ok()?))
        }
        _ => None,
    }
}

/// A signer to expect: always an exact issuer, and an exact identity or exact fields of the
/// certificate. Nothing here is a pattern.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Identity {
    issuer: String,
    identity: Option<String>,
    fields: Vec<(CertificateField, String)>,
}

impl Identity {
    /// Expects `identity`, vouched for by `issuer`.
    ///
    /// # Errors
    /// [`Error::PolicyInvalid`] for an empty text, which would read like "any".
    pub fn new(issuer: &str, identity: &str) -> Result<Self, Error> {
        Self::build(issuer, Some(identity), Vec::new())
    }

    /// Expects what the certificate says of source and build, vouched for by `issuer`.
    ///
    /// # Errors
    /// [`Error::PolicyInvalid`] for an empty text, a field twice, and for fields of which none says
    /// whose build it is: a repository, its owner, or what was run.
    pub fn with_fields(
        issuer: &str,
        fields: impl IntoIterator<Item = (CertificateField, String)>,
    ) -> Result<Self, Error> {
        Self::build(issuer, None, fields.into_iter().collect())
    }

    /// Expects what the certificate says of source and build besides.
    ///
    /// # Errors
    /// [`Error::PolicyInvalid`] for an empty text, and for a field twice.
    pub fn and_fields(
        self,
        fields: impl IntoIterator<Item = (CertificateField, String)>,
    ) -> Result<Self, Error> {
        let fields = self.fields.into_iter().chain(fields).collect();
        Self::build(&self.issuer, self.identity.as_deref(), fields)
    }

    pub(crate) fn build(
        issuer: &str,
        identity: Option<&str>,
        mut fields: Vec<(CertificateField, String)>,
    ) -> Result<Self, Error> {
        use CertificateField as Field;
        let invalid = |field| Err(Error::PolicyInvalid { field });
        if issuer.is_empty() {
            return invalid("issuer");
        }
        if identity == Some("") {
            return invalid("identity");
        }
        fields.sort_unstable();
        let twice = |pair: &[(Field, String)]| matches!(pair, [(a, _), (b, _)] if a == b);
        if fields.windows(2).any(twice) {
            return invalid("a certificate field that stands twice");
        }
        if let Some((field, _)) = fields.iter().find(|(_, text)| text.is_empty()) {
            return invalid(field.name());
        }
        let names_somebody = |(field, _): &(Field, String)| {
            matches!(
                field,
                Field::BuildConfigUri
                    | Field::BuildSignerUri
                    | Field::SourceRepositoryIdentifier
                    | Field::SourceRepositoryOwnerIdentifier
                    | Field::SourceRepositoryOwnerUri
                    | Field::SourceRepositoryUri
            )
        };
        if identity.is_none() && !fields.iter().any(names_somebody) {
            return invalid("identity");
        }
        Ok(Self {
            issuer: issuer.into(),
            identity: identity.map(String::from),
            fields,
        })
    }

    /// Is it this signer? Every text is compared octet by octet.
    pub(crate) fn is(&self, own: &CertificateIdentity) -> bool {
        self.issuer == own.issuer
            && self
                .identity
                .as_ref()
                .is_none_or(|identity| *identity == own.identity)
            && self
                .fields
                .iter()
                .all(|(field, text)| own.field(*field) == Some(text.as_str()))
    }
}
