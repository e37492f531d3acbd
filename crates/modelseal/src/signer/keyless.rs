//! The keyless method (Sigstore): a short-lived certificate by an authority of the trust root, valid
//! at every verified time, logged before it was used.

use alloc::vec::Vec;

use super::{CertificateIdentity, ChainLink, DigestsV01, Signer, sct};
use crate::{
    bundle::{Bundle, Material, MediaType},
    clock::Clock,
    content::Signed,
    error::Error,
    evidence::Evidence,
    limits::Limits,
    time::UnixTime,
    tlog::Verifier,
    trust::TrustRoot,
    x509::{Certificate, Path, Purpose},
};

impl Signer {
    /// Accepts the bundle's certificate if the trust root vouches for it. Whether its identity is
    /// the expected one is the policy's next question.
    pub(crate) fn accept_keyless(
        bundle: &Bundle,
        signed: &Signed<'_>,
        root: &TrustRoot,
        clock: Clock,
    ) -> Result<Self, Error> {
        let chain = read_chain(bundle)?;
        let Some((leaf, others)) = chain.split_first() else {
            return Err(Error::MaterialMissing);
        };
        let verifier = Verifier::Certificate(leaf);
        let evidence = Evidence::verify(bundle, signed, &verifier, Some(root), clock)?;
        // A root without logs, such as GitHub's own, vouches with timestamps alone.
        if evidence.logged.is_empty() && root.names_logs() {
            return Err(Error::LogEntryMissing);
        }
        let moments = evidence.moments();
        if moments.is_empty() {
            return Err(Error::TimeMissing);
        }
        let path = verify_chain(leaf, others, root, &moments, &bundle.limits)?;
        let issuer = path.certificates().nth(1).ok_or(Error::IssuerUnknown)?;
        sct::verify(leaf, issuer, root)?;
        Ok(Self {
            method: "sigstore",
            key: leaf.public_key()?.clone(),
            chain: path.certificates().map(ChainLink::of).collect(),
            digests_v01: DigestsV01::Unknown,
            hint_missing: false,
            evidence,
            identity: Some(CertificateIdentity::read(leaf)?),
        })
    }
}

/// The bundle's certificates, leaf first. From version 0.3 on there is the leaf alone.
fn read_chain(bundle: &Bundle) -> Result<Vec<Certificate>, Error> {
    let ders = match (&bundle.material, bundle.media_type) {
        (Material::Certificate(der), MediaType::V03 | MediaType::V03Parameter) => {
            core::slice::from_ref(der)
        }
        (Material::CertificateChain(chain), MediaType::V01 | MediaType::V02) => chain.as_slice(),
        _ => return Err(Error::MaterialMismatch),
    };
    let mut chain = Vec::new();
    for (index, der) in ders.iter().enumerate() {
        let certificate = Certificate::from_der(der, index)?;
        if certificate.is_self_signed() {
            return Err(Error::ChainHasRoot { index });
        }
        chain.push(certificate);
    }
    Ok(chain)
}

/// Finds the authority that issued the leaf, itself valid at every one of `moments`.
fn verify_chain<'a>(
    leaf: &'a Certificate,
    others: &'a [Certificate],
    root: &'a TrustRoot,
    moments: &[UnixTime],
    limits: &Limits,
) -> Result<Path<'a>, Error> {
    let mut failure = Error::IssuerUnknown;
    for authority in root.authorities() {
        let outside = moments.iter().find(|at| !authority.window.covers(**at));
        let result = authority.verify(leaf, others, moments, Purpose::Keyless, limits);
        match (result, outside) {
            (Ok(path), None) => return Ok(path),
            (Ok(_), Some(at)) => failure = Error::AuthorityOutsideValidity { at: *at },
            // Another authority of the same name is no news.
            (Err(Error::IssuerUnknown | Error::CertificateSignatureMismatch { .. }), _) => {}
            (Err(error), _) => failure = error,
        }
    }
    Err(failure)
}
