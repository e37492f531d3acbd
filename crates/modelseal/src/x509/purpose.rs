//! What a leaf is for.

use const_oid::db::rfc5280::{ANY_EXTENDED_KEY_USAGE, ID_KP_CODE_SIGNING, ID_KP_TIME_STAMPING};
#[cfg(test)]
use const_oid::db::rfc5280::{ID_KP_CLIENT_AUTH, ID_KP_SERVER_AUTH};
use der::asn1::ObjectIdentifier;

use super::certificate::Certificate;
use crate::error::Error;

/// The use that a path is built for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Purpose {
    /// The certificate method of OMS.
    CodeSigning,
    /// The keyless method: a leaf of Fulcio's.
    Keyless,
    /// The signer of a timestamp (RFC 3161).
    TimeStamping,
    /// The cases of x509-limbo are about TLS.
    #[cfg(test)]
    ServerAuth,
    #[cfg(test)]
    ClientAuth,
}

impl Purpose {
    /// The rules for the leaf itself. Whether it is marked as an authority is among them for the
    /// keyless method alone: the leaves of real OMS chains are. They can still issue nothing, since
    /// a path begins with them.
    pub(super) fn check_leaf(self, leaf: &Certificate) -> Result<(), Error> {
        let index = leaf.index();
        let extensions = leaf.extensions();
        let key = leaf.public_key()?;
        if self == Self::CodeSigning && !key.is_ec() {
            return Err(Error::CertificateKeyUnsupported { index });
        }
        if matches!(self, Self::Keyless | Self::TimeStamping) && extensions.is_ca() {
            return Err(Error::CertificateIsAuthority { index });
        }
        // RFC 5280 section 4.2.1.3: digitalSignature. OMS wants the extension to be there, and
        // Fulcio and timestamp authorities have it.
        let usage = extensions.key_usage.as_ref();
        let signs = matches!(self, Self::CodeSigning | Self::Keyless | Self::TimeStamping);
        if signs && !usage.is_some_and(|usage| usage.digital_signature()) {
            return Err(Error::KeyUsageInvalid { index });
        }
        // Section 4.2.1.9: without cA, keyCertSign must not be asserted.
        if usage.is_some_and(|usage| usage.key_cert_sign()) && !extensions.is_ca() {
            return Err(Error::KeyUsageInvalid { index });
        }
        // Section 4.2.1.12: a leaf for any purpose is not one for this purpose.
        let permitted = match (&extensions.extended_key_usage, self) {
            // RFC 3161 section 2.3: this purpose alone, and critical.
            (Some(usage), Self::TimeStamping) => {
                extensions.extended_key_usage_critical && *usage == [self.oid()]
            }
            (Some(usage), _) => usage.contains(&self.oid()),
            (None, Self::Keyless | Self::TimeStamping) => false,
            (None, _) => true,
        };
        if permitted {
            Ok(())
        } else {
            Err(Error::ExtendedKeyUsageInvalid { index })
        }
    }

    /// May an authority issue for this purpose? RFC 5280 knows no such rule; every verifier of
    /// certificates has it.
    pub(super) fn permits_issuer(self, issuer: &Certificate) -> bool {
        issuer
            .extensions()
            .extended_key_usage
            .as_ref()
            .is_none_or(|usage| {
                usage.contains(&self.oid()) || usage.contains(&ANY_EXTENDED_KEY_USAGE)
            })
    }

    const fn oid(self) -> ObjectIdentifier {
        match self {
            Self::CodeSigning | Self::Keyless => ID_KP_CODE_SIGNING,
            Self::TimeStamping => ID_KP_TIME_STAMPING,
            #[cfg(test)]
            Self::ServerAuth => ID_KP_SERVER_AUTH,
            #[cfg(test)]
            Self::ClientAuth => ID_KP_CLIENT_AUTH,
        }
    }
}
