//! The verdict over one artifact and its bundle.

use alloc::{string::String, vec::Vec};

use serde::{Serialize, Serializer};

use super::{
    Evaluation, Note, Outcome, Publisher, SignatureAnswer, ValidSignature, notes, sorted,
    unidentified_reasons,
};
use crate::{
    artifact::{Refused, ReportedArtifact, SignedArtifact, VerifiedArtifact},
    artifact_digests::ArtifactDigests,
    context::{Context, PublisherCheck},
    error::Error,
    policy::PredicateTypes,
    statement::{Attestation, Provenance},
    unidentified::Unidentified,
};

/// What a check of an artifact found. Its JSON form is described by
/// `schema/artifact-verdict.schema.json`.
#[derive(Clone, Debug, Serialize)]
pub struct ArtifactVerdict {
    /// The version of this form: 1.
    version: u8,
    outcome: Outcome,
    reasons: Vec<Error>,
    signature: SignatureAnswer,
    publisher: Publisher,
    bytes: ArtifactBytes,
    artifact: ArtifactAnswer,
    attestation: Option<AttestationAnswer>,
    notes: Vec<Note>,
    /// The line of the bundle in a JSON-lines file.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    others: Vec<OtherBundle>,
    #[serde(flatten)]
    evaluation: Evaluation,
}

/// What the artifact is known by.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum ArtifactBytes {
    /// A digest that the caller stated: its bytes were not looked at.
    DigestGiven,
    /// Its bytes, which were hashed.
    Hashed,
}

/// The artifact's digests, as far as they are known; in JSON as lower-case hex.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ArtifactAnswer {
    /// SHA-256.
    #[serde(serialize_with = "optional_hex")]
    pub sha256: Option<[u8; 32]>,
    /// SHA-384.
    #[serde(serialize_with = "optional_hex")]
    pub sha384: Option<[u8; 48]>,
    /// SHA-512.
    #[serde(serialize_with = "optional_hex")]
    pub sha512: Option<[u8; 64]>,
}

/// A statement about the artifact. The signer chose its strings: escape them where they are shown.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct AttestationAnswer {
    /// What kind of statement it is.
    pub predicate_type: String,
    /// The types that were accepted; `None` for any.
    pub accepted_types: Option<Vec<String>>,
    /// How the artifact was built, where the statement says so in a known form.
    pub provenance: Option<Provenance>,
}

/// Another bundle about the artifact in the same file.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct OtherBundle {
    /// The line that it is on, from 1.
    pub line: Option<usize>,
    /// SHA-256 of the line.
    #[serde(serialize_with = "crate::hex::serialize")]
    pub bundle_sha256: [u8; 32],
    /// What came of it.
    pub outcome: Outcome,
    /// Why it is not `verified`.
    pub reasons: Vec<Error>,
    /// What kind of statement it is, where the signature holds.
    pub predicate_type: Option<String>,
}

impl VerifiedArtifact {
    /// The verdict: `verified`, or `incomplete` where any type of attestation was accepted.
    pub fn verdict(&self) -> ArtifactVerdict {
        ArtifactVerdict::of(&self.0, None)
    }
}

impl ReportedArtifact {
    /// The verdict: `incomplete`, since no signer was expected.
    pub fn verdict(&self) -> ArtifactVerdict {
        ArtifactVerdict::of(&self.0, None)
    }
}

impl ArtifactVerdict {
    /// The outcome over all answers.
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Why the outcome is not `verified`, sorted by code, each once. In JSON their codes.
    pub fn reasons(&self) -> &[Error] {
        &self.reasons
    }

    /// Is the signature valid?
    pub const fn signature(&self) -> &SignatureAnswer {
        &self.signature
    }

    /// Is the signer the expected one?
    pub const fn publisher(&self) -> &Publisher {
        &self.publisher
    }

    /// Were the artifact's bytes looked at?
    pub const fn bytes(&self) -> ArtifactBytes {
        self.bytes
    }

    /// The artifact's digests.
    pub const fn artifact(&self) -> &ArtifactAnswer {
        &self.artifact
    }

    /// The statement about the artifact; `None` for a signature over it, and where the signature does
    /// not hold.
    pub const fn attestation(&self) -> Option<&AttestationAnswer> {
        self.attestation.as_ref()
    }

    /// Harmless observations, sorted.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The line of the bundle, from 1, in a file with several.
    pub const fn line(&self) -> Option<usize> {
        self.line
    }

    /// The other bundles about the artifact in the same file.
    pub fn others(&self) -> &[OtherBundle] {
        &self.others
    }

    /// Which bundle was checked, when, and with what.
    pub const fn evaluation(&self) -> &Evaluation {
        &self.evaluation
    }

    /// The JSON form, on one line.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The verdict over a bundle whose signature does not hold.
    pub(crate) fn invalid(error: Error, context: &Context, digests: &ArtifactDigests) -> Self {
        Self {
            version: 1,
            outcome: Outcome::Failed,
            reasons: Vec::from([error]),
            signature: SignatureAnswer::invalid(error),
            publisher: Publisher::UNKNOWN,
            bytes: ArtifactBytes::of(digests),
            artifact: ArtifactAnswer::of(digests),
            attestation: None,
            notes: Vec::new(),
            line: None,
            others: Vec::new(),
            evaluation: Evaluation::of(context, None),
        }
    }

    /// The verdict over a bundle whose signer nothing confirms.
    pub(crate) fn unidentified(claims: &Unidentified, digests: &ArtifactDigests) -> Self {
        Self {
            outcome: Outcome::Incomplete,
            reasons: unidentified_reasons(claims),
            signature: SignatureAnswer::unchecked(claims),
            ..Self::invalid(claims.reason, &claims.context, digests)
        }
    }

    /// The verdict over an artifact whose signature holds and which is refused.
    pub(crate) fn refused(artifact: &SignedArtifact, refused: Refused) -> Self {
        let mut verdict = match &refused {
            Refused::Unexpected(_) => Self::of(artifact, Some(Error::IdentityUnexpected)),
            Refused::Because(error) => Self::of(artifact, Some(*error)),
        };
        if let Refused::Unexpected(difference) = &refused {
            verdict.publisher = Publisher::unexpected(&artifact.signer, difference);
        }
        verdict
    }

    fn of(artifact: &SignedArtifact, error: Option<Error>) -> Self {
        let (signer, context) = (&artifact.signer, &artifact.context);
        let is_attestation = artifact.attestation.is_some();
        let (outcome, reasons) = match error {
            Some(error) => (Outcome::Failed, Vec::from([error])),
            None => unchecked(artifact),
        };
        let signature = ValidSignature::of_artifact(signer, artifact.hash, is_attestation);
        let types = &artifact.predicate_types;
        Self {
            version: 1,
            outcome,
            reasons,
            signature: SignatureAnswer::Valid(signature),
            publisher: Publisher::of(signer, artifact.publisher),
            bytes: ArtifactBytes::of(&artifact.digests),
            artifact: ArtifactAnswer::of(&artifact.digests),
            attestation: artifact
                .attestation
                .as_ref()
                .map(|attestation| AttestationAnswer::of(attestation, types)),
            notes: sorted(notes(context, signer)),
            line: None,
            others: Vec::new(),
            evaluation: Evaluation::of(context, Some(signer)),
        }
    }

    /// With its place among other bundles of one file.
    pub(crate) fn beside(self, line: Option<usize>, others: Vec<OtherBundle>) -> Self {
        Self {
            line,
            others,
            ..self
        }
    }
}

/// What was not checked of an artifact that nothing contradicts.
fn unchecked(artifact: &SignedArtifact) -> (Outcome, Vec<Error>) {
    let reasons: Vec<_> = [
        (
            artifact.attestation.is_some() && artifact.predicate_types == PredicateTypes::Any,
            Error::PredicateUnchecked,
        ),
        (
            artifact.publisher == PublisherCheck::Unchecked,
            Error::PublisherUnchecked,
        ),
    ]
    .into_iter()
    .filter_map(|(holds, reason)| holds.then_some(reason))
    .collect();
    if reasons.is_empty() {
        (Outcome::Verified, reasons)
    } else {
        (Outcome::Incomplete, reasons)
    }
}

impl OtherBundle {
    pub(crate) fn of(
        line: Option<usize>,
        bundle_sha256: [u8; 32],
        result: Result<ArtifactVerdict, Error>,
    ) -> Self {
        let (outcome, reasons, attestation) = match result {
            Ok(verdict) => (verdict.outcome, verdict.reasons, verdict.attestation),
            // It could not be judged.
            Err(error) => (Outcome::Incomplete, Vec::from([error]), None),
        };
        Self {
            line,
            bundle_sha256,
            outcome,
            reasons,
            predicate_type: attestation.map(|attestation| attestation.predicate_type),
        }
    }
}

impl ArtifactBytes {
    const fn of(digests: &ArtifactDigests) -> Self {
        if digests.hashed {
            Self::Hashed
        } else {
            Self::DigestGiven
        }
    }
}

impl ArtifactAnswer {
    const fn of(digests: &ArtifactDigests) -> Self {
        Self {
            sha256: digests.sha256,
            sha384: digests.sha384,
            sha512: digests.sha512,
        }
    }
}

impl AttestationAnswer {
    fn of(attestation: &Attestation, types: &PredicateTypes) -> Self {
        Self {
            predicate_type: attestation.predicate_type().into(),
            accepted_types: match types {
                PredicateTypes::Any => None,
                PredicateTypes::OneOf(types) => Some(types.clone()),
            },
            provenance: attestation.provenance().cloned(),
        }
    }
}

/// Writes bytes as lower-case hex, or `null`.
fn optional_hex<const N: usize, S: Serializer>(
    bytes: &Option<[u8; N]>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match bytes {
        Some(bytes) => crate::hex::serialize(bytes, serializer),
        None => serializer.serialize_none(),
    }
}
