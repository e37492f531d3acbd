//! The model on disk: opened once, then only read beneath that handle, without following links.

use std::{
    ffi::{OsStr, OsString},
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

use crate::exit::{Failure, quoted};

/// An open model: a folder, or a single file in the folder that holds it.
pub struct Model {
    dir: Dir,
    single: Option<Single>,
    root: PathBuf,
}

struct Single {
    /// The name under which the caller knows the file.
    name: String,
    /// The name of the file itself, which differs if the caller gave a link to it.
    target: OsString,
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
    /// Unlike the time of modification, no program can set this one back.
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

impl Model {
    /// Opens the model. The path itself may lead through links: it is the caller's, not the
    /// model's.
    ///
    /// # Errors
    /// If it is neither a folder nor a regular file, or cannot be read.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let unreadable = |error| Failure::unreadable("model-unreadable", path, &error);
        let root = path.canonicalize().map_err(unreadable)?;
        let kind = root.metadata().map_err(unreadable)?.file_type();
        if kind.is_dir() {
            let dir = Dir::open_ambient_dir(&root, ambient_authority()).map_err(unreadable)?;
            return Ok(Self {
                dir,
                single: None,
                root,
            });
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

    /// Opens the regular file at `path`, in which no component may be a link.
    ///
    /// # Errors
    /// If it is not there, not a regular file, or cannot be read.
    pub fn open_file(&self, path: &str) -> Result<(File, Stamp), Unread> {
        let (parent, name) = self.locate(path)?;
        let mut options = OpenOptions::new();
        // A pipe that took the file's place must not block us.
        options.read(true).follow(FollowSymlinks::No).nonblock(true);
        let (file, stamp) = opened(parent.open_with(name, &options)?)?;
        stamp.map_or(Err(Unread::Changed), |stamp| Ok((file, stamp)))
    }

    /// Opens the regular file to which the link at `path` leads, which must lie within the model.
    ///
    /// # Errors
    /// If it leads out of the model, in a circle, or to something else.
    pub fn open_link(&self, path: &str) -> Result<(File, Stamp), Unread> {
        let mut options = OpenOptions::new();
        options
            .read(true)
            .follow(FollowSymlinks::Yes)
            .nonblock(true);
        // `Dir` resolves links itself and never leaves its folder.
        let file = self
            .dir
            .open_with(path, &options)
            .map_err(|_| Unread::Link)?;
        let (file, stamp) = opened(file)?;
        stamp.map_or(Err(Unread::Link), |stamp| Ok((file, stamp)))
    }

    /// Looks again: `path` must still name what `stamp` was made of.
    ///
    /// # Errors
    /// [`Unread::Changed`] if it does not.
    pub fn still(&self, path: &str, link: bool, stamp: Stamp) -> Result<(), Unread> {
        let metadata = if link {
            self.dir.metadata(path)
        } else {
            self.locate(path)
                .and_then(|(parent, name)| parent.symlink_metadata(name))
        };
        match metadata {
            Ok(metadata) if Stamp::of(&metadata) == stamp => Ok(()),
            _ => Err(Unread::Changed),
        }
    }

    fn locate<'a>(&'a self, path: &'a str) -> io::Result<(Dir, &'a OsStr)> {
        if let Some(single) = &self.single {
            return Ok((self.dir.try_clone()?, &single.target));
        }
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        Ok((self.folder(folder)?, OsStr::new(name)))
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
        let model = Model::open(temporary.path()).unwrap();
        (temporary, model)
    }

    #[test]
    fn an_untouched_file_is_still_the_same() {
        let (_temporary, model) = folder();
        let (_, stamp) = model.open_file("d/f").unwrap();
        assert!(model.still("d/f", false, stamp).is_ok());
    }

    #[test]
    fn a_longer_file_is_another() {
        let (temporary, model) = folder();
        let (_, stamp) = model.open_file("d/f").unwrap();
        fs::write(temporary.path().join("d/f"), "longer").unwrap();
        assert!(matches!(
            model.still("d/f", false, stamp),
            Err(Unread::Changed)
        ));
    }

    #[test]
    fn a_file_put_in_its_place_is_another() {
        let (temporary, model) = folder();
        let (_, stamp) = model.open_file("d/f").unwrap();
        fs::write(temporary.path().join("new"), "two").unwrap();
        fs::rename(temporary.path().join("new"), temporary.path().join("d/f")).unwrap();
        assert!(matches!(
            model.still("d/f", false, stamp),
            Err(Unread::Changed)
        ));
    }

    #[test]
    fn a_removed_file_is_another() {
        let (temporary, model) = folder();
        let (_, stamp) = model.open_file("d/f").unwrap();
        fs::remove_file(temporary.path().join("d/f")).unwrap();
        assert!(matches!(
            model.still("d/f", false, stamp),
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
        let (_, stamp) = model.open_file("d/f").unwrap();
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
            model.still("d/f", false, stamp),
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
            assert!(matches!(model.open_file("to-folder/f"), Err(Unread::Io(_))));
            assert!(matches!(model.open_file("to-file"), Err(Unread::Io(_))));
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
                assert!(matches!(model.open_link(name), Err(Unread::Link)), "{name}");
            }
            symlink("../d/f", temporary.path().join("d/inside")).unwrap();
            assert_eq!(model.open_link("d/inside").unwrap().1.size, 3);
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
            assert!(matches!(model.open_file("p"), Err(Unread::Changed)));
        }
    }
}
