//! The certificate method (OMS 1.0 section 4.1): a chain from the bundle to the caller's anchors.

use alloc::{borrow::Cow, vec::Vec};

use super::{ChainLink, DigestsV01, Signer};
use crate::{
    bundle::{Bundle, Material, MediaType},
    clock::Clock,
    content::Signed,
    error::Error,
    evidence::Evidence,
    tlog::Verifier,
    trust::TrustRoot,
    x509::{Anchors, Certificate, Purpose, verify_path},
};

/// The caller's anchors and what else they accept.
#[derive(Clone, Debug)]
pub(crate) struct CertificatePolicy {
    anchors: Anchors,
    pub(crate) digests_v01: bool,
    pub(crate) intermediate_anchors: bool,
}

impl CertificatePolicy {
    pub(crate) const fn new(anchors: Anchors) -> Self {
        Self {
            anchors,
            digests_v01: false,
            intermediate_anchors: false,
        }
    }

    /// OMS 1.0 speaks of a "trusted root CA": other anchors need the caller's word.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.intermediate_anchors {
            Ok(())
        } else {
            self.anchors.require_self_signed()
        }
    }

    /// Accepts the bundle's leaf if a path leads from it to an anchor.
    pub(crate) fn accept(
        &self,
        bundle: &Bundle,
        signed: &Signed<'_>,
        root: Option<&TrustRoot>,
        clock: Clock,
    ) -> Result<Signer, Error> {
        let Material::CertificateChain(chain) = &bundle.material else {
            return Err(Error::MaterialMismatch);
        };
        if bundle.media_type != MediaType::V03 {
            return Err(Error::MediaTypeUnsupported);
        }
        self.check()?;
        // A malformed certificate is refused even where no path needs it.
        let chain: Vec<Certificate> = chain
            .iter()
            .enumerate()
            .map(|(index, der)| Certificate::from_der(der, index))
            .collect::<Result<_, _>>()?;
        let Some((leaf, others)) = chain.split_first() else {
            return Err(Error::CertificateCount {
                limit: bundle.limits.certificates,
            });
        };
        let verifier = Verifier::Certificate(leaf);
        let evidence = Evidence::verify(bundle, signed, &verifier, root, clock)?;
        // Only verified times move the time of judgement.
        let mut moments = evidence.moments();
        if moments.is_empty() {
            moments.push(clock.at());
        }
        let anchors = self.anchors.with_pinned(&chain);
        if anchors.is_empty() {
            return Err(Error::IssuerUnknown);
        }
        // Those that the bundle brought; the policy's own were looked at above.
        if let (Cow::Owned(anchors), false) = (&anchors, self.intermediate_anchors) {
            anchors.require_self_signed()?;
        }
        let path = verify_path(
            leaf,
            &[others],
            &anchors,
            &moments,
            Purpose::CodeSigning,
            &bundle.limits,
        )?;
        Ok(Signer {
            method: "certificate",
            key: leaf.public_key()?.clone(),
            chain: path.certificates().map(ChainLink::of).collect(),
            digests_v01: if self.digests_v01 {
                DigestsV01::Allowed
            } else {
                DigestsV01::Refused
            },
            hint_missing: false,
            evidence,
            identity: None,
        })
    }
}

impl ChainLink {
    pub(crate) fn of(certificate: &Certificate) -> Self {
        Self {
            subject: certificate.subject(),
            issuer: certificate.issuer(),
            serial: certificate.serial_hex(),
            not_before: certificate.not_before(),
            not_after: certificate.not_after(),
            sha256: certificate.sha256(),
        }
    }
}
