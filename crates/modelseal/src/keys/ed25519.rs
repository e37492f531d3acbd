//! Ed25519 (RFC 8032), verified strictly: no point of small order, no second encoding.

use ed25519_dalek::{
    Signature, VerifyingKey,
    ed25519::signature::digest::{
        FixedOutput, HashMarker, Output, OutputSizeUser, Update, typenum::U64,
    },
};

use crate::{error::Error, file_kind::FileKind};

const MALFORMED: Error = Error::KeyInvalid {
    found: FileKind::OtherKey,
};

pub(super) fn key(bits: &[u8]) -> Result<VerifyingKey, Error> {
    let octets = bits.try_into().map_err(|_| MALFORMED)?;
    let key = VerifyingKey::from_bytes(octets).map_err(|_| MALFORMED)?;
    // With a key of small order one signature fits many messages.
    if key.is_weak() {
        return Err(MALFORMED);
    }
    Ok(key)
}

pub(super) fn verify(key: &VerifyingKey, message: &[u8], signature: &[u8]) -> bool {
    Signature::from_slice(signature)
        .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok())
}

/// Ed25519ph over a SHA-512 digest.
pub(super) fn verify_prehash(key: &VerifyingKey, digest: &[u8], signature: &[u8]) -> bool {
    let (Ok(digest), Ok(signature)) = (digest.try_into(), Signature::from_slice(signature)) else {
        return false;
    };
    let digest = Digested(digest);
    key.verify_prehashed_strict(digest, None, &signature)
        .is_ok()
}

/// A digest that is there already, in the form that `ed25519-dalek` takes.
struct Digested([u8; 64]);

impl Default for Digested {
    fn default() -> Self {
        Self([0; 64])
    }
}

impl HashMarker for Digested {}

impl OutputSizeUser for Digested {
    type OutputSize = U64;
}

impl Update for Digested {
    fn update(&mut self, _: &[u8]) {}
}

impl FixedOutput for Digested {
    fn finalize_into(self, out: &mut Output<Self>) {
        out.copy_from_slice(&self.0);
    }
}
