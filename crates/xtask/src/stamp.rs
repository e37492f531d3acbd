//! Remembers what something was made from, so that a second run leaves it alone.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// A digest of a step's inputs, and the file that holds the digest of its last run.
pub(crate) struct Stamp {
    file: PathBuf,
    inputs: Sha256,
}

impl Stamp {
    /// A stamp kept in `file`.
    pub(crate) fn new(file: PathBuf) -> Self {
        Self {
            file,
            inputs: Sha256::new(),
        }
    }

    /// Adds a text, its length first: two neighbours cannot run into one another.
    pub(crate) fn text(mut self, text: &str) -> Self {
        self.add(text.as_bytes());
        self
    }

    /// Adds a file's name and content; a missing file counts as such.
    pub(crate) fn file(mut self, path: &Path) -> Self {
        self.add(path.to_string_lossy().as_bytes());
        match fs::read(path) {
            Ok(bytes) => self.add(&bytes),
            Err(_) => self.inputs.update([0xff]),
        }
        self
    }

    /// Are the inputs those of the last run that got to its end?
    pub(crate) fn is_current(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|text| text == self.value())
    }

    /// The step got to its end.
    pub(crate) fn write(&self) -> Result<()> {
        if let Some(dir) = self.file.parent() {
            fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
        }
        fs::write(&self.file, self.value())
            .with_context(|| format!("cannot write {}", self.file.display()))
    }

    fn add(&mut self, bytes: &[u8]) {
        self.inputs.update((bytes.len() as u64).to_le_bytes());
        self.inputs.update(bytes);
    }

    fn value(&self) -> String {
        self.inputs
            .clone()
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}
