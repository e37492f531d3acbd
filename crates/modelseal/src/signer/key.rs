//! The key method (OMS 1.0 section 4.1): the caller's key, and the bundle's hint at it.

use super::{DigestsV01, Signer};
use crate::{
    bundle::{Bundle, Material, MediaType, PublicKeyMaterial},
    error::Error,
    keys::PublicKey,
};

impl Signer {
    /// Accepts the bundle's material if it points at `key`, the one that the caller trusts.
    pub(crate) fn accept_key(bundle: &Bundle, key: &PublicKey) -> Result<Self, Error> {
        let Material::PublicKey(material) = &bundle.material else {
            return Err(Error::MaterialMismatch);
        };
        if bundle.media_type != MediaType::V03 {
            return Err(Error::MediaTypeUnsupported);
        }
        bundle.refuse_unchecked_evidence()?;
        material.must_point_at(key)?;
        Ok(Self {
            method: "key",
            key: key.clone(),
            chain: alloc::vec::Vec::new(),
            digests_v01: DigestsV01::Unknown,
            hint_missing: material.hint.is_none() && material.raw_bytes.is_none(),
        })
    }
}

impl PublicKeyMaterial {
    /// Every hint that is there must point at `key`: a wrong one means another signer.
    ///
    /// The hint is the SHA-256 of the PEM text, not of the DER, in lower-case hex.
    fn must_point_at(&self, key: &PublicKey) -> Result<(), Error> {
        if self
            .hint
            .as_ref()
            .is_some_and(|hint| *hint != key.pem_hint())
        {
            return Err(Error::KeyHintMismatch);
        }
        let details = self.key_details.as_deref();
        if details.is_some_and(|details| Some(details) != key.key_details()) {
            return Err(Error::KeyRawBytesMismatch);
        }
        let Some(raw) = &self.raw_bytes else {
            return Ok(());
        };
        // Signers before 1.1.0 wrote the PEM text, protobuf-specs asks for DER.
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
