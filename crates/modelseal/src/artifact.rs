//! One artifact and a Sigstore bundle about it: a signature over it, or an attestation.

use alloc::vec::Vec;

use crate::{
    artifact_digests::ArtifactDigests,
    budget::Budget,
    bundle::{Bundle, Content, LogEntry, Material},
    context::{Context, PublisherCheck},
    error::Error,
    keys::Hash,
    policy::{Policy, PredicateTypes, ReportOnly, Unexpected},
    signed::Signed,
    signer::{Signer, UseOfHint},
    statement::Attestation,
    time::Clock,
    x509::Certificate,
};

/// An artifact whose signature or attestation is the expected signer's. Made by
/// [`Bundle::verify_artifact`] alone.
///
/// ```compile_fail
/// let artifact = modelseal::VerifiedArtifact::default(); // no way around the signature
/// ```
#[derive(Debug)]
pub struct VerifiedArtifact(pub(crate) SignedArtifact);

/// An artifact whose signer was not compared with an expected one: to be shown, not trusted.
#[derive(Debug)]
pub struct ReportedArtifact(pub(crate) SignedArtifact);

/// An artifact whose signature or attestation holds. Whether the signer and what the attestation says
/// are expected are the next steps.
#[derive(Debug)]
pub(crate) struct SignedArtifact {
    pub(crate) signer: Signer,
    pub(crate) digests: ArtifactDigests,
    /// The hash of a signature over the artifact.
    pub(crate) hash: Option<Hash>,
    pub(crate) attestation: Option<Attestation>,
    pub(crate) predicate_types: PredicateTypes,
    pub(crate) context: Context,
    pub(crate) publisher: PublisherCheck,
    policy: Policy,
}

/// Why an artifact is not the expected signer's, or not what was asked for. The signature holds.
#[derive(Debug)]
pub(crate) enum Refused {
    /// It is by another signer.
    Unexpected(Unexpected),
    /// It is by the expected signer, and refused for this.
    Because(Error),
}

impl Bundle {
    /// Verifies that this bundle signs the artifact with `digests`, or is an attestation about it of a
    /// type that the policy accepts.
    ///
    /// # Errors
    /// Of the stages from [`Stage::Usage`](crate::Stage::Usage) to
    /// [`Stage::Statement`](crate::Stage::Statement); [`Error::ArtifactDigestMissing`] where the
    /// artifact is known by a digest that cannot be compared.
    pub fn verify_artifact(
        self,
        policy: &Policy,
        clock: Clock,
        digests: &ArtifactDigests,
    ) -> Result<VerifiedArtifact, Error> {
        let artifact = self.verify_signed_artifact(policy, clock, digests)?;
        match artifact.accept() {
            Ok(()) => Ok(VerifiedArtifact(artifact)),
            Err(Refused::Unexpected(_)) => Err(Error::IdentityUnexpected),
            Err(Refused::Because(error)) => Err(error),
        }
    }

    /// Verifies the same, and expects no one: who signed, and what the attestation says, can be
    /// reported.
    ///
    /// # Errors
    /// As [`Bundle::verify_artifact`].
    pub fn report_artifact(
        self,
        report: &ReportOnly,
        clock: Clock,
        digests: &ArtifactDigests,
    ) -> Result<ReportedArtifact, Error> {
        let artifact = self.verify_signed_artifact(report.policy(), clock, digests)?;
        artifact.report()
    }

    /// Verifies the signature, and that it is about the artifact.
    pub(crate) fn verify_signed_artifact(
        self,
        policy: &Policy,
        clock: Clock,
        digests: &ArtifactDigests,
    ) -> Result<SignedArtifact, Error> {
        policy.check_for_artifacts()?;
        let budget = Budget::new(&self.limits);
        let conditions = policy.conditions(clock, &budget);
        let signed = Signed::artifact(&self, digests)?;
        let signer = policy.accept_signer(&self, &signed, UseOfHint::Nothing, &conditions)?;
        let stated = signer.evidence.message_hash()?;
        let hash = signed.verify(signer.key(), stated, &budget)?;
        let attestation = match signed {
            Signed::Envelope(envelope) => {
                Some(Attestation::read(&envelope.payload, digests, &self.limits)?)
            }
            Signed::Message(..) => None,
        };
        Ok(SignedArtifact {
            signer,
            digests: digests.clone(),
            hash,
            attestation,
            predicate_types: policy.accepted_predicate_types(),
            context: Context::new(self.sha256, Some(self.media_type.name()), policy, clock),
            publisher: PublisherCheck::Expected,
            policy: policy.clone(),
        })
    }

    /// Could the bundle be about the artifact, as far as it says itself? Nothing of it is verified.
    pub(crate) fn claims(&self, digests: &ArtifactDigests) -> bool {
        match &self.content {
            Content::Envelope(envelope) => !matches!(
                Attestation::read(&envelope.payload, digests, &self.limits),
                Err(Error::ArtifactMismatch)
            ),
            Content::Message(_) => Signed::artifact(self, digests).is_ok(),
        }
    }

    /// Which of SHA-384 and SHA-512 the bundle asks for beside SHA-256.
    ///
    /// Nothing is verified by that: a digest that turns out to be missing is an error.
    pub(crate) fn asks_for(&self, longer: &[Hash]) -> Vec<Hash> {
        match &self.content {
            Content::Envelope(envelope) => {
                Attestation::asked_of(&envelope.payload, longer, &self.limits)
            }
            Content::Message(message) => {
                let hinted = message.digest.as_ref();
                let sha256_will_do = self.leaf_hash() == Some(Hash::Sha256)
                    && hinted.is_none_or(|(name, _)| Hash::from_name(name) == Some(Hash::Sha256))
                    && self.log_entries.iter().all(LogEntry::names_sha256);
                if sha256_will_do {
                    Vec::new()
                } else {
                    longer.to_vec()
                }
            }
        }
    }

    /// The hash of signatures by the certificate's key, if there is such a key.
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
    /// Does the body name SHA-256, in the way of either version?
    fn names_sha256(&self) -> bool {
        let names = |name: &[u8]| self.body.windows(name.len()).any(|text| text == name);
        names(b"sha256") || names(b"SHA2_256")
    }
}

impl SignedArtifact {
    /// Is the signer the expected one, and the bundle what was asked for?
    pub(crate) fn accept(&self) -> Result<(), Refused> {
        let policy = &self.policy;
        policy
            .accept_publisher(&self.signer)
            .map_err(Refused::Unexpected)?;
        policy
            .accept_artifact(self.digests.sha256.as_ref())
            .map_err(Refused::Because)?;
        let accepted = match &self.attestation {
            Some(attestation) => attestation.accept(&self.predicate_types),
            None if policy.asks_for_attestation() => Err(Error::AttestationMissing),
            None => Ok(()),
        };
        accepted.map_err(Refused::Because)
    }

    /// Expects no one, and no type of attestation. What contradicts itself is refused all the same.
    pub(crate) fn report(mut self) -> Result<ReportedArtifact, Error> {
        self.publisher = PublisherCheck::Unchecked;
        self.predicate_types = PredicateTypes::Any;
        if let Some(attestation) = &self.attestation {
            attestation.accept(&PredicateTypes::Any)?;
        }
        Ok(ReportedArtifact(self))
    }
}

impl VerifiedArtifact {
    /// Who signed.
    pub const fn signer(&self) -> &Signer {
        &self.0.signer
    }

    /// The statement about the artifact; `None` for a signature over it.
    pub const fn attestation(&self) -> Option<&Attestation> {
        self.0.attestation.as_ref()
    }
}

impl ReportedArtifact {
    /// Who signed.
    pub const fn signer(&self) -> &Signer {
        &self.0.signer
    }

    /// The statement about the artifact; `None` for a signature over it.
    pub const fn attestation(&self) -> Option<&Attestation> {
        self.0.attestation.as_ref()
    }
}
