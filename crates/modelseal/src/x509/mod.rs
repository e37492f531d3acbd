//! Stands in until the certificate path lands.
use crate::{error::Error, keys::PublicKey, limits::Limits, time::UnixTime};
use alloc::{string::String, vec::Vec};

/// Trust anchors.
#[derive(Clone, Debug)]
pub struct Anchors(());
impl Anchors {
    /// Reads PEM.
    ///
    /// # Errors
    /// AnchorInvalid.
    pub fn from_pem<'a>(_pem: impl IntoIterator<Item = &'a str>) -> Result<Self, Error> {
        Ok(Self(()))
    }
    pub(crate) fn require_self_signed(&self) -> Result<(), Error> {
        Ok(())
    }
}
pub(crate) struct Certificate {
    key: PublicKey,
}
impl Certificate {
    pub(crate) fn from_der(_der: &[u8], index: usize) -> Result<Self, Error> {
        Err(Error::CertificateInvalid { index })
    }
    pub(crate) fn public_key(&self) -> &PublicKey {
        &self.key
    }
    pub(crate) fn subject(&self) -> String {
        String::new()
    }
    pub(crate) fn issuer(&self) -> String {
        String::new()
    }
    pub(crate) fn serial_hex(&self) -> String {
        String::new()
    }
    pub(crate) fn not_before(&self) -> UnixTime {
        UnixTime::EPOCH
    }
    pub(crate) fn not_after(&self) -> UnixTime {
        UnixTime::EPOCH
    }
    pub(crate) fn sha256(&self) -> [u8; 32] {
        [0; 32]
    }
}
pub(crate) enum Purpose {
    CodeSigning,
}
pub(crate) struct Path<'a>(Vec<&'a Certificate>);
impl<'a> Path<'a> {
    pub(crate) fn certificates(&self) -> impl Iterator<Item = &'a Certificate> + '_ {
        self.0.iter().copied()
    }
}
pub(crate) fn verify_path<'a>(
    _leaf: &'a Certificate,
    _others: &'a [Certificate],
    _anchors: &'a Anchors,
    _at: UnixTime,
    _purpose: Purpose,
    _limits: &Limits,
) -> Result<Path<'a>, Error> {
    Err(Error::IssuerUnknown)
}
