//! The saved state of a check: versioned, bound to the bundle and the file, and with a check sum.
//!
//! `modelseal-check`, the version, the bundle's SHA-256, the file's place, the length so far, the
//! shard, whether one before it was wrong, the hasher's own state, and the first eight bytes of
//! SHA-256 over all that. Numbers are little-endian. The check sum finds damage, not malice: whoever
//! may change a saved state may as well change the file.

use alloc::vec::Vec;

use modelseal_hash::FileHasher;
use sha2::{Digest as _, Sha256};

use super::FileCheck;
use crate::{
    error::Error,
    manifest::{Content, Manifest},
};

const MAGIC: &[u8; 16] = b"modelseal-check\x01";
const SUM: usize = 8;

const INVALID: Error = Error::UsageInvalid {
    what: "this is no saved check of this file and bundle",
};

impl FileCheck {
    /// The state, from which [`Manifest::restore`] goes on: after a reload, or in another process.
    pub fn save(&self) -> Vec<u8> {
        let mut bytes = Vec::from(*MAGIC);
        bytes.extend_from_slice(&self.file.bundle);
        for number in [number(self.file.index), self.length, number(self.shard)] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.push(u8::from(self.wrong));
        bytes.extend_from_slice(&self.hasher.save());
        let sum = check_sum(&bytes);
        bytes.extend_from_slice(&sum);
        bytes
    }

    /// How many bytes it has seen.
    pub const fn length(&self) -> u64 {
        self.length
    }
}

impl Manifest {
    /// The check of `path` whose state was saved by [`FileCheck::save`].
    ///
    /// # Errors
    /// [`Error::UsageInvalid`] for a state that is damaged, or of another file, bundle or version.
    pub fn restore(&self, path: &str, state: &[u8]) -> Result<FileCheck, Error> {
        let mut check = self.check(path).ok_or(Error::FileUnsigned)?;
        read(&mut check, state).ok_or(INVALID)?;
        Ok(check)
    }
}

/// Fills in what was saved, if it is this file's.
fn read(check: &mut FileCheck, state: &[u8]) -> Option<()> {
    let (bytes, sum) = state.split_last_chunk::<SUM>()?;
    let (magic, bytes) = bytes.split_first_chunk::<16>()?;
    let (bundle, bytes) = bytes.split_first_chunk::<32>()?;
    let (index, bytes) = bytes.split_first_chunk::<8>()?;
    let (length, bytes) = bytes.split_first_chunk::<8>()?;
    let (shard, bytes) = bytes.split_first_chunk::<8>()?;
    let (wrong, hasher) = bytes.split_first()?;
    let ours = magic == MAGIC
        && *bundle == check.file.bundle
        && u64::from_le_bytes(*index) == number(check.file.index)
        && check_sum(state.get(..state.len().checked_sub(SUM)?)?) == *sum;
    let hasher = FileHasher::restore(hasher).ok()?;
    if !ours || hasher.algorithm() != check.hasher.algorithm() {
        return None;
    }
    check.length = u64::from_le_bytes(*length);
    let complete = match check.content {
        Content::Whole(_) => 0,
        Content::Shards { size, .. } => check.length.checked_div(size)?,
    };
    if u64::from_le_bytes(*shard) != complete || *wrong > 1 {
        return None;
    }
    check.shard = usize::try_from(complete).ok()?;
    check.wrong = *wrong == 1;
    check.hasher = hasher;
    Some(())
}

fn check_sum(bytes: &[u8]) -> [u8; SUM] {
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    digest.first_chunk().copied().unwrap_or_default()
}

fn number(value: usize) -> u64 {
    u64::try_from(value).unwrap_or(u64::MAX)
}
