//! The verdict: four answers and one outcome, never one boolean.
//!
//! Its JSON form is described by `schema/verdict.schema.json`. All lists are sorted.

mod artifact;
mod files;
mod frame;
mod signer;

use alloc::{string::String, vec::Vec};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

pub use artifact::ArtifactVerdict;
use files::{Bytes, Coverage};
use frame::Frame;
pub(crate) use signer::{
    ChainAnswer, ErrorAnswer, IdentityAnswer, Model, Publisher, ValidSignature,
};

use crate::{
    audit::{Audit, Diagnostics},
    bundle::Bundle,
    clock::Clock,
    envelope::{Context, Form},
    error::Error,
    limits::Limits,
    manifest::Manifest,
    policy::{Policy, ReportOnly},
    signer::Signer,
};

impl Audit {
    /// The verdict over what was announced and recorded.
    pub fn finish(self) -> Verdict {
        Verdict::of(&self)
    }
}

/// What a check found, all of it. Made by an audit, or from the error that ended the check.
#[derive(Clone, Debug, Serialize)]
pub struct Verdict {
    /// The version of this form: 1.
    version: u8,
    outcome: Outcome,
    /// Why the outcome is not `verified`: codes of [`Error`].
    reasons: Vec<&'static str>,
    signature: SignatureAnswer,
    publisher: Publisher,
    coverage: Coverage,
    bytes: Bytes,
    model: Option<Model>,
    notes: Vec<&'static str>,
    /// How the files were hashed; `None` where the host did not say.
    diagnostics: Option<Diagnostics>,
    #[serde(flatten)]
    frame: Frame,
}

/// The outcome over all answers.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Something contradicts: invalid, unexpected, changed, missing or unsigned.
    Failed,
    /// Nothing contradicts, but something was not checked.
    Incomplete,
    /// Everything was checked and is right.
    Verified,
}

/// Is the signature valid?
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case", tag = "status")]
enum SignatureAnswer {
    Invalid { error: ErrorAnswer },
    Valid(ValidSignature),
}

impl SignatureAnswer {
    fn invalid(error: Error) -> Self {
        Self::Invalid {
            error: ErrorAnswer::of(error),
        }
    }
}

impl Verdict {
    /// The `failed` verdict over a bundle that was rejected with `error`.
    pub fn rejected(error: Error, bundle: &[u8], policy: &Policy, clock: Clock) -> Self {
        let sha256 = Sha256::digest(bundle).into();
        let context = Context::new(sha256, None, policy, clock);
        let (frame, signature, publisher) = match unexpected(error, bundle, policy, clock) {
            Some(signer) => (
                Frame::of(&context, Some(&signer)),
                SignatureAnswer::Valid(ValidSignature::of(&signer, Form::V1)),
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
            coverage: Coverage::unknown(),
            bytes: Bytes::not_hashed(),
            model: None,
            notes: Vec::new(),
            diagnostics: None,
            frame,
        }
    }

    /// The `failed` verdict over a bundle of which a report was asked.
    pub fn rejected_report(error: Error, bundle: &[u8], report: &ReportOnly, clock: Clock) -> Self {
        Self::rejected(error, bundle, &report.policy, clock)
    }

    /// The verdict over an audit.
    fn of(audit: &Audit) -> Self {
        let (coverage, bytes) = (Coverage::of(audit), Bytes::of(audit));
        let reasons = files::reasons(audit, &coverage, &bytes);
        let manifest = &audit.manifest;
        let signer = &manifest.signer;
        Self {
            version: 1,
            outcome: files::outcome(&reasons),
            reasons: reasons.iter().map(Error::code).collect(),
            signature: SignatureAnswer::Valid(ValidSignature::of(signer, manifest.form)),
            publisher: Publisher::of(signer, manifest.context.publisher),
            coverage,
            bytes,
            model: Some(Model::of(&manifest.listing)),
            notes: notes(manifest),
            diagnostics: audit.diagnostics.clone(),
            frame: Frame::of(&manifest.context, Some(signer)),
        }
    }

    /// The outcome over all answers.
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Codes of [`Error`]: why the outcome is not `verified`. Sorted, each once.
    pub fn reasons(&self) -> &[&'static str] {
        &self.reasons
    }

    /// The JSON form, on one line.
    pub fn to_json(&self) -> String {
        // Only maps with keys that are no texts, or a failing writer, could fail here.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Whose signature it is, where all but the publisher is right. An [`Error`] has no texts, so the
/// check is made again.
fn unexpected(error: Error, bundle: &[u8], policy: &Policy, clock: Clock) -> Option<Signer> {
    if error != Error::IdentityUnexpected {
        return None;
    }
    let report = policy.report()?;
    let bundle = Bundle::parse(bundle, &Limits::default()).ok()?;
    Some(bundle.report(&report, clock).ok()?.0.signer)
}

/// Harmless observations that a careful reader may want to know.
fn notes(manifest: &Manifest) -> Vec<&'static str> {
    let mut notes = Vec::from([
        (manifest.form == Form::DigestsV01, "digests-v0.1-form"),
        (manifest.signer.hint_missing, "key-hint-missing"),
        (!manifest.listing.in_order, "resources-not-in-order"),
    ]);
    notes.extend(frame::notes(&manifest.context, &manifest.signer));
    notes
        .into_iter()
        .filter_map(|(holds, note)| holds.then_some(note))
        .collect()
}
