//! An authority of a trust root: a chain of certificates, and the time for which it counts.

use alloc::{string::String, vec::Vec};

use spin::Once;

use super::{Ignored, window};
use crate::{
    error::Error,
    json::{Document, Fields, Value},
    limits::Limits,
    time::{UnixTime, Window},
    x509::{Anchors, Certificate, Path, Purpose, verify_path},
};

/// A certificate authority, or a timestamp authority (`CertificateAuthority`).
#[derive(Debug)]
pub(crate) struct Authority {
    pub(crate) uri: String,
    /// From the one that issues, or signs, to the root.
    pub(crate) chain: Vec<Certificate>,
    pub(crate) window: Window,
    /// Made when it is first needed: that takes as long as several signatures.
    anchors: Once<Anchors>,
}

impl Authority {
    pub(super) fn read(
        fields: Fields<'_, '_>,
        list: &'static str,
    ) -> Result<Result<Self, Ignored>, Error> {
        let uri: String = fields.optional_str("uri")?.unwrap_or_default().into();
        let window = window(fields.optional_fields("validFor")?)?;
        let values = fields.fields("certChain")?.array("certificates")?;
        let limit = Limits::default().certificates;
        if values.is_empty() || values.len() > limit {
            return Err(Error::TrustRootInvalid { field: "certChain" });
        }
        let mut chain = Vec::new();
        for (index, value) in values.iter().enumerate() {
            let certificate = read_certificate(value, index)?;
            // A kind of key that is not known leaves the authority out, not the root.
            if let Err(error) = certificate.public_key() {
                return Ok(Err(Ignored {
                    list,
                    uri,
                    reason: error.code().into(),
                }));
            }
            chain.push(certificate);
        }
        Ok(Ok(Self {
            uri,
            chain,
            window,
            anchors: Once::new(),
        }))
    }

    /// Finds a path from `leaf`, by way of the authority's own certificates and `others`, to the
    /// authority's root. The window is the caller's to check.
    pub(crate) fn verify<'a>(
        &'a self,
        leaf: &'a Certificate,
        others: &'a [Certificate],
        at: &[UnixTime],
        purpose: Purpose,
        limits: &Limits,
    ) -> Result<Path<'a>, Error> {
        let anchors = self
            .anchors
            .call_once(|| Anchors::of_authority(&self.chain));
        verify_path(leaf, &[&self.chain, others], anchors, at, purpose, limits)
    }
}

fn read_certificate(value: &Value<'_>, index: usize) -> Result<Certificate, Error> {
    let invalid = Error::TrustRootInvalid { field: "certChain" };
    let der = Fields::of(value, Document::TrustRoot, "certChain")?.bytes("rawBytes")?;
    Certificate::from_der(&der, index).map_err(|_| invalid)
}
