//! Trust anchors: the certificates that the caller trusts beforehand.

use alloc::{borrow::Cow, string::String, vec::Vec};

use super::{certificate::Certificate, link::Link};
use crate::{
    budget::Budget,
    error::Error,
    file_kind::{FileKind, without_mark},
    limits::Limits,
    pem::Pem,
};

/// The certificates at which a path may end. Never empty.
///
/// An anchor may be pinned by the SHA-256 of its DER alone: then the bundle contains it.
///
/// ```
/// use modelseal::{Anchors, Error, FileKind};
///
/// let found = FileKind::Html;
/// let error = Anchors::from_pem(["<html>Not found</html>"]).unwrap_err();
/// assert_eq!(error, Error::AnchorInvalid { found });
/// ```
#[derive(Clone, Debug)]
pub struct Anchors {
    certificates: Vec<Certificate>,
    /// Certificates that are not anchors: a path may lead through them.
    candidates: Vec<Certificate>,
    pinned: Vec<[u8; 32]>,
    links: Vec<Link>,
    ignored: Vec<IgnoredAnchor>,
}

/// A certificate, or something beside one, that cannot be used as an anchor and was skipped.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct IgnoredAnchor {
    /// What it is.
    pub found: FileKind,
    /// The certificate's subject (RFC 4514), where it can be read. Escape it where it is shown.
    pub subject: Option<String>,
}

impl Anchors {
    /// Reads anchors from PEM. Each file has one or more blocks `CERTIFICATE`, and may have
    /// explanations between them, as the files of trust stores do. One byte order mark before them is
    /// skipped. Blocks that cannot be used are skipped where another one can, and listed in the
    /// verdict.
    ///
    /// # Errors
    /// [`Error::AnchorInvalid`], [`Error::AnchorCount`], and [`Error::AnchorMissing`] for none.
    pub fn from_pem(files: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Result<Self, Error> {
        let mut anchors = Self::empty();
        for file in files {
            let bytes = without_mark(file.as_ref());
            let invalid = |found| Error::AnchorInvalid { found };
            let text = core::str::from_utf8(bytes).map_err(|_| invalid(FileKind::of(bytes)))?;
            let pem = Pem::parse(text).ok_or(invalid(FileKind::PemBroken))?;
            if !pem.blocks.iter().any(|block| block.label == "CERTIFICATE") {
                return Err(invalid(FileKind::of(bytes)));
            }
            for block in pem.blocks {
                match block.label {
                    "CERTIFICATE" => anchors.add(&block.der)?,
                    label if label.ends_with("PRIVATE KEY") => {
                        anchors.ignore(FileKind::PrivateKey, None);
                    }
                    _ => anchors.ignore(FileKind::OtherPem, None),
                }
            }
        }
        anchors.or_error()
    }

    /// Reads anchors from DER.
    ///
    /// # Errors
    /// [`Error::AnchorInvalid`], [`Error::AnchorCount`], and [`Error::AnchorMissing`] for none.
    pub fn from_der<'a>(ders: impl IntoIterator<Item = &'a [u8]>) -> Result<Self, Error> {
        let mut anchors = Self::empty();
        for der in ders {
            anchors.add(der)?;
        }
        anchors.or_error()
    }

    const fn empty() -> Self {
        Self {
            certificates: Vec::new(),
            candidates: Vec::new(),
            pinned: Vec::new(),
            links: Vec::new(),
            ignored: Vec::new(),
        }
    }

    /// Adds a certificate, or notes why it can never be used.
    fn add(&mut self, der: &[u8]) -> Result<(), Error> {
        let limits = Limits::DEFAULT;
        let index = self.certificates.len();
        if index.saturating_add(self.ignored.len()) >= limits.certificates {
            let limit = limits.certificates;
            return Err(Error::AnchorCount { limit });
        }
        if der.len() > limits.certificate_bytes {
            self.ignore(FileKind::OtherCertificate, None);
            return Ok(());
        }
        let Ok(certificate) = Certificate::from_der(der, index) else {
            self.ignore(FileKind::OtherCertificate, None);
            return Ok(());
        };
        let found = match certificate.public_key() {
            Err(_) => Some(FileKind::OtherKey),
            Ok(key) if !key.signs_certificates() => Some(FileKind::Ed25519),
            Ok(_) if certificate.check_understood(index).is_err() => {
                Some(FileKind::OtherCertificate)
            }
            Ok(_) => None,
        };
        match found {
            Some(found) => self.ignore(found, Some(certificate.subject())),
            None => self.certificates.push(certificate),
        }
        Ok(())
    }

    fn ignore(&mut self, found: FileKind, subject: Option<String>) {
        // What is beside the certificates may be repeated without end.
        if self.ignored.len() < Limits::DEFAULT.certificates {
            self.ignored.push(IgnoredAnchor { found, subject });
        }
    }

    /// Fails where no certificate can be used.
    fn or_error(self) -> Result<Self, Error> {
        match (self.certificates.as_slice(), self.ignored.as_slice()) {
            ([], []) => Err(Error::AnchorMissing),
            ([], [first, ..]) => Err(Error::AnchorInvalid { found: first.found }),
            _ => Ok(self),
        }
    }

    /// Pins anchors by the SHA-256 of their DER. The bundle contains the certificates.
    ///
    /// # Errors
    /// [`Error::AnchorCount`], and [`Error::AnchorMissing`] for none.
    pub fn pinned(digests: impl IntoIterator<Item = [u8; 32]>) -> Result<Self, Error> {
        let anchors = Self {
            pinned: digests.into_iter().collect(),
            ..Self::empty()
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
        self.candidates.extend(other.candidates);
        self.pinned.extend(other.pinned);
        self.links.extend(other.links);
        self.ignored.extend(other.ignored);
        self
    }

    /// OMS 1.0 section 4.1 speaks of a "trusted root CA": of the caller's certificates only those that
    /// verify under their own key are anchors. A path may lead through the others.
    pub(crate) fn with_self_signed_alone(mut self) -> Result<Self, Error> {
        let (anchors, others) = self
            .certificates
            .into_iter()
            .partition(Certificate::is_self_signed);
        self.certificates = anchors;
        self.candidates.extend::<Vec<_>>(others);
        if self.certificates.is_empty() && self.pinned.is_empty() {
            return Err(Error::AnchorNotSelfSigned);
        }
        Ok(self)
    }

    /// The chain of an authority, from the one that issues to its root, which is the anchor. Which
    /// of them signed which is found out here, once for all bundles.
    ///
    /// In a chain that is `bundled` names are enough: a test has checked the signatures.
    pub(crate) fn of_authority(chain: &[Certificate], bundled: bool) -> Self {
        let mut links = Vec::new();
        for child in chain {
            for issuer in chain {
                if issuer.is_named_issuer_of(child)
                    && issuer.sha256() != child.sha256()
                    && (bundled || child.verify_signed_by(issuer).is_ok())
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
            links,
            ..Self::empty()
        }
    }

    #[cfg(test)]
    pub(crate) fn has_the_links_of(&self, other: &Self) -> bool {
        self.links == other.links
    }

    /// With the pinned anchors among `others`, the certificates of a bundle. Nothing is copied where
    /// there are none.
    ///
    /// # Errors
    /// [`Error::AnchorNotSelfSigned`] for a pinned one that is not, unless `any` is allowed.
    pub(crate) fn with_pinned(
        &self,
        others: &[Certificate],
        any: bool,
        budget: &Budget,
    ) -> Result<Cow<'_, Self>, Error> {
        let mut anchors = Cow::Borrowed(self);
        for certificate in others {
            if self.pinned.contains(&certificate.sha256()) {
                if !any {
                    budget.signature_check()?;
                    if !certificate.is_self_signed() {
                        return Err(Error::AnchorNotSelfSigned);
                    }
                }
                anchors.to_mut().certificates.push(certificate.clone());
            }
        }
        Ok(anchors)
    }

    /// Are there none, apart from pinned ones that the bundle does not contain?
    pub(crate) fn is_empty(&self) -> bool {
        self.certificates.is_empty()
    }

    /// The caller's certificates that are not anchors.
    pub(crate) fn candidates(&self) -> &[Certificate] {
        &self.candidates
    }

    /// What cannot be used of what the caller gave.
    pub(crate) fn ignored(&self) -> &[IgnoredAnchor] {
        &self.ignored
    }

    /// Is it known that the key of `issuer` signed `child`?
    pub(super) fn knows(&self, link: Link) -> bool {
        self.links.contains(&link)
    }

    pub(super) fn len(&self) -> usize {
        self.certificates.len()
    }

    pub(super) fn iter(&self) -> core::slice::Iter<'_, Certificate> {
        self.certificates.iter()
    }

    #[cfg(test)]
    pub(super) fn from_certificates(certificates: Vec<Certificate>) -> Self {
        Self {
            certificates,
            ..Self::empty()
        }
    }
}
