//! The answer about coverage.

use alloc::{string::String, vec::Vec};

use serde::Serialize;

use crate::audit::{Audit, EntryKind, Extra, FileState, IgnoreBasis, LinkTargets};

/// Does the signature cover every file? All paths are from the signer or the model: escape them where
/// they are shown.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct Coverage {
    /// The answer in a word.
    pub status: CoverageStatus,
    /// How many files are signed.
    pub signed_files: usize,
    /// What the signature itself skips, where there was such an entry, sorted.
    pub ignored_by_signature: Vec<IgnoredFile>,
    /// The caller's ignore rules that matched something, sorted.
    pub ignored_by_caller: Vec<String>,
    /// Unsigned files that the caller allowed.
    pub allowed_unsigned: Vec<String>,
    /// Entries that the signature does not cover.
    pub unsigned: Vec<UnsignedFile>,
    /// Signed files that are not there.
    pub missing: Vec<String>,
    /// Links that are not the model's and were followed; `None` where there are none.
    pub followed_links: Option<FollowedLinks>,
    /// What the host cannot see, such as `symlinks`.
    pub not_observable: Vec<&'static str>,
}

/// Links that are not the model's, but of the place where it is stored. Each counts as the file that it
/// leads to.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FollowedLinks {
    /// How many there are.
    pub count: usize,
    /// Where they lead.
    pub targets: LinkTargets,
}

/// The answer about coverage in a word.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum CoverageStatus {
    /// Every file is signed.
    Complete,
    /// A file is unsigned or missing.
    Failed,
    /// Every file is signed but those that the caller ignored or allowed.
    Partial,
    /// The signature does not hold.
    #[default]
    Unknown,
    /// The host could not list the whole model.
    Unobserved,
}

/// An entry that the signature itself skips.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[non_exhaustive]
pub struct IgnoredFile {
    /// The path of the rule.
    pub path: String,
    /// Why it is skipped.
    pub basis: IgnoreBasis,
}

/// An entry that the signature does not cover.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct UnsignedFile {
    /// The path.
    pub path: String,
    /// What it is.
    pub kind: EntryKind,
}

impl Coverage {
    /// A signature that does not hold covers nothing.
    pub(super) fn unknown() -> Self {
        Self::default()
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
        coverage.missing = audit.paths(|state| complete && *state == FileState::Unseen);
        let targets = audit.options.link_targets;
        coverage.followed_links = targets
            .map(|targets| FollowedLinks {
                count: audit.followed_links,
                targets,
            })
            .filter(|links| links.count > 0);
        if !audit.options.symlinks_observable {
            coverage.not_observable.push("symlinks");
        }
        coverage.status = if !coverage.unsigned.is_empty() || !coverage.missing.is_empty() {
            CoverageStatus::Failed
        } else if !complete {
            CoverageStatus::Unobserved
        } else if coverage.is_partial() {
            CoverageStatus::Partial
        } else {
            CoverageStatus::Complete
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
                self.ignored_by_signature.push(IgnoredFile {
                    path: rule_of(rule),
                    basis,
                });
            }
            Extra::Unsigned(kind) => self.unsigned.push(UnsignedFile {
                path: path.into(),
                kind,
            }),
        }
    }

    pub(super) fn is_partial(&self) -> bool {
        !self.ignored_by_caller.is_empty() || !self.allowed_unsigned.is_empty()
    }
}
