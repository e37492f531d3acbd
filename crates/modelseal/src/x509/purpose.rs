//! What a leaf is for.

use const_oid::db::rfc5280::{ANY_EXTENDED_KEY_USAGE, ID_KP_CODE_SIGNING};
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
    /// The cases of x509-limbo are about TLS.
    #[cfg(test)]
    ServerAuth,
    #[cfg(test)]
    ClientAuth,
}

impl Purpose {
    /// The rules for the leaf itself. Whether it is marked as an authority is not among them: the
    /// leaves of real OMS chains are. It can still issue nothing, since a path begins with it.
    pub(super) fn check_leaf(self, leaf: &Certificate) -> Result<(), Error> {
        let index = leaf.index();
        let extensions = leaf.extensions();
        let key = leaf.public_key()?;
        if self == Self::CodeSigning && !key.is_ec() {
            return Err(Error::CertificateKeyUnsupported { index });
        }
        // RFC 5280 section 4.2.1.3: digitalSignature. OMS wants the extension to be there.
        let usage = extensions.key_usage.as_ref();
        if self == Self::CodeSigning && !usage.is_some_and(|usage| usage.digital_signature()) {
            return Err(Error::KeyUsageInvalid { index });
        }
        // Section 4.2.1.9: without cA, keyCertSign must not be asserted.
        if usage.is_some_and(|usage| usage.key_cert_sign()) && !extensions.is_ca() {
            return Err(Error::KeyUsageInvalid { index });
        }
        // Section 4.2.1.12: a leaf for any purpose is not one for this purpose.
        match &extensions.extended_key_usage {
            Some(usage) if !usage.contains(&self.oid()) => {
                Err(Error::ExtendedKeyUsageInvalid { index })
            }
            Some(_) | None => Ok(()),
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
            Self::CodeSigning => ID_KP_CODE_SIGNING,
            #[cfg(test)]
            Self::ServerAuth => ID_KP_SERVER_AUTH,
            #[cfg(test)]
            Self::ClientAuth => ID_KP_CLIENT_AUTH,
        }
    }
}
