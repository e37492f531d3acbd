//! The verdict: four answers and one outcome, never one boolean.
//!
//! Its JSON form is described by `schema/verdict.schema.json`, and that of a verdict over an artifact
//! by `schema/artifact-verdict.schema.json`. All lists are sorted.

mod note;

mod evaluation;

mod signature;

mod publisher;

mod coverage;

mod bytes;

mod artifact;

use alloc::{string::String, vec::Vec};

use serde::Serialize;

pub use artifact::{
    ArtifactAnswer, ArtifactBytes, ArtifactVerdict, AttestationAnswer, OtherBundle,
};
pub use bytes::{Bytes, BytesStatus, ChangedFile, LinkNotFollowed};
pub use coverage::{Coverage, CoverageStatus, FollowedLinks, IgnoredFile, UnsignedFile};
pub use evaluation::{
    BundleId, Evaluation, IgnoredAnchorAnswer, NotChecked, TimeBasis, TrustRootId, TrustRootSource,
};
pub use note::Note;
pub use publisher::{Basis, Publisher};
pub use signature::{
    ErrorAnswer, Inclusion, LogEntryAnswer, SignatureAnswer, SignedForm, TimeAnswer,
    UncheckedSignature, ValidSignature,
};

use crate::{
    audit::{Audit, ChangeReason, Diagnostics, EntryKind, Extra},
    context::{Context, PublisherCheck},
    envelope::{Form, UnexpectedPayload},
    error::Error,
    manifest::{Listing, Manifest},
    signer::Signer,
    unidentified::Unidentified,
};

/// What a check of a model found, all of it. Made by an audit, or from the error that ended the check.
///
/// ```
/// use modelseal::{Outcome, Verdict};
///
/// fn show(verdict: &Verdict) {
///     for reason in verdict.reasons() {
///         println!("{}: {reason}", reason.code());
///     }
///     if verdict.outcome() == Outcome::Verified {
///         println!("every file is as signed");
///     }
///     println!("{}", verdict.to_json());
/// }
/// # let _ = show;
/// ```
#[derive(Clone, Debug, Serialize)]
pub struct Verdict {
    /// The version of this form: 1.
    version: u8,
    outcome: Outcome,
    reasons: Vec<Error>,
    signature: SignatureAnswer,
    publisher: Publisher,
    coverage: Coverage,
    bytes: Bytes,
    model: Option<Model>,
    notes: Vec<Note>,
    diagnostics: Option<Diagnostics>,
    #[serde(flatten)]
    evaluation: Evaluation,
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

/// What the signature calls the model.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct Model {
    /// The name; `None` in the form of v0.2.0. The signer chose it: escape it where it is shown.
    pub name: Option<String>,
    /// SHA-256 over the raw digests of the resources; `None` in the form of v0.2.0.
    #[serde(serialize_with = "signature::optional_digest")]
    pub root_digest: Option<[u8; 32]>,
}

impl Model {
    pub(crate) fn of(listing: &Listing) -> Self {
        Self {
            name: listing.model_name.clone(),
            root_digest: listing.root_digest,
        }
    }
}

impl Audit {
    /// The verdict over what was announced and recorded.
    pub fn finish(self) -> Verdict {
        Verdict::of(&self)
    }
}

impl Verdict {
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

    /// Does the signature cover every file?
    pub const fn coverage(&self) -> &Coverage {
        &self.coverage
    }

    /// Are the bytes those that were signed?
    pub const fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// What the signature calls the model; `None` where the signature does not hold.
    pub const fn model(&self) -> Option<&Model> {
        self.model.as_ref()
    }

    /// Harmless observations, sorted.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// How the files were hashed; `None` where the host did not say.
    pub const fn diagnostics(&self) -> Option<&Diagnostics> {
        self.diagnostics.as_ref()
    }

    /// Which bundle was checked, when, and with what.
    pub const fn evaluation(&self) -> &Evaluation {
        &self.evaluation
    }

    /// The JSON form, on one line.
    pub fn to_json(&self) -> String {
        // Only maps with keys that are not strings, or a failing writer, could fail here.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The verdict over a bundle whose signature does not hold.
    pub(crate) fn invalid(error: Error, context: &Context) -> Self {
        Self {
            signature: SignatureAnswer::invalid(error),
            publisher: Publisher::UNKNOWN,
            ..Self::failed(error, Evaluation::of(context, None))
        }
    }

    /// The verdict over a bundle that is by another signer than the expected one.
    pub(crate) fn unexpected(payload: &UnexpectedPayload) -> Self {
        let (signer, context) = (&payload.signer, &payload.context);
        let evaluation = Evaluation::of(context, Some(signer));
        Self {
            signature: SignatureAnswer::Valid(ValidSignature::of(signer, payload.form)),
            publisher: Publisher::unexpected(signer, &payload.difference),
            notes: sorted(notes(context, signer)),
            ..Self::failed(Error::IdentityUnexpected, evaluation)
        }
    }

    /// The verdict over a bundle whose signer nothing confirms.
    pub(crate) fn unidentified(claims: &Unidentified) -> Self {
        Self {
            outcome: Outcome::Incomplete,
            reasons: unidentified_reasons(claims),
            signature: SignatureAnswer::unchecked(claims),
            notes: Vec::new(),
            ..Self::failed(claims.reason, Evaluation::of(&claims.context, None))
        }
    }

    /// The verdict over a model of the expected signer that a pin refuses.
    pub(crate) fn refused(error: Error, manifest: &Manifest) -> Self {
        let evaluation = Evaluation::of(&manifest.context, Some(&manifest.signer));
        Self {
            signature: SignatureAnswer::Valid(ValidSignature::of(&manifest.signer, manifest.form)),
            publisher: Publisher::of(&manifest.signer, manifest.publisher),
            model: Some(Model::of(&manifest.listing)),
            notes: manifest_notes(manifest),
            ..Self::failed(error, evaluation)
        }
    }

    /// A check that ended before the files.
    fn failed(error: Error, evaluation: Evaluation) -> Self {
        Self {
            version: 1,
            outcome: Outcome::Failed,
            reasons: Vec::from([error]),
            signature: SignatureAnswer::invalid(error),
            publisher: Publisher::UNKNOWN,
            coverage: Coverage::unknown(),
            bytes: Bytes::not_hashed(),
            model: None,
            notes: Vec::new(),
            diagnostics: None,
            evaluation,
        }
    }

    /// The verdict over an audit.
    fn of(audit: &Audit) -> Self {
        let (coverage, bytes) = (Coverage::of(audit), Bytes::of(audit));
        let reasons = reasons(audit, &coverage, &bytes);
        let manifest = &audit.manifest;
        let signer = &manifest.signer;
        Self {
            version: 1,
            outcome: outcome(&reasons),
            reasons,
            signature: SignatureAnswer::Valid(ValidSignature::of(signer, manifest.form)),
            publisher: Publisher::of(signer, manifest.publisher),
            coverage,
            bytes,
            model: Some(Model::of(&manifest.listing)),
            notes: sorted(audit_notes(audit).chain(manifest_notes(manifest))),
            diagnostics: audit.diagnostics.clone(),
            evaluation: Evaluation::of(&manifest.context, Some(signer)),
        }
    }
}

/// What is missing, and that no one was expected; sorted by code.
fn unidentified_reasons(claims: &Unidentified) -> Vec<Error> {
    Vec::from([claims.reason, Error::PublisherUnchecked])
}

/// What keeps the audit from being `verified`, sorted by code.
fn reasons(audit: &Audit, coverage: &Coverage, bytes: &Bytes) -> Vec<Error> {
    let unsigned = |kind| coverage.unsigned.iter().any(|entry| entry.kind == kind);
    let changed = |reason| bytes.changed.iter().any(|file| file.reason == reason);
    let content = changed(ChangeReason::Digest) || changed(ChangeReason::Length);
    let manifest = &audit.manifest;
    if manifest.is_single_file() && audit.options.single_file.is_none() {
        // All else that differs follows from this.
        return Vec::from([Error::SingleFileInvalid]);
    }
    [
        (
            !bytes.resumed.is_empty() && !audit.options.accept_resumed,
            Error::BytesResumed,
        ),
        (coverage.is_partial(), Error::CoveragePartial),
        (!audit.options.complete, Error::CoverageUnobserved),
        (
            content || changed(ChangeReason::Directory),
            Error::FileChanged,
        ),
        (!coverage.missing.is_empty(), Error::FileMissing),
        (!bytes.not_checked.is_empty(), Error::FileNotChecked),
        (!bytes.unreadable.is_empty(), Error::FileUnreadable),
        (
            [
                EntryKind::File,
                EntryKind::FollowedLink,
                EntryKind::Directory,
            ]
            .into_iter()
            .any(unsigned),
            Error::FileUnsigned,
        ),
        (bytes.listed > 0, Error::ListingOnly),
        (unsigned(EntryKind::NotUtf8), Error::NameNotUtf8),
        (
            manifest.publisher == PublisherCheck::Unchecked,
            Error::PublisherUnchecked,
        ),
        (
            unsigned(EntryKind::Special) || changed(ChangeReason::Special),
            Error::SpecialFileRefused,
        ),
        (
            unsigned(EntryKind::Symlink) || !bytes.not_followed.is_empty(),
            Error::SymlinkRefused,
        ),
    ]
    .into_iter()
    .filter_map(|(holds, reason)| holds.then_some(reason))
    .collect()
}

fn outcome(reasons: &[Error]) -> Outcome {
    let unchecked = |reason: &Error| {
        matches!(
            reason,
            Error::BytesResumed
                | Error::CoveragePartial
                | Error::CoverageUnobserved
                | Error::FileNotChecked
                | Error::FileUnreadable
                | Error::ListingOnly
                | Error::PublisherUnchecked
        )
    };
    if reasons.is_empty() {
        Outcome::Verified
    } else if reasons.iter().all(unchecked) {
        Outcome::Incomplete
    } else {
        Outcome::Failed
    }
}

fn audit_notes(audit: &Audit) -> impl Iterator<Item = Note> {
    let records = ".cache/huggingface/";
    let mut extras = audit.extras.iter();
    let has_records = extras
        .any(|(path, extra)| path.starts_with(records) && matches!(extra, Extra::Unsigned(_)));
    has_records.then_some(Note::HuggingFaceRecords).into_iter()
}

fn manifest_notes(manifest: &Manifest) -> Vec<Note> {
    let own = [
        (manifest.form == Form::V02, Note::DigestsV01Form),
        (!manifest.listing.in_order, Note::ResourcesNotInOrder),
    ];
    let own = own
        .into_iter()
        .filter_map(|(holds, note)| holds.then_some(note));
    sorted(own.chain(notes(&manifest.context, &manifest.signer)))
}

fn sorted(notes: impl Iterator<Item = Note>) -> Vec<Note> {
    let mut notes: Vec<_> = notes.collect();
    notes.sort_unstable();
    notes
}

/// Observations on the signer and the trust root. A root without logs asks for no entries, one without
/// logs of certificates for no SCTs.
fn notes(context: &Context, signer: &Signer) -> impl Iterator<Item = Note> {
    let root = context.trust_root.as_ref();
    let keyless = root.filter(|_| signer.identity().is_some());
    let clock = context.clock;
    let mut times = signer.signed_times().iter();
    [
        (!context.ignored_anchors.is_empty(), Note::AnchorIgnored),
        (
            times.any(|time| clock.is_behind(time.at())),
            Note::ClockBehind,
        ),
        (signer.observed.no_hint, Note::KeyHintMissing),
        (signer.observed.root_in_chain, Note::RootInChain),
        (signer.evidence.skipped_timestamp, Note::TimestampIgnored),
        (
            root.is_some_and(|root| root.has_expired(clock.at())),
            Note::TrustRootExpired,
        ),
        (
            root.is_some_and(|root| root.is_old(clock.at())),
            Note::TrustRootOld,
        ),
        (
            keyless.is_some_and(|root| root.ct_logs().is_empty()),
            Note::TrustRootWithoutCertificateLogs,
        ),
        (
            keyless.is_some_and(|root| root.logs().is_empty()),
            Note::TrustRootWithoutLogs,
        ),
    ]
    .into_iter()
    .filter_map(|(holds, note)| holds.then_some(note))
}
