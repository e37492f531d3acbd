//! A model in memory: read from a folder, changed without touching it.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

/// What stands at a path.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Entry {
    /// A folder.
    Directory,
    /// A regular file and its bytes.
    File(Vec<u8>),
    /// A pipe, a socket or a device.
    Special,
    /// A symlink, with the bytes of the file within the model that it leads to.
    Symlink(Option<Vec<u8>>),
}

/// A model's entries by path; a folder comes before what is in it.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// Path relative to the model, with `/`, and what stands there.
    pub entries: BTreeMap<String, Entry>,
    /// The name of the file, where the model is a single file.
    pub single: Option<String>,
}

impl Tree {
    /// Reads a folder, or a single file.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn read(root: &Path) -> io::Result<Self> {
        let mut tree = Self::default();
        if fs::metadata(root)?.is_dir() {
            tree.read_folder(&root.canonicalize()?, &root.canonicalize()?, "")?;
        } else {
            let name = root.file_name().and_then(|name| name.to_str());
            let name = name.ok_or(io::ErrorKind::InvalidFilename)?;
            tree.insert(name, fs::read(root)?);
            tree.single = Some(name.to_owned());
        }
        Ok(tree)
    }

    fn read_folder(&mut self, root: &Path, folder: &Path, prefix: &str) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_str().ok_or(io::ErrorKind::InvalidFilename)?;
            let path = format!("{prefix}{name}");
            let kind = entry.file_type()?;
            let found = if kind.is_symlink() {
                let target = entry.path().canonicalize().ok();
                let target = target.filter(|target| target.starts_with(root) && target.is_file());
                Entry::Symlink(target.map(fs::read).transpose()?)
            } else if kind.is_dir() {
                self.read_folder(root, &entry.path(), &format!("{path}/"))?;
                Entry::Directory
            } else if kind.is_file() {
                Entry::File(fs::read(entry.path())?)
            } else {
                Entry::Special
            };
            self.entries.insert(path, found);
        }
        Ok(())
    }

    /// Puts a file, and the folders above it.
    pub fn insert(&mut self, path: &str, bytes: impl Into<Vec<u8>>) {
        for (end, _) in path.match_indices('/') {
            let folder = path[..end].to_owned();
            self.entries.insert(folder, Entry::Directory);
        }
        self.entries
            .insert(path.to_owned(), Entry::File(bytes.into()));
    }

    /// Takes an entry away, with everything below it.
    pub fn remove(&mut self, path: &str) {
        let below = format!("{path}/");
        let before = self.entries.len();
        self.entries
            .retain(|name, _| name != path && !name.starts_with(&below));
        assert_ne!(self.entries.len(), before, "{path} is not there");
    }
}
