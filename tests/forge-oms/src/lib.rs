//! Makes the signed fixtures of the tests: well-formed ones in `tests/fixtures`, and in
//! `tests/malformed` bundles that break one rule each and are correctly signed all the same.
//!
//! Everything follows from names and committed keys, so every run writes the same bytes.

pub mod bundle;
pub mod case;
pub mod certificate;
pub mod context;
pub mod der;
pub mod fixtures;
pub mod keys;
pub mod malformed;
pub mod model;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The folders that the forge owns, below `tests`.
pub const FOLDERS: [&str; 2] = ["fixtures", "malformed"];

/// Keeps git from changing line ends: every byte here is signed.
const ATTRIBUTES: &[u8] = b"* -text\n";

/// Every file that the forge makes, by its path below `tests`.
pub fn files() -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for (folder, made) in FOLDERS
        .into_iter()
        .zip([fixtures::files(), malformed::files()])
    {
        for (path, bytes) in made {
            let path = Path::new(folder).join(path);
            assert!(
                !files.contains_key(&path),
                "{} is made twice",
                path.display()
            );
            files.insert(path, bytes);
        }
        files.insert(
            Path::new(folder).join(".gitattributes"),
            ATTRIBUTES.to_vec(),
        );
    }
    files
}

/// Writes every file below `tests`, and removes what the forge does not make.
pub fn write(tests: &Path) -> io::Result<usize> {
    let files = files();
    for path in strangers(tests, &files)? {
        fs::remove_file(tests.join(path))?;
    }
    for (path, bytes) in &files {
        let path = tests.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, bytes)?;
    }
    Ok(files.len())
}

/// The paths below `tests` that are missing, changed, or not made by the forge.
pub fn differences(tests: &Path) -> io::Result<BTreeSet<PathBuf>> {
    let files = files();
    let mut differences = strangers(tests, &files)?;
    for (path, bytes) in files {
        if fs::read(tests.join(&path)).ok().as_deref() != Some(&bytes) {
            differences.insert(path);
        }
    }
    Ok(differences)
}

fn strangers(tests: &Path, files: &BTreeMap<PathBuf, Vec<u8>>) -> io::Result<BTreeSet<PathBuf>> {
    let mut strangers = BTreeSet::new();
    let mut folders: Vec<_> = FOLDERS.into_iter().map(PathBuf::from).collect();
    while let Some(folder) = folders.pop() {
        let entries = match fs::read_dir(tests.join(&folder)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            let path = folder.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else if !files.contains_key(&path) {
                strangers.insert(path);
            }
        }
    }
    Ok(strangers)
}
