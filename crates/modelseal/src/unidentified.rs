//! A bundle that says who signed, to a caller who expects no one and trusts no key or authority: the
//! names are claims.

use alloc::{string::String, vec::Vec};

use crate::{
    budget::Budget,
    bundle::{Bundle, Material, MediaType},
    context::Context,
    envelope::v0_2_hash,
    error::Error,
    keys::PublicKey,
    policy::ReportOnly,
    signed::Signed,
    signer::{ChainLink, SigningMethod},
    time::Clock,
    x509::Certificate,
};

/// What a bundle claims about its signer, which nothing here can confirm.
#[derive(Debug)]
pub(crate) struct Unidentified {
    /// [`Error::AnchorNeeded`] or [`Error::KeyNeeded`].
    pub(crate) reason: Error,
    pub(crate) method: SigningMethod,
    pub(crate) key_hint: Option<String>,
    /// Leaf first.
    pub(crate) certificates: Vec<ChainLink>,
    pub(crate) context: Context,
}

impl Bundle {
    /// Under a report on any method: what the bundle claims, where its method needs a key or an anchor of
    /// the caller's; `None` for a keyless bundle, whose signer is identified. The signature of a
    /// certificate bundle must be by its leaf's key.
    ///
    /// # Errors
    /// For a certificate that is malformed, and a signature that its key did not make.
    pub(crate) fn unidentified(
        &self,
        signed: &Signed<'_>,
        report: &ReportOnly,
        clock: Clock,
    ) -> Result<Option<Unidentified>, Error> {
        if !report.covers_any() {
            return Ok(None);
        }
        let name = Some(self.media_type.name());
        let context = Context::new(self.sha256, name, report.policy(), clock);
        let unidentified = Unidentified {
            reason: Error::KeyNeeded,
            method: SigningMethod::Key,
            key_hint: None,
            certificates: Vec::new(),
            context,
        };
        Ok(match (&self.material, self.media_type) {
            (Material::PublicKey(key), _) => Some(Unidentified {
                key_hint: key.hint.clone(),
                ..unidentified
            }),
            (Material::CertificateChain(chain), MediaType::V03 | MediaType::V03Parameter) => {
                Some(Unidentified {
                    reason: Error::AnchorNeeded,
                    method: SigningMethod::Certificate,
                    certificates: self.claimed_chain(chain, signed)?,
                    ..unidentified
                })
            }
            // Before version 0.3 keyless bundles have chains too.
            (Material::Certificate(_) | Material::CertificateChain(_), _) => None,
        })
    }

    fn claimed_chain(
        &self,
        chain: &[Vec<u8>],
        signed: &Signed<'_>,
    ) -> Result<Vec<ChainLink>, Error> {
        let budget = Budget::new(&self.limits);
        let mut claimed = Vec::new();
        for (index, der) in chain.iter().enumerate() {
            let certificate = Certificate::from_der(der, index)?;
            if index == 0 {
                made(signed, certificate.public_key()?, &budget)?;
            }
            claimed.push(ChainLink::of(&certificate));
        }
        Ok(claimed)
    }
}

/// Did the key make the signature, in the form of OMS 1.0 or in that of v0.2.0?
fn made(signed: &Signed<'_>, key: &PublicKey, budget: &Budget) -> Result<(), Error> {
    match (signed.verify(key, None, budget), signed) {
        (Ok(_), _) => Ok(()),
        (Err(Error::SignatureMismatch), Signed::Envelope(envelope)) => {
            budget.signature_check()?;
            key.verify_sha256_prehash(&v0_2_hash(&envelope.payload), &envelope.signature)
        }
        (Err(error), _) => Err(error),
    }
}
