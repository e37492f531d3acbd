//! The answers about coverage and bytes, and what they add up to.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use serde::Serialize;

use super::Outcome;
use crate::{
    audit::{Audit, ChangeReason, EntryKind, Extra, FileState},
    envelope::PublisherCheck,
    error::Error,
    manifest::{Content, IgnoreBasis},
};

/// Which files does the signature cover?
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Coverage {
    status: &'static str,
    signed_files: usize,
    ignored_by_signature: Vec<Ignored>,
    ignored_by_caller: Vec<String>,
    allowed_unsigned: Vec<String>,
    unsigned: Vec<Unsigned>,
    missing: Vec<String>,
    not_observable: Vec<&'static str>,
}

#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
struct Ignored {
    path: String,
    basis: IgnoreBasis,
}

/// A file that the signature does not cover.
#[derive(Clone, Debug, Serialize)]
struct Unsigned {
    path: String,
    kind: EntryKind,
}

/// Are the bytes those that were signed?
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Bytes {
    status: &'static str,
    hashed: usize,
    listed: usize,
    changed: Vec<Changed>,
    unreadable: Vec<String>,
    not_checked: Vec<String>,
}

/// A signed file that is not as signed.
#[derive(Clone, Debug, Serialize)]
struct Changed {
    path: String,
    expected: Option<String>,
    actual: Option<String>,
    reason: ChangeReason,
}

impl Coverage {
    /// Nobody knows what a signature covers that does not hold.
    pub(super) fn unknown() -> Self {
        Self {
            status: "unknown",
            ..Self::default()
        }
    }

    pub(super) fn of(audit: &Audit) -> Self {
        let complete = audit.options.complete;
        let mut coverage = Self {
            signed_files: audit.manifest.files().len(),
            ..Self::default()
        };
        for (path, extra) in &audit.extras {
            coverage.add(path, *extra);
        }
        coverage.ignored_by_signature.sort_unstable();
        coverage.ignored_by_signature.dedup();
        coverage.ignored_by_caller.sort_unstable();
        coverage.ignored_by_caller.dedup();
        coverage.missing = paths(audit, |state| complete && *state == FileState::Unseen);
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

    fn add(&mut self, path: &str, extra: Extra) {
        let rule_of = |length| String::from(path.get(..length).unwrap_or(path));
        match extra {
            Extra::AllowedUnsigned => self.allowed_unsigned.push(path.into()),
            Extra::Folder => {}
            Extra::IgnoredByCaller { rule } => self.ignored_by_caller.push(rule_of(rule)),
            Extra::IgnoredBySignature { rule, basis } => {
                self.ignored_by_signature.push(Ignored {
                    path: rule_of(rule),
                    basis,
                });
            }
            Extra::Unsigned(kind) => self.unsigned.push(Unsigned {
                path: path.into(),
                kind,
            }),
        }
    }

    fn is_partial(&self) -> bool {
        !self.ignored_by_caller.is_empty() || !self.allowed_unsigned.is_empty()
    }
}

impl Bytes {
    /// There was nothing to compare with.
    pub(super) fn not_hashed() -> Self {
        Self {
            status: "not-hashed",
            ..Self::default()
        }
    }

    pub(super) fn of(audit: &Audit) -> Self {
        let complete = audit.options.complete;
        let count = |wanted| {
            audit
                .states
                .iter()
                .filter(|state| **state == wanted)
                .count()
        };
        let mut bytes = Self {
            status: "",
            hashed: count(FileState::Hashed),
            listed: count(FileState::Listed),
            changed: changed(audit),
            unreadable: paths(audit, |state| *state == FileState::Unreadable),
            // A file that nobody saw is missing if the host saw the whole model.
            not_checked: paths(audit, |state| match state {
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

fn changed(audit: &Audit) -> Vec<Changed> {
    let files = audit.manifest.files().iter().zip(&audit.states);
    let changed = files.filter_map(|(file, state)| match state {
        FileState::Changed { reason, actual } => Some(Changed {
            path: file.path().into(),
            expected: match file.content() {
                Content::Whole(digest) => Some(digest.to_string()),
                Content::Shards { .. } => None,
            },
            actual: actual.map(|digest| digest.to_string()),
            reason: *reason,
        }),
        _ => None,
    });
    changed.collect()
}

/// The paths of the signed files in a state that `wanted` picks.
fn paths(audit: &Audit, wanted: impl Fn(&FileState) -> bool) -> Vec<String> {
    let files = audit.manifest.files().iter().zip(&audit.states);
    files
        .filter(|(_, state)| wanted(state))
        .map(|(file, _)| file.path().into())
        .collect()
}

/// What keeps the audit from being `verified`, sorted by code.
pub(super) fn reasons(audit: &Audit, coverage: &Coverage, bytes: &Bytes) -> Vec<Error> {
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
            manifest.context.publisher == PublisherCheck::Unchecked,
            Error::PublisherUnchecked,
        ),
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

pub(super) fn outcome(reasons: &[Error]) -> Outcome {
    let unchecked = |reason: &Error| {
        matches!(
            reason,
            Error::CoveragePartial
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
