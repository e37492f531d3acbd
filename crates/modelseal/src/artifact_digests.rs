//! The digests of an artifact: stated by the caller, or made of its bytes.

use sha2::{Digest as _, Sha256, Sha384, Sha512};

use crate::{
    error::{DigestNames, Error},
    keys::Hash,
};

/// The digests of an artifact, as far as they are known.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ArtifactDigests {
    pub(crate) sha256: Option<[u8; 32]>,
    pub(crate) sha384: Option<[u8; 48]>,
    pub(crate) sha512: Option<[u8; 64]>,
    /// Were they made of the bytes?
    pub(crate) hashed: bool,
}

impl ArtifactDigests {
    /// An artifact that is known only by the SHA-256 that the caller states.
    pub fn sha256(digest: [u8; 32]) -> Self {
        Self {
            sha256: Some(digest),
            ..Self::default()
        }
    }

    /// An artifact that is known only by the SHA-384 that the caller states.
    pub fn sha384(digest: [u8; 48]) -> Self {
        Self {
            sha384: Some(digest),
            ..Self::default()
        }
    }

    /// An artifact that is known only by the SHA-512 that the caller states.
    pub fn sha512(digest: [u8; 64]) -> Self {
        Self {
            sha512: Some(digest),
            ..Self::default()
        }
    }

    pub(crate) fn get(&self, hash: Hash) -> Option<&[u8]> {
        match hash {
            Hash::Sha256 => self.sha256.as_ref().map(<[u8; 32]>::as_slice),
            Hash::Sha384 => self.sha384.as_ref().map(<[u8; 48]>::as_slice),
            Hash::Sha512 => self.sha512.as_ref().map(<[u8; 64]>::as_slice),
        }
    }

    /// The digest by the first of `hashes` that is known.
    pub(crate) fn require(&self, hashes: &[Hash]) -> Result<&[u8], Error> {
        let digest = hashes.iter().find_map(|hash| self.get(*hash));
        digest.ok_or_else(|| Error::ArtifactDigestMissing {
            available: names(hashes),
        })
    }
}

/// The hashes, as an error names them.
pub(crate) fn names(hashes: &[Hash]) -> DigestNames {
    DigestNames {
        sha256: hashes.contains(&Hash::Sha256),
        sha384: hashes.contains(&Hash::Sha384),
        sha512: hashes.contains(&Hash::Sha512),
    }
}

/// Hashes an artifact as it streams. By default with every algorithm that signatures and statements
/// use; [`ArtifactBundles::hasher`](crate::ArtifactBundles::hasher) skips those that nothing asks
/// for.
///
/// ```
/// use modelseal::ArtifactHasher;
///
/// let mut hasher = ArtifactHasher::default();
/// hasher.update(b"the artifact, ");
/// hasher.update(b"in pieces");
/// let digests = hasher.finish();
/// # let _ = digests;
/// ```
#[derive(Clone, Debug)]
pub struct ArtifactHasher {
    sha256: Sha256,
    sha384: Option<Sha384>,
    sha512: Option<Sha512>,
}

impl Default for ArtifactHasher {
    fn default() -> Self {
        Self::asked(&Self::LONGER)
    }
}

impl ArtifactHasher {
    /// What may be asked for beside SHA-256.
    pub(crate) const LONGER: [Hash; 2] = [Hash::Sha384, Hash::Sha512];

    /// With SHA-256, and with what is asked for beside it.
    pub(crate) fn asked(asked: &[Hash]) -> Self {
        Self {
            sha256: Sha256::default(),
            sha384: asked.contains(&Hash::Sha384).then(Sha384::default),
            sha512: asked.contains(&Hash::Sha512).then(Sha512::default),
        }
    }

    /// Takes the artifact's next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.sha256.update(bytes);
        if let Some(sha384) = &mut self.sha384 {
            sha384.update(bytes);
        }
        if let Some(sha512) = &mut self.sha512 {
            sha512.update(bytes);
        }
    }

    /// The digests of all bytes.
    pub fn finish(self) -> ArtifactDigests {
        ArtifactDigests {
            sha256: Some(self.sha256.finalize().into()),
            sha384: self.sha384.map(|sha384| sha384.finalize().into()),
            sha512: self.sha512.map(|sha512| sha512.finalize().into()),
            hashed: true,
        }
    }
}
