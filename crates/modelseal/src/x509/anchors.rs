//! Trust anchors: the certificates that the caller trusts beforehand.

use alloc::vec::Vec;

use super::certificate::Certificate;
use crate::{error::Error, limits::Limits, pem::Pem};

/// The certificates at which a path may end. Never empty.
#[derive(Clone, Debug)]
pub struct Anchors {
    certificates: Vec<Certificate>,
}

impl Anchors {
    /// Reads anchors from PEM. Each text has one or more blocks `CERTIFICATE`, and may have
    /// explanations between them, as the files of trust stores do.
    ///
    /// # Errors
    /// [`Error::AnchorInvalid`], [`Error::AnchorCount`], and [`Error::AnchorMissing`] for none.
    pub fn from_pem<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, Error> {
        let mut ders = Vec::new();
        for text in texts {
            let pem = Pem::parse(text).ok_or(Error::AnchorInvalid)?;
            if pem.blocks.is_empty() {
                return Err(Error::AnchorInvalid);
            }
            for block in pem.blocks {
                // A private key or a request beside a certificate is a mistake worth hearing of.
                if block.label != "CERTIFICATE" {
                    return Err(Error::AnchorInvalid);
                }
                ders.push(block.der);
            }
        }
        Self::from_der(ders.iter().map(Vec::as_slice))
    }

    /// Reads anchors from DER.
    ///
    /// # Errors
    /// [`Error::AnchorInvalid`], [`Error::AnchorCount`], and [`Error::AnchorMissing`] for none.
    pub fn from_der<'a>(ders: impl IntoIterator<Item = &'a [u8]>) -> Result<Self, Error> {
        let limit = Limits::default().certificates;
        let mut certificates = Vec::new();
        for (index, der) in ders.into_iter().enumerate() {
            if index >= limit {
                return Err(Error::AnchorCount { limit });
            }
            let certificate =
                Certificate::from_der(der, index).map_err(|_| Error::AnchorInvalid)?;
            // One that can never be used is a mistake in the policy, better heard of early.
            certificate.public_key().map_err(|_| Error::AnchorInvalid)?;
            certificate
                .check_understood(index)
                .map_err(|_| Error::AnchorInvalid)?;
            certificates.push(certificate);
        }
        if certificates.is_empty() {
            return Err(Error::AnchorMissing);
        }
        Ok(Self { certificates })
    }

    /// OMS 1.0 section 4.1 speaks of a "trusted root CA": any other anchor is the caller's explicit
    /// choice.
    pub(crate) fn require_self_signed(&self) -> Result<(), Error> {
        if self.certificates.iter().all(Certificate::is_self_signed) {
            Ok(())
        } else {
            Err(Error::AnchorNotSelfSigned)
        }
    }

    pub(super) fn iter(&self) -> core::slice::Iter<'_, Certificate> {
        self.certificates.iter()
    }

    #[cfg(test)]
    pub(super) fn from_certificates(certificates: Vec<Certificate>) -> Self {
        Self { certificates }
    }
}
