//! Digests that the host computed itself, in place of a file's bytes.

use alloc::vec::Vec;

use modelseal_hash::{Algorithm, Digest};

use super::{Audit, ChangeReason, CheckedFile, FileState, FileStatus, NOT_WAITING};
use crate::{
    error::Error,
    manifest::{Content, Manifest},
};

const MISFIT: Error = Error::UsageInvalid {
    what: "these are not the digests that this file was signed by",
};

impl Manifest {
    /// Compares a file of `length` bytes by digests that the host computed by
    /// [`Self::algorithm`], apart from an audit: see [`Audit::hashed`].
    ///
    /// # Errors
    /// [`Error::FileUnsigned`] for a path that is not signed, [`Error::UsageInvalid`] for digests
    /// of another length or number.
    pub fn compare(&self, path: &str, digests: &[u8], length: u64) -> Result<CheckedFile, Error> {
        let index = self.listing.position(path).ok_or(Error::FileUnsigned)?;
        self.compare_at(index, digests, length)
    }

    fn compare_at(&self, index: usize, digests: &[u8], length: u64) -> Result<CheckedFile, Error> {
        let file = self.files().get(index).ok_or(Error::FileUnsigned)?;
        let found = read(self.algorithm(), digests).ok_or(MISFIT)?;
        let outcome = compare(&file.content, &found, length).ok_or(MISFIT)?;
        Ok(CheckedFile::of(self, index, outcome))
    }
}

impl Audit {
    /// Takes the digests of an announced file of `length` bytes, which the host computed by the
    /// manifest's algorithm. They come as raw bytes, one after the other: one digest, or for a file
    /// that was signed in shards one for each shard of it.
    ///
    /// # Errors
    /// [`Error::UsageInvalid`] for digests of another length or number, or a file that was not
    /// announced.
    pub fn hashed(&mut self, path: &str, digests: &[u8], length: u64) -> Result<FileStatus, Error> {
        let index = self.position(path).ok_or(NOT_WAITING)?;
        let checked = self.manifest.compare_at(index, digests, length)?;
        self.record(checked)
    }
}

fn read(algorithm: Algorithm, digests: &[u8]) -> Option<Vec<Digest>> {
    let parts = digests.chunks(algorithm.digest_len());
    parts
        .map(|part| Digest::from_bytes(algorithm, part))
        .collect()
}

fn compare(signed: &Content, found: &[Digest], length: u64) -> Option<FileState> {
    let changed = |reason, actual| FileState::Changed { reason, actual };
    Some(match (signed, found) {
        (Content::Whole(signed), [found]) if found == signed => FileState::Hashed,
        (Content::Whole(_), [found]) => changed(ChangeReason::Digest, Some(*found)),
        (Content::Whole(_), _) => return None,
        (Content::Shards { length: signed, .. }, _) if *signed != length => {
            changed(ChangeReason::Length, None)
        }
        (Content::Shards { digests, .. }, found) if digests.len() != found.len() => return None,
        (Content::Shards { digests, .. }, found) if digests == found => FileState::Hashed,
        (Content::Shards { .. }, _) => changed(ChangeReason::Digest, None),
    })
}
