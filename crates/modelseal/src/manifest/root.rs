//! The root digest: SHA-256 over the raw digests of the resources, in listed order.

use modelseal_hash::Digest;
use sha2::{Digest as _, Sha256};

use crate::error::Error;

/// Hashes the digests of resources as they are read.
#[derive(Default)]
pub(crate) struct RootHasher(Sha256);

impl RootHasher {
    pub(crate) fn add(&mut self, digest: &Digest) {
        self.0.update(digest.as_bytes());
    }

    /// Compares with the subject's digest (OMS 1.0 section 5.1).
    pub(crate) fn must_be(self, expected: [u8; 32]) -> Result<(), Error> {
        let actual: [u8; 32] = self.0.finalize().into();
        if actual == expected {
            Ok(())
        } else {
            Err(Error::RootDigestMismatch)
        }
    }
}
