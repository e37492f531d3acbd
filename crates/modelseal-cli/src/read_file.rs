//! Reads a file, and never more of it than can be used.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

/// The file's bytes, and one more than `limit` if it is too large.
///
/// # Errors
/// If it cannot be read.
pub fn read_file(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    let limit = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}
