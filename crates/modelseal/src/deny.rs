//! What the policy denies, by digest: certificates, keys, models and artifacts.

use alloc::vec::Vec;

use crate::{
    error::Error,
    keys::PublicKey,
    x509::{Certificate, Path},
};

/// SHA-256 digests of what is denied, whatever it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct DenyList(Vec<[u8; 32]>);

impl DenyList {
    pub(crate) const EMPTY: Self = Self(Vec::new());

    pub(crate) fn push(&mut self, sha256: [u8; 32]) {
        self.0.push(sha256);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn contains(&self, sha256: &[u8; 32]) -> bool {
        self.0.contains(sha256)
    }

    /// A key, by the SHA-256 of its SubjectPublicKeyInfo.
    pub(crate) fn check_key(&self, key: &PublicKey) -> Result<(), Error> {
        if !self.is_empty() && self.contains(&key.spki_digest()) {
            return Err(Error::KeyDenied);
        }
        Ok(())
    }

    /// Every certificate of a path, from the leaf to the anchor, and its key.
    pub(crate) fn check_path(&self, path: &Path<'_>) -> Result<(), Error> {
        if self.is_empty() {
            return Ok(());
        }
        path.certificates()
            .try_for_each(|certificate| self.check_certificate(certificate))
    }

    /// A certificate, in every form of its signature, and its key.
    fn check_certificate(&self, certificate: &Certificate) -> Result<(), Error> {
        let forms = certificate.sha256_of_every_form();
        if forms.iter().any(|form| self.contains(form)) {
            return Err(Error::CertificateDenied);
        }
        self.check_key(certificate.public_key()?)
    }
}
