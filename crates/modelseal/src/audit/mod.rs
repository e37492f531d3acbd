//! Compares a model's files with the manifest: every file is accounted for.
//!
//! The host announces what it finds and pushes bytes, in any order. The audit opens nothing.

mod options;

mod ignore;

mod check;

mod digests;

mod saved;

mod entry;

use alloc::{collections::BTreeMap, string::String, vec, vec::Vec};

use modelseal_hash::{Algorithm, Digest};

pub use check::{CheckedFile, FileCheck};
pub use entry::{EntryHasher, HashedEntry};
pub use ignore::IgnoreBasis;
pub use options::{AuditOptions, LinkTargets};

use crate::{
    error::Error,
    manifest::{FileContent, Manifest, Method, ReportedManifest, path},
};
use ignore::{find_above, ignore_rule};

/// What an announced path is.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum EntryKind {
    /// A folder.
    Directory,
    /// A regular file.
    File,
    /// A symbolic link that is not the model's, but of the place where the model is stored: straight
    /// to a regular file in the [`AuditOptions::link_targets`]. It counts as that file.
    FollowedLink,
    /// Something whose name is not UTF-8. Announce it under an escaped name: no signature lists it.
    NotUtf8,
    /// A pipe, a socket or a device.
    Special,
    /// A symbolic link.
    Symlink,
}

/// What the host must do about an announced path.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
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
#[non_exhaustive]
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
    /// How many links were announced as followed.
    pub(crate) followed_links: usize,
    pub(crate) diagnostics: Option<Diagnostics>,
}

/// How the host hashed the files. It decides nothing.
#[derive(Clone, Debug, Eq, PartialEq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Diagnostics {
    /// What hashed, such as `wasm`, `subtle` or `node:crypto`. Sorted, each once.
    pub engines: Vec<String>,
    /// How many workers or threads there were beside the caller's own.
    pub workers: u32,
}

impl Diagnostics {
    /// The engines that hashed, on this many workers or threads.
    pub fn new(mut engines: Vec<String>, workers: u32) -> Self {
        engines.sort_unstable();
        engines.dedup();
        Self { engines, workers }
    }
}

/// A file is announced, and then settled once.
const NOT_WAITING: Error = Error::UsageInvalid {
    what: "this file is not waiting for a check",
};

/// The state of a signed file.
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
    /// A symlink that was not followed.
    NotFollowed(LinkRefusal),
    /// Hashed by a check that was resumed.
    Resumed,
    Unreadable,
}

/// Why a symlink in place of a signed file was not followed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum LinkRefusal {
    /// The signature allows symlinks, the caller does not.
    ByCaller,
    /// The signature does not allow symlinks.
    BySignature,
    /// It does not lead to a regular file inside the model.
    LeadsOut,
}

/// In what a file differs.
#[derive(Clone, Copy, Debug, Eq, PartialEq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ChangeReason {
    /// Its bytes.
    Digest,
    /// It is a folder.
    Directory,
    /// Its length.
    Length,
    /// It is a special file.
    Special,
}

/// What an entry is that the signature does not list.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Extra {
    AllowedUnsigned,
    /// A folder itself is not signed, its files are.
    Folder,
    /// Skipped by the caller. The rule is the path's first `rule` bytes.
    IgnoredByCaller {
        rule: usize,
    },
    /// Skipped by the signature. The rule is the path's first `rule` bytes.
    IgnoredBySignature {
        rule: usize,
        basis: IgnoreBasis,
    },
    Unsigned(EntryKind),
}

impl Manifest {
    /// Begins to compare a model's files with the list.
    pub fn audit(self, options: AuditOptions) -> Audit {
        Audit::new(self, options)
    }

    /// A check of one file, apart from an audit of the whole model.
    pub fn check(&self, path: &str) -> Option<FileCheck> {
        FileCheck::of(self, path)
    }
}

impl ReportedManifest {
    /// Begins to compare a model's files with the list. The verdict is never `verified`.
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
            followed_links: 0,
            diagnostics: None,
        }
    }

    /// States how the files were hashed, for the verdict.
    pub fn diagnose(&mut self, diagnostics: Diagnostics) {
        self.diagnostics = Some(Diagnostics::new(diagnostics.engines, diagnostics.workers));
    }

    /// The algorithm by which the files were signed.
    pub const fn algorithm(&self) -> Algorithm {
        self.manifest.algorithm()
    }

    /// How files became resources.
    pub const fn method(&self) -> Method {
        self.manifest.method()
    }

    /// The paths of the signed files in a state that `wanted` picks.
    pub(crate) fn paths(&self, wanted: impl Fn(&FileState) -> bool) -> Vec<String> {
        let files = self.manifest.files().iter().zip(&self.states);
        files
            .filter(|(_, state)| wanted(state))
            .map(|(file, _)| file.path().into())
            .collect()
    }

    /// Takes note of `path`, relative to the model's root, with its size in bytes where known.
    ///
    /// # Errors
    /// [`Error::EntryPathInvalid`] for a path that is not relative and canonical,
    /// [`Error::EntryDuplicate`] for one that was announced before, [`Error::UsageInvalid`] for a
    /// followed link without [`AuditOptions::link_targets`].
    pub fn announce(
        &mut self,
        path: &str,
        kind: EntryKind,
        size: Option<u64>,
    ) -> Result<Disposition, Error> {
        path::check(path, 0).map_err(|_| Error::EntryPathInvalid)?;
        if kind == EntryKind::FollowedLink {
            if self.options.link_targets.is_none() {
                return Err(Error::UsageInvalid {
                    what: "there are no link targets, so no link is followed",
                });
            }
            self.followed_links = self.followed_links.saturating_add(1);
        }
        // An escaped name is not the path of a signed file, even where they read the same.
        let listed = self.position(path);
        let Some(index) = listed.filter(|_| kind != EntryKind::NotUtf8) else {
            return self.announce_unlisted(path, kind);
        };
        let unlike = self.unlike_signed(index, kind, size);
        let Some(state) = self.states.get_mut(index) else {
            return Err(Error::EntryPathInvalid);
        };
        if *state != FileState::Unseen {
            return Err(Error::EntryDuplicate);
        }
        let disposition = match unlike {
            Some(_) => Disposition::Skip,
            None => Disposition::Hash,
        };
        *state = unlike.unwrap_or(FileState::Announced);
        Ok(disposition)
    }

    /// The state of a signed file whose entry cannot be it, before any byte of it is read.
    fn unlike_signed(&self, index: usize, kind: EntryKind, size: Option<u64>) -> Option<FileState> {
        let signed = self.manifest.files().get(index)?.content.length();
        let changed = |reason| {
            Some(FileState::Changed {
                reason,
                actual: None,
            })
        };
        match kind {
            EntryKind::Directory => changed(ChangeReason::Directory),
            EntryKind::Special | EntryKind::NotUtf8 => changed(ChangeReason::Special),
            // Both must have allowed symlinks: the signer on record, the caller by option.
            EntryKind::Symlink if !self.manifest.allow_symlinks() => {
                Some(FileState::NotFollowed(LinkRefusal::BySignature))
            }
            EntryKind::Symlink if !self.options.allow_symlinks => {
                Some(FileState::NotFollowed(LinkRefusal::ByCaller))
            }
            // The size of a symlink is that of its own text.
            EntryKind::Symlink => None,
            EntryKind::File | EntryKind::FollowedLink => match (signed, size) {
                (Some(signed), Some(size)) if signed != size => changed(ChangeReason::Length),
                _ => None,
            },
        }
    }

    fn announce_unlisted(&mut self, path: &str, kind: EntryKind) -> Result<Disposition, Error> {
        // An escaped name may read like another one: the unsigned entry must not be lost.
        let escaped = |extra: &Extra| matches!(extra, Extra::Unsigned(EntryKind::NotUtf8));
        match self.extras.get(path) {
            Some(extra) if escaped(extra) => return Ok(Disposition::Skip),
            Some(_) if kind != EntryKind::NotUtf8 => return Err(Error::EntryDuplicate),
            _ => {}
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
        if let Some((rule, basis)) = ignore_rule(path, kind, self.manifest.ignore_paths(), own) {
            return Extra::IgnoredBySignature {
                rule: rule.len(),
                basis,
            };
        }
        if let Some(rule) = find_above(path, &self.options.ignore_paths).next() {
            return Extra::IgnoredByCaller { rule: rule.len() };
        }
        match kind {
            EntryKind::Directory => Extra::Folder,
            _ if self.options.ignore_unsigned => Extra::AllowedUnsigned,
            kind => Extra::Unsigned(kind),
        }
    }

    /// A hasher for the bytes of a file that was announced and is to be hashed. Its result goes to
    /// [`Audit::record`].
    pub fn hasher(&self, path: &str) -> Option<EntryHasher> {
        let index = self.position(path)?;
        let announced = self.states.get(index) == Some(&FileState::Announced);
        let check = FileCheck::at(&self.manifest, index).filter(|_| announced)?;
        Some(EntryHasher::new(check))
    }

    /// Takes the result of a hasher of this audit.
    ///
    /// # Errors
    /// [`Error::UsageInvalid`] for one of another bundle, or one that was recorded before.
    pub fn record(&mut self, hashed: HashedEntry) -> Result<FileStatus, Error> {
        self.record_check(hashed.into_checked())
    }

    /// Takes the result of a check that was made apart from the audit, see [`Manifest::check`].
    ///
    /// # Errors
    /// [`Error::UsageInvalid`] for a check of another bundle, or one that was recorded before.
    pub fn record_check(&mut self, checked: CheckedFile) -> Result<FileStatus, Error> {
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
    /// [`Error::UsageInvalid`] for a string that is not a digest, or a file that was not announced.
    pub fn listing(&mut self, path: &str, digest: &str) -> Result<FileStatus, Error> {
        let malformed = Error::UsageInvalid {
            what: "a listed digest is not of the form <algorithm>:<hex>",
        };
        let (name, hex) = digest.split_once(':').ok_or(malformed)?;
        let algorithm = Algorithm::from_name(name).ok_or(malformed)?;
        let digest = Digest::from_hex(algorithm, hex).ok_or(malformed)?;
        let index = self.position(path).ok_or(NOT_WAITING)?;
        let signed = self.manifest.files().get(index).map(|file| &file.content);
        let (status, state) = match signed {
            Some(FileContent::Whole(signed)) if *signed == digest => {
                (FileStatus::Ok, FileState::Listed)
            }
            Some(FileContent::Whole(signed)) if signed.algorithm() == algorithm => (
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
        self.settle(index, FileState::NotFollowed(LinkRefusal::LeadsOut))
    }

    /// Sets the final state of an announced file, once.
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
