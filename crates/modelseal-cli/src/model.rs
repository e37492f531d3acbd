//! The model on disk: opened once, then only read beneath that handle, without following links.

use std::{
    ffi::OsString,
    io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use cap_fs_ext::OpenOptionsSyncExt as _;
use cap_fs_ext::{DirExt as _, FollowSymlinks, MetadataExt as _, OpenOptionsFollowExt as _};
use cap_std::{
    ambient_authority,
    fs::{Dir, File, Metadata, OpenOptions},
};

use crate::{
    exit::{Failure, quoted},
    link_targets::Targets,
};

/// An open model: a folder, or a single file in the folder that holds it.
pub struct Model {
    dir: Dir,
    single: Option<Single>,
    root: PathBuf,
    targets: Option<Targets>,
}

struct Single {
    /// The name under which the caller knows the file.
    name: String,
    /// The name of the file itself, which differs if the caller gave a link to it.
    target: OsString,
}

/// How an entry of the model leads to a regular file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Access {
    /// It is the file.
    Direct,
    /// It is a link to a file within the model.
    LinkWithin,
    /// It is a link straight into the folder of link targets.
    LinkToTarget,
}

/// Why a file of the model could not be used.
#[derive(Debug)]
pub enum Unread {
    /// The host could not read it.
    Io(io::Error),
    /// It was not the same from the listing to the last byte.
    Changed,
    /// It is a link that does not lead to a regular file within the model.
    Link,
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// What changes when a file or folder does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Stamp {
    device: u64,
    inode: u64,
    /// The size in bytes.
    pub size: u64,
    modified: Option<SystemTime>,
    /// Unlike the time of modification, programs cannot set this one back.
    #[cfg(unix)]
    changed: (i64, i64),
}

impl Stamp {
    /// The stamp of what `metadata` describes.
    pub fn of(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            size: metadata.len(),
            modified: metadata
                .modified()
                .ok()
                .map(cap_std::time::SystemTime::into_std),
            #[cfg(unix)]
            changed: {
                use cap_std::fs::MetadataExt as _;
                (metadata.ctime(), metadata.ctime_nsec())
            },
        }
    }
}

/// Refuses a file that is not the one that was listed.
pub fn same<F>((file, stamp): (F, Stamp), listed: Stamp) -> Result<(F, Stamp), Unread> {
    if stamp == listed {
        Ok((file, stamp))
    } else {
        Err(Unread::Changed)
    }
}

impl Model {
    /// Opens the model. The path itself may lead through links: the caller chose it. Its own links may
    /// lead into `link_targets`, or else into the cache of Hugging Face's tools that it lies in.
    ///
    /// # Errors
    /// If it is neither a folder nor a regular file, or cannot be read.
    pub fn open(path: &Path, link_targets: Option<&Path>) -> Result<Self, Failure> {
        let unreadable = |error| Failure::unreadable("model-unreadable", path, &error);
        let root = path.canonicalize().map_err(unreadable)?;
        let kind = root.metadata().map_err(unreadable)?.file_type();
        if kind.is_dir() {
            let dir = Dir::open_ambient_dir(&root, ambient_authority()).map_err(unreadable)?;
            let targets = match link_targets {
                Some(folder) => Some(Targets::open(folder)?),
                None => Targets::of_cache(&root),
            };
            return Ok(Self {
                dir,
                single: None,
                root,
                targets,
            });
        }
        if link_targets.is_some() {
            let message = "--link-targets has no meaning: the model is a single file";
            return Err(Failure::new("usage-invalid", message));
        }
        let refused = |what| Failure::new("model-unreadable", format!("{} {what}", quoted(path)));
        if !kind.is_file() {
            return Err(refused("is neither a folder nor a regular file"));
        }
        let (Some(folder), Some(target)) = (root.parent(), root.file_name()) else {
            return Err(refused("is neither a folder nor a regular file"));
        };
        let name = path.file_name().unwrap_or(target);
        let name = name
            .to_str()
            .ok_or_else(|| refused("has a name that is not UTF-8"))?;
        let dir = Dir::open_ambient_dir(folder, ambient_authority()).map_err(unreadable)?;
        let single = Single {
            name: name.to_owned(),
            target: target.to_owned(),
        };
        Ok(Self {
            dir,
            single: Some(single),
            root,
            targets: None,
        })
    }

    /// The model's name, if it is a single file.
    pub fn single(&self) -> Option<&str> {
        self.single.as_ref().map(|single| single.name.as_str())
    }

    /// The model's absolute path, without links.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Opens the folder at `path`, which is empty for the root. No component may be a link.
    ///
    /// # Errors
    /// If it is not there, not a folder, or cannot be read.
    pub fn folder(&self, path: &str) -> io::Result<Dir> {
        let mut dir = self.dir.try_clone()?;
        for component in path.split('/').filter(|component| !component.is_empty()) {
            dir = dir.open_dir_nofollow(component)?;
        }
        Ok(dir)
    }

    /// The stamp of the single file, before it is opened.
    ///
    /// # Errors
    /// If it is not there any more.
    pub fn single_stamp(&self) -> io::Result<Option<Stamp>> {
        let single = self.single.as_ref();
        single
            .map(|s| self.dir.symlink_metadata(&s.target).map(|m| Stamp::of(&m)))
            .transpose()
    }

    /// What the folder is that the model's links may lead to.
    pub fn link_targets(&self) -> Option<modelseal::LinkTargets> {
        self.targets.as_ref().map(|targets| targets.kind)
    }

    /// The stamp of the regular file to which the link at `path` leads straight, in the folder of link
    /// targets.
    pub fn linked_target(&self, path: &str) -> Option<Stamp> {
        let (parent, name) = self.locate(path, Access::LinkToTarget).ok()?;
        let metadata = parent.symlink_metadata(name).ok()?;
        metadata.is_file().then(|| Stamp::of(&metadata))
    }

    /// Opens the regular file at `path`.
    ///
    /// # Errors
    /// If it is not there, not a regular file, or cannot be read.
    pub fn open_file(&self, path: &str, access: Access) -> Result<(File, Stamp), Unread> {
        let mut options = OpenOptions::new();
        // A pipe that took the file's place must not block us.
        options.read(true).nonblock(true);
        if access == Access::LinkWithin {
            options.follow(FollowSymlinks::Yes);
            // `Dir` resolves links itself and never leaves its folder.
            let file = self.dir.open_with(path, &options);
            let (file, stamp) = opened(file.map_err(|_| Unread::Link)?)?;
            return stamp.map_or(Err(Unread::Link), |stamp| Ok((file, stamp)));
        }
        let (parent, name) = self.locate(path, access)?;
        options.follow(FollowSymlinks::No);
        let (file, stamp) = opened(parent.open_with(name, &options)?)?;
        stamp.map_or(Err(Unread::Changed), |stamp| Ok((file, stamp)))
    }

    /// Looks again: `path` must still name what `stamp` was made of.
    ///
    /// # Errors
    /// [`Unread::Changed`] if it does not.
    pub fn recheck(&self, path: &str, access: Access, stamp: Stamp) -> Result<(), Unread> {
        let metadata = match access {
            Access::LinkWithin => self.dir.metadata(path),
            _ => self
                .locate(path, access)
                .and_then(|(parent, name)| parent.symlink_metadata(name)),
        };
        match metadata {
            Ok(metadata) if Stamp::of(&metadata) == stamp => Ok(()),
            _ => Err(Unread::Changed),
        }
    }

    /// The folder and the name of a file. No component of `path` but the last may be a link.
    fn locate(&self, path: &str, access: Access) -> io::Result<(Dir, OsString)> {
        if let Some(single) = &self.single {
            return Ok((self.dir.try_clone()?, single.target.clone()));
        }
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let dir = self.folder(folder)?;
        if access != Access::LinkToTarget {
            return Ok((dir, name.into()));
        }
        let no_targets = || io::Error::from(io::ErrorKind::NotFound);
        let targets = self.targets.as_ref().ok_or_else(no_targets)?;
        let link = dir.read_link_contents(name)?;
        targets.find(&self.root.join(folder), &link)
    }
}

/// The file and its stamp, if it is a regular one.
fn opened(file: File) -> io::Result<(File, Option<Stamp>)> {
    let metadata = file.metadata()?;
    let stamp = metadata.is_file().then(|| Stamp::of(&metadata));
    Ok((file, stamp))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn folder() -> (tempfile::TempDir, Model) {
        let temporary = tempfile::tempdir().unwrap();
        fs::create_dir(temporary.path().join("d")).unwrap();
        fs::write(temporary.path().join("d/f"), "one").unwrap();
        let model = Model::open(temporary.path(), None).unwrap();
        (temporary, model)
    }

    #[test]
    fn an_untouched_file_is_still_the_same() {
        let (_temporary, model) = folder();
        let (_, stamp) = model.open_file("d/f", Access::Direct).unwrap();
        assert!(model.recheck("d/f", Access::Direct, stamp).is_ok());
    }

    #[test]
    fn a_longer_file_is_another() {
        let (temporary, model) = folder();
        let (_, stamp) = model.open_file("d/f", Access::Direct).unwrap();
        fs::write(temporary.path().join("d/f"), "longer").unwrap();
        assert!(matches!(
            model.recheck("d/f", Access::Direct, stamp),
            Err(Unread::Changed)
        ));
    }

    #[test]
    fn a_file_put_in_its_place_is_another() {
        let (temporary, model) = folder();
        let (_, stamp) = model.open_file("d/f", Access::Direct).unwrap();
        fs::write(temporary.path().join("new"), "two").unwrap();
        fs::rename(temporary.path().join("new"), temporary.path().join("d/f")).unwrap();
        assert!(matches!(
            model.recheck("d/f", Access::Direct, stamp),
            Err(Unread::Changed)
        ));
    }

    #[test]
    fn a_removed_file_is_another() {
        let (temporary, model) = folder();
        let (_, stamp) = model.open_file("d/f", Access::Direct).unwrap();
        fs::remove_file(temporary.path().join("d/f")).unwrap();
        assert!(matches!(
            model.recheck("d/f", Access::Direct, stamp),
            Err(Unread::Changed)
        ));
    }

    #[test]
    fn a_folder_shows_that_a_file_came() {
        let (temporary, model) = folder();
        let before = Stamp::of(&model.folder("d").unwrap().dir_metadata().unwrap());
        assert_eq!(
            Stamp::of(&model.folder("d").unwrap().dir_metadata().unwrap()),
            before
        );
        // Times are coarse on some file systems.
        std::thread::sleep(std::time::Duration::from_millis(20));
        fs::write(temporary.path().join("d/g"), "").unwrap();
        assert_ne!(
            Stamp::of(&model.folder("d").unwrap().dir_metadata().unwrap()),
            before
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_modification_whose_time_was_set_back_shows() {
        let (temporary, model) = folder();
        let path = temporary.path().join("d/f");
        let (_, stamp) = model.open_file("d/f", Access::Direct).unwrap();
        let modified = fs::metadata(&path).unwrap().modified().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(20));
        fs::write(&path, "two").unwrap();
        fs::File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_modified(modified)
            .unwrap();
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), modified);
        assert!(matches!(
            model.recheck("d/f", Access::Direct, stamp),
            Err(Unread::Changed)
        ));
    }

    #[cfg(unix)]
    mod links {
        use std::os::unix::fs::symlink;

        use super::*;

        #[test]
        fn a_file_is_not_reached_through_a_link() {
            let (temporary, model) = folder();
            symlink("d", temporary.path().join("to-folder")).unwrap();
            symlink("d/f", temporary.path().join("to-file")).unwrap();
            assert!(matches!(
                model.open_file("to-folder/f", Access::Direct),
                Err(Unread::Io(_))
            ));
            assert!(matches!(
                model.open_file("to-file", Access::Direct),
                Err(Unread::Io(_))
            ));
        }

        #[test]
        fn a_link_leads_to_a_file_within_the_model_or_nowhere() {
            let (temporary, model) = folder();
            let outside = tempfile::NamedTempFile::new().unwrap();
            for (name, target) in [
                ("absolute", outside.path().to_path_buf()),
                ("out", PathBuf::from("../x")),
                ("circle", PathBuf::from("circle")),
                ("dangling", PathBuf::from("nothing")),
                ("folder", PathBuf::from("d")),
            ] {
                symlink(target, temporary.path().join(name)).unwrap();
                assert!(
                    matches!(model.open_file(name, Access::LinkWithin), Err(Unread::Link)),
                    "{name}"
                );
            }
            symlink("../d/f", temporary.path().join("d/inside")).unwrap();
            assert_eq!(
                model
                    .open_file("d/inside", Access::LinkWithin)
                    .unwrap()
                    .1
                    .size,
                3
            );
        }

        #[test]
        fn a_pipe_does_not_block() {
            let (temporary, model) = folder();
            let pipe = temporary.path().join("p");
            assert!(
                std::process::Command::new("mkfifo")
                    .arg(pipe)
                    .status()
                    .unwrap()
                    .success()
            );
            assert!(matches!(
                model.open_file("p", Access::Direct),
                Err(Unread::Changed)
            ));
        }
    }
}
