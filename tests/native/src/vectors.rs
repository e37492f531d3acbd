//! The public vectors beside the checkout, and what is expected of them.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The time of judgement of every public vector: their leaves are valid then.
pub const NOW: &str = "2026-06-01T00:00:00Z";

/// Says where vectors are looked for.
pub const WHERE: &str = "set MODELSEAL_VECTORS, or put them into ../shared/vectors";

/// The folder of vectors, if there is one.
pub fn folder() -> Option<PathBuf> {
    let given = std::env::var_os("MODELSEAL_VECTORS").map(PathBuf::from);
    let beside = || Some(crate::repository().parent()?.join("shared/vectors"));
    given.or_else(beside).filter(|path| path.is_dir())
}

/// Reads a JSON file.
///
/// # Panics
/// If it cannot be read: a test cannot go on then.
pub fn read_json(path: &Path) -> Value {
    let text = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// `tests/vectors/expected.json`: outcome and reasons of every vector, for every runner.
pub fn expected() -> serde_json::Map<String, Value> {
    let expected = read_json(&crate::repository().join("tests/vectors/expected.json"));
    expected.as_object().expect("an object").clone()
}

/// The names of the folders in `folder`, sorted.
pub fn folders_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    let mut names: Vec<_> = entries
        .map(|entry| entry.expect("a readable folder"))
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().expect("UTF-8"))
        .collect();
    names.sort();
    names
}
