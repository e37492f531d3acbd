//! Lists the model and announces every entry to the audit. Nothing is read, no link
//! followed but one into the folder of link targets.

use std::{ffi::OsStr, fmt::Write as _, io, path::Path};

use cap_fs_ext::DirEntryExt as _;
use cap_std::fs::FileType;
use modelseal::{Audit, Disposition, EntryKind};

use crate::{
    exit::{Failure, reason},
    model::{Access, Model, Stamp},
};

/// Entries of a model. Four times as many as a manifest may list.
const ENTRIES: usize = 1_000_000;

/// Folders within folders. The longest path that Linux opens has 2,048.
const DEPTH: usize = 256;

/// A file to hash.
#[derive(Debug, Eq, PartialEq)]
pub struct Job {
    /// The path as announced.
    pub path: String,
    /// How it leads to a file.
    pub access: Access,
    /// The file as listed; `None` for a link within the model, whose target was not looked at.
    pub stamp: Option<Stamp>,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Listing {
    /// The files to hash.
    pub jobs: Vec<Job>,
    /// The folders that were listed, as they were just before.
    folders: Vec<(String, Stamp)>,
    entries: usize,
}

/// Lists the whole model.
///
/// # Errors
/// If a part of it cannot be listed: then what is in there is not known.
pub fn walk(model: &Model, audit: &mut Audit) -> Result<Listing, Failure> {
    let mut listing = Listing::default();
    if let Some(name) = model.single() {
        let stamp = model.single_stamp().map_err(|error| unlisted("", &error))?;
        let size = stamp.map(|stamp| stamp.size);
        if audit.announce(name, EntryKind::File, size)? == Disposition::Hash {
            listing.jobs.push(Job {
                path: name.to_owned(),
                access: Access::Direct,
                stamp,
            });
        }
        return Ok(listing);
    }
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        listing.list(model, audit, &folder, &mut folders)?;
    }
    Ok(listing)
}

impl Listing {
    fn list(
        &mut self,
        model: &Model,
        audit: &mut Audit,
        folder: &str,
        folders: &mut Vec<String>,
    ) -> Result<(), Failure> {
        let cannot = |error: io::Error| unlisted(folder, &error);
        if folder.split('/').count() > DEPTH {
            return Err(too_large(&format!("folders more than {DEPTH} deep")));
        }
        let dir = model.folder(folder).map_err(cannot)?;
        let stamp = Stamp::of(&dir.dir_metadata().map_err(cannot)?);
        self.folders.push((folder.to_owned(), stamp));
        for entry in dir.entries().map_err(cannot)? {
            self.entries += 1;
            if self.entries > ENTRIES {
                return Err(too_large(&format!("more than {ENTRIES} entries")));
            }
            let entry = entry.map_err(cannot)?;
            // On Windows the plain metadata of an entry lacks the file's identity.
            let metadata = entry.full_metadata().map_err(cannot)?;
            let (name, kind) = match entry.file_name().to_str() {
                Some(name) => (name.to_owned(), kind(metadata.file_type())),
                None => (escape_bytes(&entry.file_name()), EntryKind::NotUtf8),
            };
            let path = if folder.is_empty() {
                name
            } else {
                format!("{folder}/{name}")
            };
            let (kind, access, stamp) = match kind {
                EntryKind::File => (kind, Access::Direct, Some(Stamp::of(&metadata))),
                EntryKind::Symlink => match model.linked_target(&path) {
                    Some(stamp) => (EntryKind::FollowedLink, Access::LinkToTarget, Some(stamp)),
                    None => (kind, Access::LinkWithin, None),
                },
                kind => (kind, Access::Direct, None),
            };
            let size = stamp.map(|stamp| stamp.size);
            match audit.announce(&path, kind, size)? {
                Disposition::Descend => folders.push(path),
                Disposition::Hash => self.jobs.push(Job {
                    path,
                    access,
                    stamp,
                }),
                _ => {}
            }
        }
        Ok(())
    }

    /// A folder in which entries came, went or were renamed since it was listed.
    pub fn changed_folder(&self, model: &Model) -> Option<&str> {
        let now = |folder: &str| model.folder(folder)?.dir_metadata();
        let unchanged = |folder: &str, stamp: &Stamp| {
            now(folder).is_ok_and(|metadata| Stamp::of(&metadata) == *stamp)
        };
        let mut folders = self.folders.iter();
        folders
            .find(|(folder, stamp)| !unchanged(folder, stamp))
            .map(|(folder, _)| folder.as_str())
    }
}

fn kind(kind: FileType) -> EntryKind {
    if kind.is_symlink() {
        EntryKind::Symlink
    } else if kind.is_dir() {
        EntryKind::Directory
    } else if kind.is_file() {
        EntryKind::File
    } else {
        EntryKind::Special
    }
}

/// A name that is not UTF-8, with the bytes in question as `\xff`.
fn escape_bytes(name: &OsStr) -> String {
    let mut escaped = String::new();
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        escaped.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a string cannot fail.
            let _ = write!(escaped, "\\x{byte:02x}");
        }
    }
    escaped
}

/// A folder as people know it; the root has no name of its own.
pub fn folder_name(folder: &str) -> &Path {
    Path::new(if folder.is_empty() { "." } else { folder })
}

fn unlisted(folder: &str, error: &io::Error) -> Failure {
    let folder = folder_name(folder).display();
    Failure::new(
        "model-unreadable",
        format!("cannot list `{folder}` in the model: {}", reason(error)),
    )
}

fn too_large(what: &str) -> Failure {
    Failure::new("model-too-large", format!("the model has {what}"))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::ffi::OsStrExt as _;

    use super::*;

    #[test]
    fn names_that_are_not_utf_8_are_told_apart() {
        assert_eq!(escape_bytes(OsStr::from_bytes(b"a\xffb")), "a\\xffb");
        assert_eq!(escape_bytes(OsStr::from_bytes(b"a\xfeb")), "a\\xfeb");
        assert_eq!(escape_bytes(OsStr::from_bytes(b"\xe6\xa8")), "\\xe6\\xa8");
    }
}
