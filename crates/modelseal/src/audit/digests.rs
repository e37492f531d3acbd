//! Digests that the host computed itself, in place of a file's bytes.

use alloc::vec::Vec;

use modelseal_hash::{Algorithm, Digest};

use super::{Audit, ChangeReason, CheckedFile, FileState, FileStatus, NOT_WAITING};
use crate::{
    error::Error,
    manifest::{FileContent, Manifest},
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

    /// Compares one shard of a file by its digest, so that a host may pass on what is verified
    /// before it has seen the rest. `false` also for a shard beyond the last: the file is longer
    /// than what was signed. That all shards are right says nothing of the file's end:
    /// [`Self::compare`] does.
    ///
    /// # Errors
    /// [`Error::FileUnsigned`] for a path that is not signed, [`Error::UsageInvalid`] for a digest
    /// of another length, or a file that was not signed in shards.
    pub fn compare_shard(&self, path: &str, shard: usize, digest: &[u8]) -> Result<bool, Error> {
        let index = self.listing.position(path).ok_or(Error::FileUnsigned)?;
        let file = self.files().get(index).ok_or(Error::FileUnsigned)?;
        let FileContent::Shards { digests, .. } = &file.content else {
            return Err(MISFIT);
        };
        let found = Digest::from_bytes(self.algorithm(), digest).ok_or(MISFIT)?;
        Ok(digests.get(shard) == Some(&found))
    }

    fn compare_at(&self, index: usize, digests: &[u8], length: u64) -> Result<CheckedFile, Error> {
        let file = self.files().get(index).ok_or(Error::FileUnsigned)?;
        let found = read(self.algorithm(), digests).ok_or(MISFIT)?;
        let outcome = compare(&file.content, &found, length).ok_or(MISFIT)?;
        Ok(CheckedFile::of(self, index, outcome))
    }
}

impl Audit {
    /// How many bytes were signed of the file that `path` is, where that was signed: of a file in
    /// shards. A host need not read on beyond them.
    pub fn signed_length(&self, path: &str) -> Option<u64> {
        let file = self.manifest.files().get(self.position(path)?)?;
        file.content.length()
    }

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
        self.record_check(checked)
    }
}

fn read(algorithm: Algorithm, digests: &[u8]) -> Option<Vec<Digest>> {
    let parts = digests.chunks(algorithm.digest_len());
    parts
        .map(|part| Digest::from_bytes(algorithm, part))
        .collect()
}

fn compare(signed: &FileContent, found: &[Digest], length: u64) -> Option<FileState> {
    let changed = |reason, actual| FileState::Changed { reason, actual };
    Some(match (signed, found) {
        (FileContent::Whole(signed), [found]) if found == signed => FileState::Hashed,
        (FileContent::Whole(_), [found]) => changed(ChangeReason::Digest, Some(*found)),
        (FileContent::Whole(_), _) => return None,
        (FileContent::Shards { length: signed, .. }, _) if *signed != length => {
            changed(ChangeReason::Length, None)
        }
        (FileContent::Shards { digests, .. }, found) if digests.len() != found.len() => {
            return None;
        }
        (FileContent::Shards { digests, .. }, found) if digests == found => FileState::Hashed,
        (FileContent::Shards { .. }, _) => changed(ChangeReason::Digest, None),
    })
}
