//! Trust anchors: the certificates that the caller trusts beforehand.

use alloc::{borrow::Cow, vec::Vec};

use super::certificate::Certificate;
use crate::{error::Error, limits::Limits, pem::Pem};

/// The certificates at which a path may end. Never empty.
///
/// An anchor may be pinned by the SHA-256 of its DER alone: then the bundle brings it.
#[derive(Clone, Debug)]
pub struct Anchors {
    certificates: Vec<Certificate>,
    pinned: Vec<[u8; 32]>,
    links: Vec<Link>,
}

/// The SHA-256 of a certificate, and of the one whose key signed it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Link {
    pub(super) child: [u8; 32],
    pub(super) issuer: [u8; 32],
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
            let key = certificate.public_key().map_err(|_| Error::AnchorInvalid)?;
            if !key.signs_certificates() {
                return Err(Error::AnchorInvalid);
            }
            certificate
                .check_understood(index)
                .map_err(|_| Error::AnchorInvalid)?;
            certificates.push(certificate);
        }
        if certificates.is_empty() {
            return Err(Error::AnchorMissing);
        }
        Ok(Self {
            certificates,
            pinned: Vec::new(),
            links: Vec::new(),
        })
    }

    /// Pins anchors by the SHA-256 of their DER. The bundle has to bring them.
    ///
    /// # Errors
    /// [`Error::AnchorCount`], and [`Error::AnchorMissing`] for none.
    pub fn pinned(digests: impl IntoIterator<Item = [u8; 32]>) -> Result<Self, Error> {
        let anchors = Self {
            certificates: Vec::new(),
            pinned: digests.into_iter().collect(),
            links: Vec::new(),
        };
        let limit = Limits::default().certificates;
        match anchors.pinned.len() {
            0 => Err(Error::AnchorMissing),
            count if count > limit => Err(Error::AnchorCount { limit }),
            _ => Ok(anchors),
        }
    }

    /// These anchors and those of `other`.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.certificates.extend(other.certificates);
        self.pinned.extend(other.pinned);
        self.links.extend(other.links);
        self
    }

    /// The chain of an authority, from the one that issues to its root, which is the anchor. Which
    /// of them signed which is found out here, once for all bundles.
    /// In a chain that is `vouched` for, names say it: a test has checked the signatures.
    pub(crate) fn of_authority(chain: &[Certificate], vouched: bool) -> Self {
        let mut links = Vec::new();
        for child in chain {
            for issuer in chain {
                if issuer.is_named_issuer_of(child)
                    && issuer.sha256() != child.sha256()
                    && (vouched || child.verify_signed_by(issuer).is_ok())
                {
                    links.push(Link {
                        child: child.sha256(),
                        issuer: issuer.sha256(),
                    });
                }
            }
        }
        Self {
            certificates: chain.last().cloned().into_iter().collect(),
            pinned: Vec::new(),
            links,
        }
    }

    #[cfg(test)]
    pub(crate) fn has_the_links_of(&self, other: &Self) -> bool {
        self.links == other.links
    }

    /// With the pinned anchors among `brought`, the certificates of a bundle. Nothing is copied where
    /// there are none.
    pub(crate) fn with_pinned(&self, brought: &[Certificate]) -> Cow<'_, Self> {
        let mut anchors = Cow::Borrowed(self);
        for certificate in brought {
            if self.pinned.contains(&certificate.sha256()) {
                anchors.to_mut().certificates.push(certificate.clone());
            }
        }
        anchors
    }

    /// Are there none, but for those that no bundle has brought yet?
    pub(crate) fn is_empty(&self) -> bool {
        self.certificates.is_empty()
    }

    /// Is it known that the key of `issuer` signed `child`?
    pub(super) fn knows(&self, link: Link) -> bool {
        self.links.contains(&link)
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
        Self {
            certificates,
            pinned: Vec::new(),
            links: Vec::new(),
        }
    }
}
