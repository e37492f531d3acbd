//! One artifact and a Sigstore bundle about it: a signature over it, or an attestation.

use crate::{
    attestation::Attestation,
    bundle::{Bundle, Content, LogEntry, Material},
    clock::Clock,
    content::{ArtifactDigests, ArtifactHasher, Signed},
    envelope::{Context, PublisherCheck},
    error::Error,
    keys::Hash,
    policy::{Policy, ReportOnly},
    signer::{Signer, UseOfHint},
    x509::Certificate,
};

/// An artifact whose signature or attestation is the expected signer's. Made by
/// [`Bundle::verify_artifact`] alone.
///
/// ```compile_fail
/// let artifact = modelseal::VerifiedArtifact::default(); // no way around the signature
/// ```
#[derive(Debug)]
pub struct VerifiedArtifact {
    pub(crate) signer: Signer,
    pub(crate) digests: ArtifactDigests,
    pub(crate) attestation: Option<Attestation>,
    pub(crate) context: Context,
}

/// An artifact signed by somebody whom nobody expected: to be shown, not trusted.
#[derive(Debug)]
pub struct ReportedArtifact(pub(crate) VerifiedArtifact);

impl Bundle {
    /// Verifies that this bundle signs the artifact with `digests`, or is an attestation about it.
    ///
    /// # Errors
    /// Of the stages from [`Stage::Bundle`](crate::Stage::Bundle) to
    /// [`Stage::Statement`](crate::Stage::Statement); [`Error::ArtifactDigestMissing`] where the
    /// signature is over a digest that is not there.
    pub fn verify_artifact(
        self,
        policy: &Policy,
        clock: Clock,
        digests: &ArtifactDigests,
    ) -> Result<VerifiedArtifact, Error> {
        let artifact = self.verify_signed_artifact(policy, clock, digests)?;
        policy.accept_publisher(&artifact.signer)?;
        Ok(artifact)
    }

    /// Verifies the same, and expects nobody: who signed can be reported.
    ///
    /// # Errors
    /// As [`Bundle::verify_artifact`].
    pub fn report_artifact(
        self,
        report: &ReportOnly,
        clock: Clock,
        digests: &ArtifactDigests,
    ) -> Result<ReportedArtifact, Error> {
        let mut artifact = self.verify_signed_artifact(&report.policy, clock, digests)?;
        artifact.context.publisher = PublisherCheck::Unchecked;
        Ok(ReportedArtifact(artifact))
    }

    /// All but the publisher.
    fn verify_signed_artifact(
        self,
        policy: &Policy,
        clock: Clock,
        digests: &ArtifactDigests,
    ) -> Result<VerifiedArtifact, Error> {
        let signed = Signed::artifact(&self, digests)?;
        let signer = policy.accept_signer(&self, &signed, UseOfHint::Nothing, clock)?;
        signed.verify(signer.key())?;
        let attestation = match signed {
            Signed::Envelope(envelope) => {
                Some(Attestation::read(&envelope.payload, digests, &self.limits)?)
            }
            Signed::Message(..) => None,
        };
        Ok(VerifiedArtifact {
            signer,
            digests: digests.clone(),
            attestation,
            context: Context::new(self.sha256, Some(self.media_type.name()), policy, clock),
        })
    }
}

impl ArtifactHasher {
    /// Hashes with SHA-256, and with what `bundle` asks for beside it: SHA-384 and SHA-512 take more
    /// time than SHA-256 does.
    ///
    /// Nothing is verified by that: whoever asks for too little is refused for a digest that is not
    /// there.
    pub fn for_bundle(bundle: &Bundle) -> Self {
        match &bundle.content {
            Content::Envelope(envelope) => {
                let payload = &envelope.payload;
                Self::asked(&Attestation::asked_of(
                    payload,
                    &Self::LONGER,
                    &bundle.limits,
                ))
            }
            Content::Message(message) => {
                let hinted = message.digest.as_ref();
                let sha256_will_do = bundle.leaf_hash() == Some(Hash::Sha256)
                    && hinted.is_none_or(|(name, _)| Hash::from_name(name) == Some(Hash::Sha256))
                    && bundle.log_entries.iter().all(LogEntry::names_sha256);
                Self::asked(if sha256_will_do { &[] } else { &Self::LONGER })
            }
        }
    }
}

impl Bundle {
    /// The hash of signatures by the certificate's key; none where there is no such key.
    fn leaf_hash(&self) -> Option<Hash> {
        let leaf = match &self.material {
            Material::Certificate(leaf) => leaf,
            Material::CertificateChain(chain) => chain.first()?,
            Material::PublicKey(_) => return None,
        };
        let leaf = Certificate::from_der(leaf, 0).ok()?;
        leaf.public_key().ok()?.content_hash()
    }
}

impl LogEntry {
    /// Does the body name SHA-256, in the way of either version? Those that do so do it at their
    /// beginning.
    fn names_sha256(&self) -> bool {
        let names = |name: &[u8]| self.body.windows(name.len()).any(|text| text == name);
        names(b"sha256") || names(b"SHA2_256")
    }
}

impl VerifiedArtifact {
    /// Who signed.
    pub const fn signer(&self) -> &Signer {
        &self.signer
    }

    /// The statement about the artifact; none for a signature over it.
    pub const fn attestation(&self) -> Option<&Attestation> {
        self.attestation.as_ref()
    }
}

impl ReportedArtifact {
    /// Who signed.
    pub const fn signer(&self) -> &Signer {
        self.0.signer()
    }

    /// The statement about the artifact; none for a signature over it.
    pub const fn attestation(&self) -> Option<&Attestation> {
        self.0.attestation()
    }
}
