//! Hashing for an audit. It can only be recorded: what it is compared with is not handed out, so that a
//! report checks no files.

use super::{CheckedFile, FileCheck};

/// Hashes one announced file as its bytes arrive. Made by [`Audit::hasher`](crate::Audit::hasher).
#[derive(Debug)]
pub struct EntryHasher(FileCheck);

/// The result of an [`EntryHasher`], for [`Audit::record`](crate::Audit::record).
#[derive(Debug)]
pub struct HashedEntry(CheckedFile);

impl EntryHasher {
    pub(super) const fn new(check: FileCheck) -> Self {
        Self(check)
    }

    /// Takes the file's next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.0.push(bytes);
    }

    /// Ends the file.
    pub fn finish(self) -> HashedEntry {
        HashedEntry(self.0.finish())
    }
}

impl HashedEntry {
    pub(super) fn into_checked(self) -> CheckedFile {
        self.0
    }
}
