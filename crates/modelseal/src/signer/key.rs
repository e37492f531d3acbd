//! The key method (OMS 1.0 section 4.1): the caller's key, and the bundle's hint at it.

use alloc::vec::Vec;

use super::{Observed, Signer, SigningMethod, V02};
use crate::{
    bundle::{Bundle, Material, MediaType, PublicKeyMaterial},
    conditions::Conditions,
    error::Error,
    evidence::Evidence,
    keys::PublicKey,
    signed::Signed,
    tlog::Verifier,
};

/// What a bundle's hint at its key means.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum UseOfHint {
    /// OMS 1.0 section 4.1: the SHA-256 of the key in PEM.
    Oms,
    /// Anything: it is not looked at.
    Nothing,
}

impl Signer {
    /// Accepts the bundle's material if it points at `key`, the one that the caller trusts.
    ///
    /// Where the signature is over an artifact, the hint is not OMS's. Sigstore's clients write
    /// different things, so it is not looked at.
    pub(crate) fn accept_key(
        bundle: &Bundle,
        signed: &Signed<'_>,
        use_of_hint: UseOfHint,
        key: &PublicKey,
        conditions: &Conditions<'_>,
    ) -> Result<Self, Error> {
        let Material::PublicKey(material) = &bundle.material else {
            return Err(Error::MaterialMismatch);
        };
        if use_of_hint == UseOfHint::Oms && bundle.media_type != MediaType::V03 {
            return Err(Error::MediaTypeUnsupported);
        }
        if use_of_hint == UseOfHint::Oms {
            material.must_point_at(key)?;
        }
        conditions.deny.check_key(key)?;
        let evidence = Evidence::verify(bundle, signed, &Verifier::Key(key), conditions)?;
        Ok(Self {
            method: SigningMethod::Key,
            key: key.clone(),
            chain: Vec::new(),
            v0_2: V02::Unknown,
            observed: Observed {
                no_hint: material.hint.is_none() && material.raw_bytes.is_none(),
                ..Observed::default()
            },
            evidence,
            identity: None,
        })
    }
}

impl PublicKeyMaterial {
    /// Every hint must point at `key`: a wrong one means another signer.
    ///
    /// The hint is the SHA-256 of the PEM, not of the DER, in lower-case hex.
    fn must_point_at(&self, key: &PublicKey) -> Result<(), Error> {
        if self
            .hint
            .as_ref()
            .is_some_and(|hint| *hint != key.pem_hint())
        {
            return Err(Error::KeyHintMismatch);
        }
        let details = self.key_details.as_deref();
        if details.is_some_and(|details| Some(details) != key.key_details(None)) {
            return Err(Error::KeyRawBytesMismatch);
        }
        let Some(raw) = &self.raw_bytes else {
            return Ok(());
        };
        // Signers before 1.1.0 wrote PEM, protobuf-specs asks for DER.
        let own = match core::str::from_utf8(raw) {
            Ok(pem) => PublicKey::from_bare_pem(pem),
            Err(_) => PublicKey::from_spki_der(raw),
        };
        match own {
            Ok(own) if own.spki_digest() == key.spki_digest() => Ok(()),
            _ => Err(Error::KeyRawBytesMismatch),
        }
    }
}
