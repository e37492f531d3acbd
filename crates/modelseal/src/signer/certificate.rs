//! The certificate method (OMS 1.0 section 4.1): a chain from the bundle to the caller's anchors.

use alloc::vec::Vec;

use super::{ChainLink, Observed, Signer, SigningMethod, V02};
use crate::{
    bundle::{Bundle, Material, MediaType},
    conditions::Conditions,
    error::Error,
    evidence::Evidence,
    signed::Signed,
    tlog::Verifier,
    x509::{Anchors, Certificate, Purpose, verify_path},
};

/// The caller's anchors, and what else the caller accepts: for
/// [`Policy::certificate`](crate::Policy::certificate).
#[derive(Clone, Debug)]
pub struct CertificatePolicy {
    anchors: Anchors,
    v0_2: bool,
    intermediate_anchors: bool,
}

impl From<Anchors> for CertificatePolicy {
    fn from(anchors: Anchors) -> Self {
        Self::new(anchors)
    }
}

impl CertificatePolicy {
    /// Expects a certificate that leads to one of `anchors` that is self-signed. A path may lead
    /// through the others.
    pub const fn new(anchors: Anchors) -> Self {
        Self {
            anchors,
            v0_2: false,
            intermediate_anchors: false,
        }
    }

    /// Also accepts the form of v0.2.0 (predicate type `https://model_signing/Digests/v0.1`), whose
    /// signature does not cover a root digest.
    #[must_use]
    pub fn with_digests_v01(self) -> Self {
        Self { v0_2: true, ..self }
    }

    /// Also accepts anchors that are not self-signed.
    #[must_use]
    pub fn with_intermediate_anchors(self) -> Self {
        Self {
            intermediate_anchors: true,
            ..self
        }
    }

    /// Does it accept the form of v0.2.0?
    pub(crate) const fn accepts_v0_2(&self) -> bool {
        self.v0_2
    }

    /// The caller's anchors.
    pub(crate) const fn anchors(&self) -> &Anchors {
        &self.anchors
    }

    /// Sorts out which certificates are anchors, once.
    pub(crate) fn ready(mut self) -> Result<Self, Error> {
        if !self.intermediate_anchors {
            self.anchors = self.anchors.with_self_signed_alone()?;
        }
        Ok(self)
    }

    /// Accepts the bundle's leaf if a path leads from it to an anchor.
    pub(crate) fn accept(
        &self,
        bundle: &Bundle,
        signed: &Signed<'_>,
        conditions: &Conditions<'_>,
    ) -> Result<Signer, Error> {
        let Material::CertificateChain(chain) = &bundle.material else {
            return Err(Error::MaterialMismatch);
        };
        if bundle.media_type != MediaType::V03 {
            return Err(Error::MediaTypeUnsupported);
        }
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
        let evidence = Evidence::verify(bundle, signed, &verifier, conditions)?;
        // Only verified times move the time for which certificates are checked.
        let mut moments = evidence.moments();
        if moments.is_empty() {
            moments.push(conditions.clock.at());
        }
        let budget = conditions.budget;
        let any = self.intermediate_anchors;
        let anchors = self.anchors.with_pinned(&chain, any, budget)?;
        if anchors.is_empty() {
            return Err(Error::IssuerUnknown);
        }
        let purpose = Purpose::CodeSigning;
        let path = verify_path(leaf, &[others], &anchors, &moments, purpose, budget)?;
        conditions.deny.check_path(&path)?;
        Ok(Signer {
            method: SigningMethod::Certificate,
            key: leaf.public_key()?.clone(),
            chain: ChainLink::of_path(&path),
            v0_2: if self.v0_2 {
                V02::Allowed
            } else {
                V02::Refused
            },
            observed: Observed::default(),
            evidence,
            identity: None,
        })
    }
}
