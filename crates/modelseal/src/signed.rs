//! What a signature is over: an envelope's PAE (DSSE v1.0 "protocol"), or an artifact's digest.

use alloc::{format, string::String, vec::Vec};

use crate::{
    artifact_digests::ArtifactDigests,
    budget::Budget,
    bundle::{Bundle, Content, Envelope, MessageSignature, PAYLOAD_TYPE},
    error::Error,
    keys::{Hash, PublicKey},
};

/// A bundle's content, with what it is over. [`Signed::verify`] says whether the signature holds.
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
            Self::Message(_, digests) => digests.require(&[hash]).map(<[u8]>::to_vec),
        }
    }

    /// Did `key` make the signature? `stated` is the hash that log entries state for a signature over
    /// an artifact. The result is the hash of such a signature; an envelope's follows the key.
    pub(crate) fn verify(
        &self,
        key: &PublicKey,
        stated: Option<Hash>,
        budget: &Budget,
    ) -> Result<Option<Hash>, Error> {
        match self {
            Self::Envelope(envelope) => {
                budget.signature_check()?;
                let head = pae_head(envelope.payload.len());
                let message = [head.as_bytes(), &envelope.payload];
                key.verify_by_curve(&message, &envelope.signature)
                    .map(|()| None)
            }
            Self::Message(message, digests) => message.verify(digests, key, stated, budget),
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
        if digests.require(&[hash])? == digest.as_slice() {
            Ok(())
        } else {
            Err(Error::MessageDigestMismatch)
        }
    }

    fn verify(
        &self,
        digests: &ArtifactDigests,
        key: &PublicKey,
        stated: Option<Hash>,
        budget: &Budget,
    ) -> Result<Option<Hash>, Error> {
        let mut failure = Error::SignatureMismatch;
        for hash in self.hashes(key, stated)? {
            // A digest that is not known might be the signed one: then nothing can be said.
            failure = match digests.require(&[hash]) {
                Err(missing) => missing,
                Ok(digest) => {
                    budget.signature_check()?;
                    match key.verify_prehash(digest, &self.signature) {
                        Ok(()) => return Ok(Some(hash)),
                        Err(_) if !failure.is_judgement() => failure,
                        Err(error) => error,
                    }
                }
            };
        }
        Err(failure)
    }

    /// The hashes by which the key may have signed: the one that a log entry states; else the one of
    /// `messageDigest`, and the key's usual one.
    fn hashes(&self, key: &PublicKey, stated: Option<Hash>) -> Result<Vec<Hash>, Error> {
        let known = key.message_hashes();
        match stated {
            Some(hash) if known.contains(&hash) => return Ok(Vec::from([hash])),
            Some(_) if key.is_ec() => return Err(Error::MessageHashUnsupported),
            _ => {}
        }
        let hinted = self.digest.as_ref();
        let hinted = hinted.and_then(|(name, _)| Hash::from_name(name));
        let hinted = hinted.filter(|hash| known.contains(hash));
        let mut hashes: Vec<Hash> = hinted.into_iter().chain(known.first().copied()).collect();
        hashes.dedup();
        Ok(hashes)
    }
}

/// The PAE up to the payload. The payload type was compared when the bundle was read; the constant
/// is what is signed.
fn pae_head(payload: usize) -> String {
    format!("DSSEv1 {} {PAYLOAD_TYPE} {payload} ", PAYLOAD_TYPE.len())
}
