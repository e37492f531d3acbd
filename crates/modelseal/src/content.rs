//! What a signature is over: an envelope's PAE (DSSE v1.0 "protocol"), or an artifact's digest.

use alloc::{format, string::String, vec::Vec};

use sha2::{Digest as _, Sha256, Sha384, Sha512};

use crate::{
    bundle::{Bundle, Content, Envelope, MessageSignature, PAYLOAD_TYPE},
    error::Error,
    keys::{Hash, PublicKey},
};

/// The digests of an artifact, as far as the caller knows them.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ArtifactDigests {
    pub(crate) sha256: Option<[u8; 32]>,
    pub(crate) sha384: Option<[u8; 48]>,
    pub(crate) sha512: Option<[u8; 64]>,
}

impl ArtifactDigests {
    /// An artifact that is known by its SHA-256 alone.
    pub const fn sha256(digest: [u8; 32]) -> Self {
        Self {
            sha256: Some(digest),
            sha384: None,
            sha512: None,
        }
    }

    pub(crate) fn get(&self, hash: Hash) -> Option<&[u8]> {
        match hash {
            Hash::Sha256 => self.sha256.as_ref().map(<[u8; 32]>::as_slice),
            Hash::Sha384 => self.sha384.as_ref().map(<[u8; 48]>::as_slice),
            Hash::Sha512 => self.sha512.as_ref().map(<[u8; 64]>::as_slice),
        }
    }
}

/// Hashes an artifact as it streams. By default with every algorithm that signatures and statements
/// use; [`ArtifactHasher::for_bundle`] leaves out what nobody asks for.
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
        }
    }
}

/// A bundle's content, with what it is over. Whether the signature holds is for
/// [`Signed::verify`] to say.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Signed<'a> {
    Envelope(&'a Envelope),
    Message(&'a MessageSignature, &'a ArtifactDigests),
}

impl<'a> Signed<'a> {
    /// The envelope of a bundle over a statement; a signature over an artifact has none.
    pub(crate) fn envelope(bundle: &'a Bundle) -> Result<Self, Error> {
        match &bundle.content {
            Content::Envelope(envelope) => Ok(Self::Envelope(envelope)),
            Content::Message(_) => Err(Error::BundleFieldMissing {
                field: "dsseEnvelope",
            }),
        }
    }

    /// The content of a bundle over an artifact.
    pub(crate) fn artifact(
        bundle: &'a Bundle,
        digests: &'a ArtifactDigests,
    ) -> Result<Self, Error> {
        match &bundle.content {
            Content::Envelope(envelope) => Ok(Self::Envelope(envelope)),
            Content::Message(message) => {
                message.check_digest(digests)?;
                Ok(Self::Message(message, digests))
            }
        }
    }

    pub(crate) fn signature(&self) -> &'a [u8] {
        match self {
            Self::Envelope(envelope) => &envelope.signature,
            Self::Message(message, _) => &message.signature,
        }
    }

    /// The digest of what was signed: of the PAE, or of the artifact.
    pub(crate) fn digest(&self, hash: Hash) -> Result<Vec<u8>, Error> {
        match self {
            Self::Envelope(envelope) => {
                let head = pae_head(envelope.payload.len());
                Ok(hash.digest(&[head.as_bytes(), &envelope.payload]))
            }
            Self::Message(_, digests) => digests
                .get(hash)
                .map(<[u8]>::to_vec)
                .ok_or(Error::ArtifactDigestMissing),
        }
    }

    /// Did `key` make the signature?
    pub(crate) fn verify(&self, key: &PublicKey) -> Result<(), Error> {
        match self {
            Self::Envelope(envelope) => {
                let head = pae_head(envelope.payload.len());
                key.verify_by_curve(&[head.as_bytes(), &envelope.payload], &envelope.signature)
            }
            Self::Message(message, digests) => {
                // Ed25519ph has SHA-512 (RFC 8032 section 5.1); the bytes themselves are not here.
                let hash = key.content_hash().unwrap_or(Hash::Sha512);
                let digest = digests.get(hash).ok_or(Error::ArtifactDigestMissing)?;
                key.verify_prehash(digest, &message.signature)
            }
        }
    }
}

impl MessageSignature {
    /// `messageDigest` is a hint, and a wrong one shows that something is wrong.
    fn check_digest(&self, digests: &ArtifactDigests) -> Result<(), Error> {
        let Some((algorithm, digest)) = &self.digest else {
            return Ok(());
        };
        let hash = Hash::from_name(algorithm).ok_or(Error::MessageDigestMismatch)?;
        let known = digests.get(hash).ok_or(Error::ArtifactDigestMissing)?;
        if known == digest.as_slice() {
            Ok(())
        } else {
            Err(Error::MessageDigestMismatch)
        }
    }
}

/// The PAE up to the payload. The payload type was compared when the bundle was read; the constant
/// is what is signed.
fn pae_head(payload: usize) -> String {
    format!("DSSEv1 {} {PAYLOAD_TYPE} {payload} ", PAYLOAD_TYPE.len())
}
