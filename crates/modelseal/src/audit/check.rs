//! The check of one file's bytes, which may run on another thread than the audit.

use modelseal_hash::{Digest, FileHasher};

use super::{ChangeReason, FileState, FileStatus};
use crate::manifest::{FileContent, Manifest};

/// Hashes one signed file as its bytes arrive.
///
/// Wrong bytes are not an error here: they show in the result.
#[derive(Clone, Debug)]
pub struct FileCheck {
    pub(super) file: FileId,
    pub(super) content: FileContent,
    pub(super) hasher: FileHasher,
    pub(super) length: u64,
    /// The shard that is being hashed, and whether one before it was wrong.
    pub(super) shard: usize,
    pub(super) wrong: bool,
    /// Whether it goes on from a saved state.
    pub(super) resumed: bool,
}

/// The result of a [`FileCheck`], or of [`Manifest::compare`]. Made by these alone.
#[derive(Clone, Debug)]
pub struct CheckedFile {
    file: FileId,
    outcome: FileState,
}

/// A file of a bundle: a check of one bundle says nothing about another's file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct FileId {
    pub(super) bundle: [u8; 32],
    pub(super) index: usize,
}

impl FileId {
    const fn of(manifest: &Manifest, index: usize) -> Self {
        Self {
            bundle: manifest.context.bundle_sha256,
            index,
        }
    }
}

impl FileCheck {
    pub(crate) fn of(manifest: &Manifest, path: &str) -> Option<Self> {
        Self::at(manifest, manifest.listing.position(path)?)
    }

    pub(crate) fn at(manifest: &Manifest, index: usize) -> Option<Self> {
        Some(Self {
            file: FileId::of(manifest, index),
            content: manifest.files().get(index)?.content.clone(),
            hasher: FileHasher::new(manifest.algorithm()),
            length: 0,
            shard: 0,
            wrong: false,
            resumed: false,
        })
    }

    /// Takes the file's next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        let FileContent::Shards { size, .. } = self.content else {
            self.length = self.length.saturating_add(length_of(bytes));
            self.hasher.update(bytes);
            return;
        };
        let mut rest = bytes;
        while !rest.is_empty() {
            let used = self.length.checked_rem(size).unwrap_or(0);
            let room = usize::try_from(size.saturating_sub(used)).unwrap_or(usize::MAX);
            let (piece, later) = rest.split_at_checked(room).unwrap_or((rest, &[]));
            self.hasher.update(piece);
            self.length = self.length.saturating_add(length_of(piece));
            if piece.len() == room {
                self.close_shard();
            }
            rest = later;
        }
    }

    /// Compares the shard that ends here, and begins the next one.
    fn close_shard(&mut self) {
        let FileContent::Shards { digests, .. } = &self.content else {
            return;
        };
        let algorithm = digests
            .first()
            .map_or(modelseal_hash::Algorithm::Sha256, Digest::algorithm);
        let hasher = core::mem::replace(&mut self.hasher, FileHasher::new(algorithm));
        self.wrong |= digests.get(self.shard) != Some(&hasher.finish());
        self.shard = self.shard.saturating_add(1);
    }

    /// Compares the file with what was signed.
    pub fn finish(mut self) -> CheckedFile {
        let right = if self.resumed {
            FileState::Resumed
        } else {
            FileState::Hashed
        };
        let outcome = match &self.content {
            FileContent::Whole(signed) => {
                let actual = self.hasher.finish();
                if actual == *signed {
                    right
                } else {
                    FileState::Changed {
                        reason: ChangeReason::Digest,
                        actual: Some(actual),
                    }
                }
            }
            FileContent::Shards { length, .. } if *length != self.length => FileState::Changed {
                reason: ChangeReason::Length,
                actual: None,
            },
            FileContent::Shards { size, .. } => {
                if self.length.checked_rem(*size) != Some(0) {
                    self.close_shard();
                }
                if self.wrong {
                    FileState::Changed {
                        reason: ChangeReason::Digest,
                        actual: None,
                    }
                } else {
                    right
                }
            }
        };
        CheckedFile {
            file: self.file,
            outcome,
        }
    }
}

impl CheckedFile {
    pub(super) const fn of(manifest: &Manifest, index: usize, outcome: FileState) -> Self {
        Self {
            file: FileId::of(manifest, index),
            outcome,
        }
    }

    /// How the file compares with what was signed.
    pub fn status(&self) -> FileStatus {
        match self.outcome {
            FileState::Hashed | FileState::Resumed => FileStatus::Ok,
            _ => FileStatus::Changed,
        }
    }

    /// Whether the file is as signed by a check that was restored: what it saw before it was saved
    /// was not hashed again.
    pub fn is_resumed(&self) -> bool {
        self.outcome == FileState::Resumed
    }

    pub(super) fn index_for(&self, manifest: &Manifest) -> Option<usize> {
        (self.file.bundle == manifest.context.bundle_sha256).then_some(self.file.index)
    }

    pub(super) fn into_state(self) -> FileState {
        self.outcome
    }
}

fn length_of(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
