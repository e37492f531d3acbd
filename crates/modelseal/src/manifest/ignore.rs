//! What the signature itself leaves out.

use alloc::{string::String, vec::Vec};

use super::path;
use crate::{
    error::Error,
    json::{Document, Fields},
};

/// Left out at the top level of every model, recorded or not (OMS 1.0 section 6.2).
const GIT_DEFAULTS: [&str; 4] = [".git", ".gitattributes", ".github", ".gitignore"];

/// Why the signature leaves a path out.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum IgnoreBasis {
    /// The signer recorded it in `ignore_paths`.
    Recorded,
    /// It belongs to git.
    GitDefault,
    /// It is the signature's own file.
    SignatureFile,
}

/// Reads `ignore_paths`, sorted: each leaves out that path and everything below it, literally.
///
/// A path that would leave out everything, or something outside, is refused.
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

/// The rule under which the signature leaves `path` out, if there is one.
///
/// Asked only of paths that the manifest does not list: what is listed is always hashed.
pub(crate) fn rule<'r>(
    path: &str,
    recorded: &'r [String],
    signature_path: Option<&'r str>,
) -> Option<(&'r str, IgnoreBasis)> {
    if let Some(own) = signature_path.filter(|own| *own == path) {
        return Some((own, IgnoreBasis::SignatureFile));
    }
    if let Some(default) = GIT_DEFAULTS
        .iter()
        .find(|root| path::is_at_or_below(path, root))
    {
        return Some((default, IgnoreBasis::GitDefault));
    }
    Some((find_above(path, recorded)?, IgnoreBasis::Recorded))
}

/// The shortest of the `sorted` paths that `path` is, or lies below.
///
/// Looks each folder above `path` up, so that many rules and many files stay affordable.
pub(crate) fn find_above<'r>(path: &str, sorted: &'r [String]) -> Option<&'r str> {
    let ends = path
        .match_indices('/')
        .map(|(end, _)| end)
        .chain([path.len()]);
    ends.filter_map(|end| path.get(..end)).find_map(|above| {
        let at = sorted
            .binary_search_by(|rule| rule.as_str().cmp(above))
            .ok()?;
        sorted.get(at).map(String::as_str)
    })
}
