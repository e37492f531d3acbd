//! What the signer recorded as not signed.

use alloc::{string::String, vec::Vec};

use super::path;
use crate::{
    error::Error,
    json::{Document, Fields},
};

/// Reads `ignore_paths`, sorted: each skips that path and everything below it, literally.
///
/// A path that would skip everything, or something outside, is refused.
pub(crate) fn read(serialization: Fields<'_, '_>) -> Result<Vec<String>, Error> {
    let paths = serialization.optional_array("ignore_paths")?;
    let mut paths: Vec<String> = paths
        .iter()
        .enumerate()
        .map(|(index, value)| {
            let text = value
                .as_str()
                .ok_or(Document::Manifest.wrong_type("ignore_paths"))?;
            path::check(text, index).map_err(|_| Error::IgnorePathInvalid { index })?;
            Ok(String::from(text))
        })
        .collect::<Result<_, Error>>()?;
    // The reference implementation writes them in an order that changes from run to run.
    paths.sort_unstable();
    paths.dedup();
    Ok(paths)
}
