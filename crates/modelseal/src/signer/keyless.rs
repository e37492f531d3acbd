//! The keyless method (Sigstore): a short-lived certificate by an authority of the trust root, valid
//! at every verified time, and logged before it was used.

use alloc::vec::Vec;

use super::{CertificateIdentity, ChainLink, Observed, Signer, SigningMethod, V02, sct};
use crate::{
    budget::Budget,
    bundle::{Bundle, Material, MediaType},
    conditions::Conditions,
    error::Error,
    evidence::Evidence,
    signed::Signed,
    time::UnixTime,
    tlog::Verifier,
    trust::TrustRoot,
    x509::{Certificate, Path, Purpose},
};

impl Signer {
    /// Accepts the bundle's certificate if it leads to an authority of the trust root. Whether its
    /// identity is the expected one is the policy's next question.
    pub(crate) fn accept_keyless(
        bundle: &Bundle,
        signed: &Signed<'_>,
        conditions: &Conditions<'_>,
    ) -> Result<Self, Error> {
        let root = conditions.root.ok_or(Error::TrustRootMissing)?;
        let budget = conditions.budget;
        let (leaf, others, root_in_chain) = read_chain(bundle, budget)?;
        let verifier = Verifier::Certificate(&leaf);
        let evidence = Evidence::verify(bundle, signed, &verifier, conditions)?;
        // A root without logs, such as GitHub's own, has timestamps alone.
        if evidence.log_entries.is_empty() && root.names_logs() {
            return Err(Error::LogEntryMissing);
        }
        let moments = evidence.moments();
        if moments.is_empty() {
            return Err(Error::TimeMissing);
        }
        let path = verify_chain(&leaf, &others, root, &moments, budget)?;
        conditions.deny.check_path(&path)?;
        let issuer = path.certificates().nth(1).ok_or(Error::IssuerUnknown)?;
        sct::verify(&leaf, issuer, root, conditions)?;
        Ok(Self {
            method: SigningMethod::Sigstore,
            key: leaf.public_key()?.clone(),
            chain: ChainLink::of_path(&path),
            v0_2: V02::Unknown,
            observed: Observed {
                root_in_chain,
                ..Observed::default()
            },
            evidence,
            identity: Some(CertificateIdentity::read(&leaf)?),
        })
    }
}

/// The bundle's leaf, its other certificates, and whether a self-signed one was skipped.
///
/// From version 0.3 on there is the leaf alone. Signers must not include roots; verifiers should
/// tolerate old bundles that do (protobuf-specs, `VerificationMaterial`). A root in the bundle is
/// never an anchor.
fn read_chain(
    bundle: &Bundle,
    budget: &Budget,
) -> Result<(Certificate, Vec<Certificate>, bool), Error> {
    let ders = match (&bundle.material, bundle.media_type) {
        (Material::Certificate(der), MediaType::V03 | MediaType::V03Parameter) => {
            core::slice::from_ref(der)
        }
        (Material::CertificateChain(chain), MediaType::V01 | MediaType::V02) => chain.as_slice(),
        _ => return Err(Error::MaterialMismatch),
    };
    let mut ders = ders.iter().enumerate();
    let (index, der) = ders.next().ok_or(Error::MaterialMissing)?;
    let leaf = Certificate::from_der(der, index)?;
    if is_root(&leaf, budget)? {
        return Err(Error::ChainHasRoot { index });
    }
    let (mut others, mut root_in_chain) = (Vec::new(), false);
    for (index, der) in ders {
        let certificate = Certificate::from_der(der, index)?;
        if is_root(&certificate, budget)? {
            root_in_chain = true;
        } else {
            others.push(certificate);
        }
    }
    Ok((leaf, others, root_in_chain))
}

/// Is it self-signed? One whose names differ is not asked: nothing issued it, so no path uses it.
fn is_root(certificate: &Certificate, budget: &Budget) -> Result<bool, Error> {
    if !certificate.is_self_issued() {
        return Ok(false);
    }
    budget.signature_check()?;
    Ok(certificate.is_self_signed())
}

/// Finds the authority that issued the leaf, itself valid at every one of `moments`.
fn verify_chain<'a>(
    leaf: &'a Certificate,
    others: &'a [Certificate],
    root: &'a TrustRoot,
    moments: &[UnixTime],
    budget: &Budget,
) -> Result<Path<'a>, Error> {
    let mut failure = Error::IssuerUnknown;
    for authority in root.authorities() {
        let outside = moments.iter().find(|at| !authority.window.covers(**at));
        let result = authority.verify(leaf, others, moments, Purpose::Keyless, budget);
        match (result, outside) {
            (Ok(path), None) => return Ok(path),
            (Ok(_), Some(at)) => failure = Error::AuthorityOutsideValidity { at: *at },
            // Another authority of the same name says nothing about this one.
            (Err(Error::IssuerUnknown | Error::CertificateSignatureMismatch { .. }), _) => {}
            (Err(error), _) => failure = error,
        }
    }
    Err(failure)
}
