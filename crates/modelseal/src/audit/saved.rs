//! The saved state of a check: versioned, bound to the bundle and the file, and authenticated.
//!
//! `modelseal-check`, the version, the length so far, the shard, whether one before it was wrong
//! (numbers are little-endian), and the hasher's own state, which is authenticated by the caller's
//! key. Its context is all that comes before it, the bundle's SHA-256 and the file's place there.

use alloc::vec::Vec;

use modelseal_hash::{FileHasher, StateKey};

use super::FileCheck;
use crate::{
    error::Error,
    manifest::{FileContent, Manifest},
};

const MAGIC: &[u8; 16] = b"modelseal-check\x02";

/// What comes before the hasher's state: the magic, two numbers and a flag.
const HEAD: usize = 33;

const INVALID: Error = Error::UsageInvalid {
    what: "this is not a saved check of this file and bundle by this key",
};

const SHORT_KEY: Error = Error::UsageInvalid {
    what: "the key of a saved check has fewer than 32 bytes",
};

impl FileCheck {
    /// The state, from which [`Manifest::restore`] goes on with the same key: after a reload, or in
    /// another process. The key is the caller's own, of at least 32 random bytes. It must be out
    /// of reach of anyone who can change the state or the bytes that were hashed.
    ///
    /// # Errors
    /// [`Error::UsageInvalid`] for a key that is too short.
    pub fn save(&self, key: &[u8]) -> Result<Vec<u8>, Error> {
        let key = StateKey::new(key).ok_or(SHORT_KEY)?;
        let mut bytes = self.head();
        let hasher = self.hasher.save(&key, &self.context(&bytes));
        bytes.extend_from_slice(&hasher);
        Ok(bytes)
    }

    /// How many bytes it has seen, those before it was saved included.
    pub const fn length(&self) -> u64 {
        self.length
    }

    fn head(&self) -> Vec<u8> {
        let mut head = Vec::from(*MAGIC);
        head.extend_from_slice(&self.length.to_le_bytes());
        head.extend_from_slice(&number(self.shard).to_le_bytes());
        head.push(u8::from(self.wrong));
        head
    }

    /// What a state belongs to.
    fn context(&self, head: &[u8]) -> Vec<u8> {
        let mut context = Vec::from(head);
        context.extend_from_slice(&self.file.bundle);
        context.extend_from_slice(&number(self.file.index).to_le_bytes());
        context
    }
}

impl Manifest {
    /// The check of `path` whose state was saved by [`FileCheck::save`] with the same key. What it
    /// saw before is not hashed again, so its result is marked: see [`CheckedFile::is_resumed`].
    ///
    /// [`CheckedFile::is_resumed`]: super::CheckedFile::is_resumed
    ///
    /// # Errors
    /// [`Error::UsageInvalid`] for a state that is damaged, made up, or of another file, bundle,
    /// key or version.
    pub fn restore(&self, path: &str, state: &[u8], key: &[u8]) -> Result<FileCheck, Error> {
        let mut check = self.check(path).ok_or(Error::FileUnsigned)?;
        let key = StateKey::new(key).ok_or(SHORT_KEY)?;
        read(&mut check, state, &key).ok_or(INVALID)?;
        Ok(check)
    }
}

/// Fills in what was saved, if it is this file's.
fn read(check: &mut FileCheck, state: &[u8], key: &StateKey) -> Option<()> {
    let (head, hasher) = state.split_at_checked(HEAD)?;
    let hasher = FileHasher::restore(hasher, key, &check.context(head)).ok()?;
    let (magic, rest) = head.split_first_chunk::<16>()?;
    let (length, rest) = rest.split_first_chunk::<8>()?;
    let (shard, rest) = rest.split_first_chunk::<8>()?;
    let [wrong] = rest else { return None };
    if magic != MAGIC || hasher.algorithm() != check.hasher.algorithm() {
        return None;
    }
    check.length = u64::from_le_bytes(*length);
    let complete = match check.content {
        FileContent::Whole(_) => 0,
        FileContent::Shards { size, .. } => check.length.checked_div(size)?,
    };
    if u64::from_le_bytes(*shard) != complete || *wrong > 1 {
        return None;
    }
    check.shard = usize::try_from(complete).ok()?;
    check.wrong = *wrong == 1;
    check.hasher = hasher;
    // Of a file that had no bytes yet, none is missing.
    check.resumed = check.length > 0;
    Some(())
}

fn number(value: usize) -> u64 {
    u64::try_from(value).unwrap_or(u64::MAX)
}
