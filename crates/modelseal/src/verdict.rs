//! The verdict: four answers and one outcome, never one boolean.
//!
//! Its JSON form is described by `schema/verdict.schema.json`. All lists are sorted.

use alloc::{
    collections::BTreeSet,
    format,
    string::{String, ToString},
    vec::Vec,
};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::{
    audit::{Audit, EntryKind, FileState},
    bundle::hex,
    clock::Clock,
    envelope::{Form, VerifiedPayload},
    error::Error,
    manifest::{IgnoreBasis, Listing, Manifest},
    policy::{Expectation, Policy, SetBy},
    signer::{ChainLink, Signer},
};

/// What a check found, all of it. Made by an audit, or from the error that ended the check.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// The version of this form: 1.
    version: u8,
    outcome: Outcome,
    /// Why the outcome is not `verified`: codes of [`Error`].
    reasons: Vec<&'static str>,
    signature: SignatureAnswer,
    publisher: Publisher,
    expectation: ExpectationAnswer,
    coverage: Coverage,
    bytes: Bytes,
    model: Option<Model>,
    bundle: BundleId,
    evaluated_at: String,
    judged_at: String,
    judged_at_basis: &'static str,
    valid_until: Option<String>,
    /// The bundled trust root; the methods of keys and private anchors have none.
    trust_root: Option<()>,
    not_checked: [&'static str; 2],
    notes: Vec<&'static str>,
    modelseal: &'static str,
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

/// A valid signature, and who made it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ValidSignature {
    method: &'static str,
    algorithm: &'static str,
    form: &'static str,
    key: String,
    chain: Vec<ChainAnswer>,
    #[serde(rename = "logEntries")]
    log_entries: [(); 0],
    #[serde(rename = "verifiedTimes")]
    verified_times: [(); 0],
}

/// A certificate, as shown.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChainAnswer {
    subject: String,
    issuer: String,
    serial: String,
    not_before: String,
    not_after: String,
    sha256: String,
}

/// An error, as shown.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ErrorAnswer {
    code: &'static str,
    stage: &'static str,
    message: String,
}

/// Is it the publisher whom somebody expected?
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case", tag = "status")]
pub(crate) enum Publisher {
    Expected {
        basis: &'static str,
        name: Option<String>,
    },
    Unchecked,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ExpectationAnswer {
    set_by: SetBy,
    name: Option<String>,
}

/// Which files does the signature cover?
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Coverage {
    status: &'static str,
    signed_files: usize,
    ignored_by_signature: Vec<Ignored>,
    ignored_by_caller: Vec<String>,
    allowed_unsigned: Vec<String>,
    unsigned: Vec<Unsigned>,
    missing: Vec<String>,
    not_observable: Vec<&'static str>,
}

#[derive(Clone, Debug, Serialize)]
struct Ignored {
    path: String,
    basis: IgnoreBasis,
}

/// A file that the signature does not cover.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Unsigned {
    pub(crate) path: String,
    pub(crate) kind: EntryKind,
}

/// Are the bytes those that were signed?
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Bytes {
    status: &'static str,
    hashed: usize,
    listed: usize,
    changed: Vec<Changed>,
    unreadable: Vec<String>,
    not_checked: Vec<String>,
}

/// A signed file that is not as signed.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Changed {
    pub(crate) path: String,
    pub(crate) expected: Option<String>,
    pub(crate) actual: Option<String>,
    pub(crate) reason: ChangeReason,
}

/// In what a file differs.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ChangeReason {
    /// Its bytes.
    Digest,
    /// It is a folder.
    Directory,
    /// Its length.
    Length,
    /// It is a special file.
    Special,
    /// It is a symlink that may not be followed.
    Symlink,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Model {
    name: Option<String>,
    root_digest: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct BundleId {
    sha256: String,
    media_type: Option<&'static str>,
}

/// What a verdict is about: kept from the verified payload.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    pub(crate) bundle_sha256: [u8; 32],
    media_type: &'static str,
    expectation: Expectation,
    clock: Clock,
}

impl Verdict {
    /// The `failed` verdict over a bundle that was rejected with `error`.
    pub fn rejected(error: Error, bundle: &[u8], policy: &Policy, clock: Clock) -> Self {
        let subject = Subject {
            bundle_sha256: Sha256::digest(bundle).into(),
            media_type: "",
            expectation: policy.expectation().clone(),
            clock,
        };
        let coverage = Coverage {
            status: "unknown",
            ..Coverage::default()
        };
        let bytes = Bytes {
            status: "not-hashed",
            ..Bytes::default()
        };
        let signature = SignatureAnswer::Invalid {
            error: ErrorAnswer::of(error),
        };
        let mut verdict = Self::frame(&subject, signature, coverage, bytes);
        verdict.outcome = Outcome::Failed;
        verdict.reasons = Vec::from([error.code()]);
        verdict
    }

    /// The verdict over an audit.
    pub(crate) fn of(audit: Audit) -> Self {
        let (coverage, bytes) = (Coverage::of(&audit), Bytes::of(&audit));
        let reasons = reasons(&audit, &coverage, &bytes);
        let manifest = &audit.manifest;
        let signature = SignatureAnswer::Valid(ValidSignature::of(manifest));
        let mut verdict = Self::frame(&manifest.subject, signature, coverage, bytes);
        verdict.outcome = outcome(&reasons);
        verdict.reasons = codes(&reasons);
        verdict.publisher = Publisher::of(&manifest.signer);
        verdict.model = Some(Model::of(&manifest.listing));
        verdict.valid_until = manifest.signer.valid_until().map(|time| time.to_string());
        verdict.notes = notes(manifest);
        verdict
    }

    fn frame(
        subject: &Subject,
        signature: SignatureAnswer,
        coverage: Coverage,
        bytes: Bytes,
    ) -> Self {
        let media_type = Some(subject.media_type).filter(|name| !name.is_empty());
        Self {
            version: 1,
            outcome: Outcome::Failed,
            reasons: Vec::new(),
            signature,
            publisher: Publisher::Unchecked,
            expectation: ExpectationAnswer {
                set_by: subject.expectation.set_by,
                name: subject.expectation.name.clone(),
            },
            coverage,
            bytes,
            model: None,
            bundle: BundleId {
                sha256: hex(&subject.bundle_sha256),
                media_type,
            },
            evaluated_at: subject.clock.evaluated_at().to_string(),
            judged_at: subject.clock.at().to_string(),
            judged_at_basis: if subject.clock.is_chosen() {
                "caller"
            } else {
                "now"
            },
            valid_until: None,
            trust_root: None,
            not_checked: ["newest-version", "revocation"],
            notes: Vec::new(),
            modelseal: env!("CARGO_PKG_VERSION"),
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
            unsigned(EntryKind::File) || unsigned(EntryKind::Directory),
            Error::FileUnsigned,
        ),
        (bytes.listed > 0, Error::ListingOnly),
        (
            unsigned(EntryKind::Special) || changed(ChangeReason::Special),
            Error::SpecialFileRefused,
        ),
        (
            unsigned(EntryKind::Symlink) || changed(ChangeReason::Symlink),
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
            Error::CoveragePartial
                | Error::CoverageUnobserved
                | Error::FileNotChecked
                | Error::FileUnreadable
                | Error::ListingOnly
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

fn codes(reasons: &[Error]) -> Vec<&'static str> {
    let codes: BTreeSet<_> = reasons.iter().map(Error::code).collect();
    codes.into_iter().collect()
}

/// Harmless observations that a careful reader may want to know.
fn notes(manifest: &Manifest) -> Vec<&'static str> {
    [
        (manifest.form == Form::DigestsV01, "digests-v0.1-form"),
        (manifest.signer.hint_missing, "key-hint-missing"),
        (!manifest.listing.in_order, "resources-not-in-order"),
    ]
    .into_iter()
    .filter_map(|(holds, note)| holds.then_some(note))
    .collect()
}

impl Coverage {
    fn of(audit: &Audit) -> Self {
        let findings = &audit.findings;
        let ignored = findings.ignored_by_signature.iter();
        let complete = audit.options.complete;
        let mut coverage = Self {
            status: "",
            signed_files: audit.manifest.files().len(),
            ignored_by_signature: ignored
                .map(|(path, basis)| Ignored {
                    path: path.clone(),
                    basis: *basis,
                })
                .collect(),
            ignored_by_caller: findings.ignored_by_caller.iter().cloned().collect(),
            allowed_unsigned: findings.allowed_unsigned.iter().cloned().collect(),
            unsigned: audit.unsigned(),
            missing: audit.paths(|state| complete && *state == FileState::Unseen),
            not_observable: Vec::new(),
        };
        if !audit.options.symlinks_observable {
            coverage.not_observable.push("symlinks");
        }
        coverage.status = if !coverage.unsigned.is_empty() || !coverage.missing.is_empty() {
            "failed"
        } else if !complete {
            "unobserved"
        } else if coverage.is_partial() {
            "partial"
        } else {
            "complete"
        };
        coverage
    }

    fn is_partial(&self) -> bool {
        !self.ignored_by_caller.is_empty() || !self.allowed_unsigned.is_empty()
    }
}

impl Bytes {
    fn of(audit: &Audit) -> Self {
        let complete = audit.options.complete;
        let mut bytes = Self {
            status: "",
            hashed: audit.count(&FileState::Hashed),
            listed: audit.count(&FileState::Listed),
            changed: audit.changed(),
            unreadable: audit.paths(|state| *state == FileState::Unreadable),
            // A file that nobody saw is missing if the host saw the whole model.
            not_checked: audit.paths(|state| match state {
                FileState::Announced | FileState::NotChecked => true,
                FileState::Unseen => !complete,
                _ => false,
            }),
        };
        let signed = audit.manifest.files().len();
        bytes.status = if !bytes.changed.is_empty() {
            "failed"
        } else if bytes.hashed == signed {
            "hashed"
        } else if bytes.listed == signed {
            "listing"
        } else if bytes.hashed == 0 && bytes.listed == 0 {
            "not-hashed"
        } else {
            "partial"
        };
        bytes
    }
}

impl Publisher {
    pub(crate) fn of(signer: &Signer) -> Self {
        let basis = if signer.chain().is_empty() {
            "key"
        } else {
            "anchor"
        };
        let name = signer.chain().first().map(|leaf| leaf.subject.clone());
        Self::Expected { basis, name }
    }
}

impl ValidSignature {
    pub(crate) fn of(manifest: &Manifest) -> Self {
        let signer = &manifest.signer;
        let key = signer.key();
        let (algorithm, form) = match manifest.form {
            Form::V1 => (key.algorithm_by_curve(), "v1.0"),
            Form::DigestsV01 => (key.algorithm_with_sha256(), "digests-v0.1"),
        };
        Self {
            method: signer.method(),
            algorithm,
            form,
            key: sha256_text(&key.spki_digest()),
            chain: signer.chain().iter().map(ChainAnswer::of).collect(),
            log_entries: [],
            verified_times: [],
        }
    }
}

impl ChainAnswer {
    pub(crate) fn of(link: &ChainLink) -> Self {
        Self {
            subject: link.subject.clone(),
            issuer: link.issuer.clone(),
            serial: link.serial.clone(),
            not_before: link.not_before.to_string(),
            not_after: link.not_after.to_string(),
            sha256: hex(&link.sha256),
        }
    }
}

impl ErrorAnswer {
    pub(crate) fn of(error: Error) -> Self {
        Self {
            code: error.code(),
            stage: error.stage().name(),
            message: error.to_string(),
        }
    }
}

impl Model {
    pub(crate) fn of(listing: &Listing) -> Self {
        Self {
            name: listing.model_name.clone(),
            root_digest: listing.root_digest.as_ref().map(sha256_text),
        }
    }
}

impl Subject {
    pub(crate) fn of(verified: &VerifiedPayload) -> Self {
        Self {
            bundle_sha256: verified.bundle_sha256,
            media_type: verified.media_type.name(),
            expectation: verified.policy.expectation().clone(),
            clock: verified.clock,
        }
    }
}

pub(crate) fn sha256_text(digest: &[u8; 32]) -> String {
    format!("sha256:{}", hex(digest))
}

impl Error {
    /// `{"code", "stage", "message"}`, as every surface shows an error.
    pub fn to_json(&self) -> String {
        serde_json::to_string(&ErrorAnswer::of(*self)).unwrap_or_default()
    }
}
