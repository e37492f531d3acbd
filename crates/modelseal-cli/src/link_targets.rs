//! Where links lead that are not the model's own, but of the place where it is stored.

use std::{
    ffi::OsString,
    io,
    path::{Path, PathBuf},
};

use cap_fs_ext::DirExt as _;
use cap_std::{ambient_authority, fs::Dir};
use modelseal::LinkTargets;

use crate::exit::Failure;

/// Repositories in the cache of Hugging Face's tools are named `models--owner--name` and the like
/// (huggingface_hub, "Understand caching").
const CACHED: [&str; 3] = ["models--", "datasets--", "spaces--"];

/// A folder that links may lead to, each straight to a regular file.
pub struct Targets {
    /// What the folder is.
    pub kind: LinkTargets,
    folder: PathBuf,
    dir: Dir,
}

impl Targets {
    /// The caller's folder.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn open(folder: &Path) -> Result<Self, Failure> {
        let unreadable = |error| Failure::unreadable("link-targets-unreadable", folder, &error);
        let canonical = folder.canonicalize().map_err(unreadable)?;
        let dir = Dir::open_ambient_dir(&canonical, ambient_authority()).map_err(unreadable)?;
        Ok(Self {
            kind: LinkTargets::Folder,
            folder: canonical,
            dir,
        })
    }

    /// The `blobs` beside the `snapshots` in which the model lies, if it does.
    ///
    /// `model` is absolute and without links.
    pub fn of_cache(model: &Path) -> Option<Self> {
        let repository = model.ancestors().find_map(|snapshot| {
            let snapshots = snapshot.parent()?;
            let repository = snapshots.parent()?;
            let name = repository.file_name()?.to_str()?;
            let mut kinds = CACHED.iter();
            let is_cached =
                kinds.any(|kind| name.strip_prefix(kind).is_some_and(|n| !n.is_empty()));
            (is_cached && snapshots.file_name()? == "snapshots").then_some(repository)
        })?;
        let dir = Dir::open_ambient_dir(repository, ambient_authority()).ok()?;
        Some(Self {
            kind: LinkTargets::HuggingFaceCache,
            folder: repository.join("blobs"),
            dir: dir.open_dir_nofollow("blobs").ok()?,
        })
    }

    /// Where a link in the absolute `folder` leads: a name, and the folder that it is in. Neither the
    /// name nor anything on the way to it below the targets is followed further.
    ///
    /// # Errors
    /// If it does not lead there.
    pub fn find(&self, folder: &Path, link: &Path) -> io::Result<(Dir, OsString)> {
        let elsewhere = || io::Error::from(io::ErrorKind::NotFound);
        let target = folder.join(link);
        let name = target.file_name().ok_or_else(elsewhere)?;
        // As the system resolves it, for that is what programs will load.
        let parent = target.parent().ok_or_else(elsewhere)?.canonicalize()?;
        let below = parent.strip_prefix(&self.folder).map_err(|_| elsewhere())?;
        let mut dir = self.dir.try_clone()?;
        for component in below.components() {
            // Blobs lie side by side.
            if self.kind == LinkTargets::HuggingFaceCache {
                return Err(elsewhere());
            }
            dir = dir.open_dir_nofollow(component)?;
        }
        Ok((dir, name.to_owned()))
    }
}
