//! The answer about bytes.

use alloc::{string::String, vec::Vec};

use modelseal_hash::Digest;
use serde::{Serialize, Serializer};

use crate::{
    audit::{Audit, ChangeReason, FileState, LinkRefusal},
    manifest::FileContent,
};

/// Are the bytes those that were signed? All paths are from the signer: escape them where they are
/// shown.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct Bytes {
    /// The answer in a word.
    pub status: BytesStatus,
    /// How many files were hashed and are as signed.
    pub hashed: usize,
    /// How many files a listing has the signed digest of.
    pub listed: usize,
    /// Files among those hashed whose check was resumed from a saved state: their first bytes were
    /// not hashed again.
    pub resumed: Vec<String>,
    /// Files that are not as signed.
    pub changed: Vec<ChangedFile>,
    /// Symlinks in place of signed files that were not followed: nothing of them was read.
    pub not_followed: Vec<LinkNotFollowed>,
    /// Files that could not be read.
    pub unreadable: Vec<String>,
    /// Files that were not looked at.
    pub not_checked: Vec<String>,
}

/// The answer about bytes in a word.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum BytesStatus {
    /// A file is not as signed.
    Failed,
    /// Every signed file was hashed and is right.
    Hashed,
    /// Digests of a listing were compared for every file.
    Listing,
    /// No file was looked at.
    #[default]
    NotHashed,
    /// Some files were checked and are right, others were not.
    Partial,
}

/// A signed file that is not as signed.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ChangedFile {
    /// The path.
    pub path: String,
    /// The signed digest; `None` for a file that was signed in shards.
    #[serde(serialize_with = "optional_digest")]
    pub expected: Option<Digest>,
    /// The digest that was found, where the file was hashed as a whole.
    #[serde(serialize_with = "optional_digest")]
    pub actual: Option<Digest>,
    /// In what it differs.
    pub reason: ChangeReason,
}

/// A symlink in place of a signed file that was not followed.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LinkNotFollowed {
    /// The path.
    pub path: String,
    /// Why it was not followed.
    pub reason: LinkRefusal,
}

impl Bytes {
    /// There was nothing to compare with.
    pub(super) fn not_hashed() -> Self {
        Self::default()
    }

    pub(super) fn of(audit: &Audit) -> Self {
        let complete = audit.options.complete;
        let count = |wanted| {
            let states = audit.states.iter();
            states.filter(|state| **state == wanted).count()
        };
        let mut bytes = Self {
            status: BytesStatus::NotHashed,
            hashed: count(FileState::Hashed).saturating_add(count(FileState::Resumed)),
            listed: count(FileState::Listed),
            resumed: audit.paths(|state| *state == FileState::Resumed),
            changed: changed(audit),
            not_followed: not_followed(audit),
            unreadable: audit.paths(|state| *state == FileState::Unreadable),
            // A file that was not announced is missing if the host listed the whole model.
            not_checked: audit.paths(|state| match state {
                FileState::Announced | FileState::NotChecked => true,
                FileState::Unseen => !complete,
                _ => false,
            }),
        };
        let signed = audit.manifest.files().len();
        bytes.status = if !bytes.changed.is_empty() || !bytes.not_followed.is_empty() {
            BytesStatus::Failed
        } else if bytes.hashed == signed {
            BytesStatus::Hashed
        } else if bytes.listed == signed {
            BytesStatus::Listing
        } else if bytes.hashed == 0 && bytes.listed == 0 {
            BytesStatus::NotHashed
        } else {
            BytesStatus::Partial
        };
        bytes
    }
}

fn changed(audit: &Audit) -> Vec<ChangedFile> {
    let files = audit.manifest.files().iter().zip(&audit.states);
    let changed = files.filter_map(|(file, state)| match state {
        FileState::Changed { reason, actual } => Some(ChangedFile {
            path: file.path().into(),
            expected: match file.content() {
                FileContent::Whole(digest) => Some(*digest),
                FileContent::Shards { .. } => None,
            },
            actual: *actual,
            reason: *reason,
        }),
        _ => None,
    });
    changed.collect()
}

fn not_followed(audit: &Audit) -> Vec<LinkNotFollowed> {
    let files = audit.manifest.files().iter().zip(&audit.states);
    let refused = files.filter_map(|(file, state)| match state {
        FileState::NotFollowed(reason) => Some(LinkNotFollowed {
            path: file.path().into(),
            reason: *reason,
        }),
        _ => None,
    });
    refused.collect()
}

/// Writes the algorithm, a colon and the digest in lower-case hex, or `null`.
fn optional_digest<S: Serializer>(
    digest: &Option<Digest>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match digest {
        Some(digest) => serializer.collect_str(digest),
        None => serializer.serialize_none(),
    }
}
