//! Shards: a file signed in pieces of one size (OMS 1.0 section 6.1.2).

use alloc::{string::String, vec::Vec};

use modelseal_hash::Digest;

use super::{FileContent, SignedFile};
use crate::{decimal::decimal, error::Error, json::Value};

/// The largest whole number that every JSON reader keeps exact.
const MAX_SHARD_SIZE: u64 = 1 << 53;

/// Reads `shard_size`: a whole number. The reference implementation writes it as `1000000000.0`.
pub(crate) fn read_size(value: &Value<'_>) -> Result<u64, Error> {
    let size = match value {
        Value::Whole(size) => *size,
        Value::Real(size) => whole(*size).ok_or(Error::ShardSizeInvalid)?,
        _ => return Err(Error::ShardSizeInvalid),
    };
    if (1..=MAX_SHARD_SIZE).contains(&size) {
        Ok(size)
    } else {
        Err(Error::ShardSizeInvalid)
    }
}

/// The exact value of a number that is whole, at least zero and at most [`MAX_SHARD_SIZE`].
fn whole(number: f64) -> Option<u64> {
    if !(0.0..=9_007_199_254_740_992.0).contains(&number) {
        return None;
    }
    #[allow(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss
    )]
    // In range, as checked above; a fraction shows in the way back.
    let whole = number as u64;
    #[allow(clippy::as_conversions, clippy::cast_precision_loss)]
    // Exact up to 2^53.
    let back = whole as f64;
    (back.to_bits() == number.to_bits()).then_some(whole)
}

/// A shard's place in its file, from the resource's name `path:start:end`.
pub(crate) struct ShardName<'a> {
    pub(crate) path: &'a str,
    start: u64,
    end: u64,
}

impl<'a> ShardName<'a> {
    /// The last two colons count: a path may have others.
    pub(crate) fn read(name: &'a str, index: usize) -> Result<Self, Error> {
        let invalid = Error::ShardNameInvalid { index };
        let (rest, end) = name.rsplit_once(':').ok_or(invalid)?;
        let (path, start) = rest.rsplit_once(':').ok_or(invalid)?;
        let (start, end) = (decimal(start).ok_or(invalid)?, decimal(end).ok_or(invalid)?);
        Ok(Self { path, start, end })
    }
}

/// One shard, before the shards of a file are put together.
pub(crate) struct Shard {
    pub(crate) path: String,
    start: u64,
    end: u64,
    digest: Digest,
    index: usize,
}

impl Shard {
    pub(crate) fn new(name: &ShardName<'_>, digest: Digest, index: usize) -> Self {
        Self {
            path: name.path.into(),
            start: name.start,
            end: name.end,
            digest,
            index,
        }
    }
}

/// Puts shards together to files: contiguous, each full but for the last.
pub(crate) fn assemble(mut shards: Vec<Shard>, size: u64) -> Result<Vec<SignedFile>, Error> {
    shards.sort_by(|a, b| a.path.cmp(&b.path).then(a.start.cmp(&b.start)));
    let mut files: Vec<SignedFile> = Vec::new();
    for shard in shards {
        let out_of_place = Error::ShardRangeInvalid { index: shard.index };
        let length = shard.end.checked_sub(shard.start).ok_or(out_of_place)?;
        // An empty file has no shards.
        if length == 0 || length > size {
            return Err(out_of_place);
        }
        match files.last_mut().filter(|file| file.path == shard.path) {
            Some(SignedFile {
                content:
                    FileContent::Shards {
                        length, digests, ..
                    },
                ..
            }) => {
                // Every shard before the last one is full, so that the next starts at a multiple.
                let full = !length.is_multiple_of(size);
                if shard.start != *length || full {
                    return Err(out_of_place);
                }
                *length = shard.end;
                digests.push(shard.digest);
            }
            _ if shard.start == 0 => files.push(SignedFile {
                path: shard.path,
                content: FileContent::Shards {
                    size,
                    length: shard.end,
                    digests: Vec::from([shard.digest]),
                },
            }),
            _ => return Err(out_of_place),
        }
    }
    Ok(files)
}
