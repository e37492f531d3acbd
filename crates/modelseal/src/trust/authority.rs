//! An authority of a trust root: a chain of certificates, and the time for which it counts.

use alloc::{string::String, vec::Vec};

use spin::Once;

use super::{Ignored, window};
use crate::{
    budget::Budget,
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
    /// Is it of a bundled root, whose chains a test has checked?
    pub(super) bundled: bool,
    /// Made when it is first needed: it takes as long as several checks of signatures.
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
        let limit = Limits::DEFAULT.certificates;
        if values.is_empty() || values.len() > limit {
            return Err(Error::TrustRootInvalid { field: "certChain" });
        }
        let mut chain = Vec::new();
        for (index, value) in values.iter().enumerate() {
            let mut certificate = read_certificate(value, index)?;
            certificate.precompute();
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
            bundled: false,
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
        budget: &Budget,
    ) -> Result<Path<'a>, Error> {
        let anchors = self
            .anchors
            .call_once(|| Anchors::of_authority(&self.chain, self.bundled));
        verify_path(leaf, &[&self.chain, others], anchors, at, purpose, budget)
    }
}

fn read_certificate(value: &Value<'_>, index: usize) -> Result<Certificate, Error> {
    let invalid = Error::TrustRootInvalid { field: "certChain" };
    let limit = Limits::DEFAULT.certificate_bytes;
    let fields = Fields::of(value, Document::TrustRoot, "certChain")?;
    let der = fields.bytes_up_to("rawBytes", limit, invalid)?;
    Certificate::from_der(&der, index).map_err(|_| invalid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trust::TrustRoot;

    #[test]
    #[allow(clippy::unwrap_used)]
    fn the_chains_of_bundled_roots_hold() {
        let files: [&[u8]; 3] = [
            include_bytes!("../../roots/production.json"),
            include_bytes!("../../roots/staging.json"),
            include_bytes!("../../roots/github.json"),
        ];
        for json in files {
            let root = TrustRoot::parse(json).unwrap();
            let authorities = root.authorities().iter();
            for authority in authorities.chain(root.timestamp_authorities()) {
                assert!(authority.bundled);
                let checked = Anchors::of_authority(&authority.chain, false);
                let bundled = Anchors::of_authority(&authority.chain, true);
                assert!(checked.has_the_links_of(&bundled), "{}", authority.uri);
            }
        }
    }
}
