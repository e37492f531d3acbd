//! The verdict over one artifact and its bundle.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use modelseal_hash::Hex;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{
    Outcome, SignatureAnswer, frame,
    frame::Frame,
    signer::{Publisher, ValidSignature},
};
use crate::{
    artifact::{ReportedArtifact, VerifiedArtifact},
    attestation::{Attestation, Provenance},
    bundle::Bundle,
    clock::Clock,
    content::ArtifactDigests,
    envelope::{Context, PublisherCheck},
    error::Error,
    limits::Limits,
    policy::{Policy, ReportOnly},
};

/// What a check of an artifact found. Its JSON form is described by
/// `schema/artifact-verdict.schema.json`.
#[derive(Clone, Debug, Serialize)]
pub struct ArtifactVerdict {
    /// The version of this form: 1.
    version: u8,
    outcome: Outcome,
    reasons: Vec<&'static str>,
    signature: SignatureAnswer,
    publisher: Publisher,
    artifact: ArtifactAnswer,
    attestation: Option<AttestationAnswer>,
    notes: Vec<&'static str>,
    #[serde(flatten)]
    frame: Frame,
}

/// The artifact's digests, as far as they were known.
#[derive(Clone, Debug, Serialize)]
struct ArtifactAnswer {
    sha256: Option<String>,
    sha384: Option<String>,
    sha512: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AttestationAnswer {
    predicate_type: String,
    provenance: Option<Provenance>,
}

impl VerifiedArtifact {
    /// The verdict: `verified`.
    pub fn verdict(&self) -> ArtifactVerdict {
        ArtifactVerdict::of(self)
    }
}

impl ReportedArtifact {
    /// The verdict: `incomplete`, since nobody said whom to expect.
    pub fn verdict(&self) -> ArtifactVerdict {
        ArtifactVerdict::of(&self.0)
    }
}

impl ArtifactVerdict {
    /// The `failed` verdict over a bundle that was rejected with `error`.
    pub fn rejected(
        error: Error,
        bundle: &[u8],
        policy: &Policy,
        clock: Clock,
        digests: &ArtifactDigests,
    ) -> Self {
        let context = Context::new(Sha256::digest(bundle).into(), None, policy, clock);
        let (frame, signature, publisher) = match unexpected(error, bundle, policy, clock, digests)
        {
            Some(VerifiedArtifact {
                signer,
                attestation,
                ..
            }) => (
                Frame::of(&context, Some(&signer)),
                SignatureAnswer::Valid(ValidSignature::of_artifact(&signer, attestation.is_some())),
                Publisher::unexpected(&signer),
            ),
            None => (
                Frame::of(&context, None),
                SignatureAnswer::invalid(error),
                Publisher::UNKNOWN,
            ),
        };
        Self {
            version: 1,
            outcome: Outcome::Failed,
            reasons: Vec::from([error.code()]),
            signature,
            publisher,
            artifact: ArtifactAnswer::of(digests),
            attestation: None,
            notes: Vec::new(),
            frame,
        }
    }

    /// The `failed` verdict over a bundle of which a report was asked.
    pub fn rejected_report(
        error: Error,
        bundle: &[u8],
        report: &ReportOnly,
        clock: Clock,
        digests: &ArtifactDigests,
    ) -> Self {
        Self::rejected(error, bundle, &report.policy, clock, digests)
    }

    fn of(artifact: &VerifiedArtifact) -> Self {
        let (signer, context) = (&artifact.signer, &artifact.context);
        let (outcome, reasons) = match context.publisher {
            PublisherCheck::Expected => (Outcome::Verified, Vec::new()),
            PublisherCheck::Unchecked => (
                Outcome::Incomplete,
                Vec::from([Error::PublisherUnchecked.code()]),
            ),
        };
        let notes = frame::notes(context, signer).into_iter();
        Self {
            version: 1,
            outcome,
            reasons,
            signature: SignatureAnswer::Valid(ValidSignature::of_artifact(
                signer,
                artifact.attestation.is_some(),
            )),
            publisher: Publisher::of(signer, context.publisher),
            artifact: ArtifactAnswer::of(&artifact.digests),
            attestation: artifact.attestation.as_ref().map(AttestationAnswer::of),
            notes: notes
                .filter_map(|(holds, note)| holds.then_some(note))
                .collect(),
            frame: Frame::of(context, Some(signer)),
        }
    }

    /// The outcome over all answers.
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Codes of [`Error`]: why the outcome is not `verified`.
    pub fn reasons(&self) -> &[&'static str] {
        &self.reasons
    }

    /// The JSON form, on one line.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// What the bundle says, where all but the publisher is right. An [`Error`] has no texts, so the check
/// is made again.
fn unexpected(
    error: Error,
    bundle: &[u8],
    policy: &Policy,
    clock: Clock,
    digests: &ArtifactDigests,
) -> Option<VerifiedArtifact> {
    if error != Error::IdentityUnexpected {
        return None;
    }
    let report = policy.report()?;
    let bundle = Bundle::parse(bundle, &Limits::default()).ok()?;
    Some(bundle.report_artifact(&report, clock, digests).ok()?.0)
}

impl ArtifactAnswer {
    fn of(digests: &ArtifactDigests) -> Self {
        let hex = |digest: &[u8]| Hex(digest).to_string();
        Self {
            sha256: digests.sha256.as_ref().map(|digest| hex(digest)),
            sha384: digests.sha384.as_ref().map(|digest| hex(digest)),
            sha512: digests.sha512.as_ref().map(|digest| hex(digest)),
        }
    }
}

impl AttestationAnswer {
    fn of(attestation: &Attestation) -> Self {
        Self {
            predicate_type: attestation.predicate_type().into(),
            provenance: attestation.provenance().cloned(),
        }
    }
}
