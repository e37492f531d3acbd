//! Holds a model's files against the manifest: every file is accounted for.
//!
//! The host announces what it finds and pushes bytes, in any order. The audit opens nothing.

mod check;
mod digests;
mod saved;

use alloc::{collections::BTreeMap, string::String, vec, vec::Vec};

use modelseal_hash::{Algorithm, Digest};

pub use check::{CheckedFile, FileCheck};

use crate::{
    error::Error,
    manifest::{Content, IgnoreBasis, Manifest, ReportedManifest, find_above, ignore_rule, path},
};

/// What the caller asks of an audit, and what the host can see.
#[derive(Clone, Debug)]
pub struct AuditOptions {
    /// Paths relative to the model that the caller leaves out, with everything below them.
    /// What the manifest lists is checked all the same.
    pub ignore_paths: Vec<String>,
    /// Whether the caller allows files that the signature does not cover.
    pub ignore_unsigned: bool,
    /// Whether the caller allows symlinks. The signer has to have allowed them too.
    pub allow_symlinks: bool,
    /// Whether the host announces the whole model.
    pub complete: bool,
    /// Whether the host can tell a symlink from a file. A browser cannot.
    pub symlinks_observable: bool,
    /// The path of the signature's own file, where it lies inside the model.
    pub signature_path: Option<String>,
    /// The name of the file, where the model is a single file and no folder.
    pub single_file: Option<String>,
}

impl Default for AuditOptions {
    /// A whole folder, as strictly as it goes.
    fn default() -> Self {
        Self {
            ignore_paths: Vec::new(),
            ignore_unsigned: false,
            allow_symlinks: false,
            complete: true,
            symlinks_observable: true,
            signature_path: None,
            single_file: None,
        }
    }
}

/// What an announced path is.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryKind {
    /// A folder.
    Directory,
    /// A regular file.
    File,
    /// A pipe, a socket or a device.
    Special,
    /// A symbolic link.
    Symlink,
}

/// What the host has to do about an announced path.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Disposition {
    /// Announce what is in the folder.
    Descend,
    /// Push the file's bytes. For a symlink: those of its target, within the model's root.
    Hash,
    /// Nothing more.
    Skip,
}

/// How a file compares with what was signed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FileStatus {
    /// It differs.
    Changed,
    /// It could not be compared.
    NotChecked,
    /// It is as signed.
    Ok,
}

/// An audit of one model under way. [`Audit::finish`] makes the verdict.
#[derive(Debug)]
pub struct Audit {
    pub(crate) manifest: Manifest,
    pub(crate) options: AuditOptions,
    /// One for each signed file.
    pub(crate) states: Vec<FileState>,
    /// What was announced and is not signed.
    pub(crate) extras: BTreeMap<String, Extra>,
    pub(crate) diagnostics: Option<Diagnostics>,
}

/// How the host hashed the files. It decides nothing.
#[derive(Clone, Debug, Eq, PartialEq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct Diagnostics {
    /// What hashed, such as `wasm`, `subtle` or `node:crypto`. Sorted, each once.
    pub engines: Vec<String>,
    /// How many workers or threads there were beside the caller's own.
    pub workers: u32,
}

/// A file is announced, and then settled once.
const NOT_WAITING: Error = Error::UsageInvalid {
    what: "this file is not waiting for a check",
};

/// Where a signed file stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum FileState {
    Unseen,
    Announced,
    Changed {
        reason: ChangeReason,
        actual: Option<Digest>,
    },
    Hashed,
    Listed,
    NotChecked,
    Unreadable,
}

/// In what a file differs.
#[derive(Clone, Copy, Debug, Eq, PartialEq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ChangeReason {
    /// Its bytes.
    Digest,
    /// It is a folder.
    Directory,
    /// Its length.
    Length,
    /// It is a special file.
    Special,
    /// It is a symlink that may not be followed.
    Symlink,
}

/// What an entry is that the signature does not list.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Extra {
    AllowedUnsigned,
    /// A folder itself is not signed, its files are.
    Folder,
    /// Left out by the caller. The rule is the path's first `rule` bytes.
    IgnoredByCaller {
        rule: usize,
    },
    /// Left out by the signature. The rule is the path's first `rule` bytes.
    IgnoredBySignature {
        rule: usize,
        basis: IgnoreBasis,
    },
    Unsigned(EntryKind),
}

impl Manifest {
    /// Begins to hold a model's files against the list.
    pub fn audit(self, options: AuditOptions) -> Audit {
        Audit::new(self, options)
    }

    /// A check of one file, apart from an audit of the whole model.
    pub fn check(&self, path: &str) -> Option<FileCheck> {
        FileCheck::of(self, path)
    }
}

impl ReportedManifest {
    /// Begins to hold a model's files against the list. The verdict is never `verified`.
    pub fn audit(self, options: AuditOptions) -> Audit {
        self.0.audit(options)
    }
}

impl Audit {
    fn new(manifest: Manifest, mut options: AuditOptions) -> Self {
        options.ignore_paths.sort_unstable();
        let states = vec![FileState::Unseen; manifest.files().len()];
        Self {
            manifest,
            options,
            states,
            extras: BTreeMap::new(),
            diagnostics: None,
        }
    }

    /// States how the files were hashed, for the verdict.
    pub fn diagnose(&mut self, mut diagnostics: Diagnostics) {
        diagnostics.engines.sort_unstable();
        diagnostics.engines.dedup();
        self.diagnostics = Some(diagnostics);
    }

    /// The signed list of files.
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Takes note of `path`, relative to the model's root, with its size in bytes where known.
    ///
    /// # Errors
    /// [`Error::EntryPathInvalid`] for a path that is not relative and canonical,
    /// [`Error::EntryDuplicate`] for one that was announced before.
    pub fn announce(
        &mut self,
        path: &str,
        kind: EntryKind,
        size: Option<u64>,
    ) -> Result<Disposition, Error> {
        path::check(path, 0).map_err(|_| Error::EntryPathInvalid)?;
        let Some(index) = self.position(path) else {
            return self.announce_unlisted(path, kind);
        };
        let unlike = self.unlike_signed(index, kind, size);
        let Some(state) = self.states.get_mut(index) else {
            return Err(Error::EntryPathInvalid);
        };
        if *state != FileState::Unseen {
            return Err(Error::EntryDuplicate);
        }
        Ok(match unlike {
            Some(reason) => {
                *state = FileState::Changed {
                    reason,
                    actual: None,
                };
                Disposition::Skip
            }
            None => {
                *state = FileState::Announced;
                Disposition::Hash
            }
        })
    }

    /// Why an entry cannot be the signed file, before any byte of it is read.
    fn unlike_signed(
        &self,
        index: usize,
        kind: EntryKind,
        size: Option<u64>,
    ) -> Option<ChangeReason> {
        let signed = self.manifest.files().get(index)?.content.length();
        match kind {
            EntryKind::Directory => Some(ChangeReason::Directory),
            EntryKind::Special => Some(ChangeReason::Special),
            // Both have to have allowed symlinks: the signer on record, the caller by option.
            EntryKind::Symlink
                if !(self.manifest.allow_symlinks() && self.options.allow_symlinks) =>
            {
                Some(ChangeReason::Symlink)
            }
            // The size of a symlink is that of its text.
            EntryKind::Symlink => None,
            EntryKind::File => match (signed, size) {
                (Some(signed), Some(size)) if signed != size => Some(ChangeReason::Length),
                _ => None,
            },
        }
    }

    fn announce_unlisted(&mut self, path: &str, kind: EntryKind) -> Result<Disposition, Error> {
        if self.extras.contains_key(path) {
            return Err(Error::EntryDuplicate);
        }
        let extra = self.classify(path, kind);
        self.extras.insert(path.into(), extra);
        Ok(match extra {
            Extra::Folder => Disposition::Descend,
            _ => Disposition::Skip,
        })
    }

    fn classify(&self, path: &str, kind: EntryKind) -> Extra {
        let folder = kind == EntryKind::Directory;
        // What is signed is looked at, whatever the rules say of the folder around it.
        if folder && self.manifest.listing.has_files_below(path) {
            return Extra::Folder;
        }
        let own = self.options.signature_path.as_deref();
        if let Some((rule, basis)) = ignore_rule(path, self.manifest.ignore_paths(), own) {
            return Extra::IgnoredBySignature {
                rule: rule.len(),
                basis,
            };
        }
        if let Some(rule) = find_above(path, &self.options.ignore_paths) {
            return Extra::IgnoredByCaller { rule: rule.len() };
        }
        match kind {
            EntryKind::Directory => Extra::Folder,
            _ if self.options.ignore_unsigned => Extra::AllowedUnsigned,
            kind => Extra::Unsigned(kind),
        }
    }

    /// A check for the bytes of a file that was announced and is to be hashed.
    pub fn check(&self, path: &str) -> Option<FileCheck> {
        let index = self.position(path)?;
        let announced = self.states.get(index) == Some(&FileState::Announced);
        if announced {
            FileCheck::at(&self.manifest, index)
        } else {
            None
        }
    }

    /// Takes the result of a check.
    ///
    /// # Errors
    /// [`Error::UsageInvalid`] for a check of another bundle, or one that was recorded before.
    pub fn record(&mut self, checked: CheckedFile) -> Result<FileStatus, Error> {
        let foreign = Error::UsageInvalid {
            what: "this check belongs to another audit",
        };
        let index = checked.index_for(&self.manifest).ok_or(foreign)?;
        let status = checked.status();
        self.settle(index, checked.into_state())?;
        Ok(status)
    }

    /// Takes the digest that a listing claims of an announced file, such as `sha256:…`, in place
    /// of its bytes.
    ///
    /// # Errors
    /// [`Error::UsageInvalid`] for a text that is no digest, or a file that was not announced.
    pub fn listing(&mut self, path: &str, digest: &str) -> Result<FileStatus, Error> {
        let malformed = Error::UsageInvalid {
            what: "a listed digest is not <algorithm>:<hex>",
        };
        let (name, hex) = digest.split_once(':').ok_or(malformed)?;
        let algorithm = Algorithm::from_name(name).ok_or(malformed)?;
        let digest = Digest::from_hex(algorithm, hex).ok_or(malformed)?;
        let index = self.position(path).ok_or(NOT_WAITING)?;
        let signed = self.manifest.files().get(index).map(|file| &file.content);
        let (status, state) = match signed {
            Some(Content::Whole(signed)) if *signed == digest => {
                (FileStatus::Ok, FileState::Listed)
            }
            Some(Content::Whole(signed)) if signed.algorithm() == algorithm => (
                FileStatus::Changed,
                FileState::Changed {
                    reason: ChangeReason::Digest,
                    actual: Some(digest),
                },
            ),
            // Another algorithm, or shards: nothing to compare with.
            _ => (FileStatus::NotChecked, FileState::NotChecked),
        };
        self.settle(index, state)?;
        Ok(status)
    }

    /// States that an announced file could not be read.
    ///
    /// # Errors
    /// [`Error::UsageInvalid`] for a file that was not announced.
    pub fn unreadable(&mut self, path: &str) -> Result<(), Error> {
        let index = self.position(path).ok_or(NOT_WAITING)?;
        self.settle(index, FileState::Unreadable)
    }

    /// States that an allowed symlink cannot be followed: it leaves the model, or leads nowhere.
    ///
    /// # Errors
    /// [`Error::UsageInvalid`] for a file that was not announced.
    pub fn refuse_symlink(&mut self, path: &str) -> Result<(), Error> {
        let index = self.position(path).ok_or(NOT_WAITING)?;
        let reason = ChangeReason::Symlink;
        self.settle(
            index,
            FileState::Changed {
                reason,
                actual: None,
            },
        )
    }

    /// Gives an announced file its final state, once.
    fn settle(&mut self, index: usize, state: FileState) -> Result<(), Error> {
        let entry = self
            .states
            .get_mut(index)
            .filter(|entry| **entry == FileState::Announced);
        *entry.ok_or(NOT_WAITING)? = state;
        Ok(())
    }

    /// The place of the signed file that `path` is.
    fn position(&self, path: &str) -> Option<usize> {
        let single =
            self.manifest.is_single_file() && self.options.single_file.as_deref() == Some(path);
        self.manifest
            .listing
            .position(if single { "." } else { path })
    }
}
