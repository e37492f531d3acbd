//! The store of refreshed trust roots. It holds claims: each use verifies them again from the start root that ships.
//!
//! A generation is one file, written beside and renamed into place, so that readers need no lock.

use std::{
    collections::BTreeMap,
    env, fs,
    io::{self, ErrorKind, Write as _},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use fs4::{FileExt, TryLockError};
use modelseal::{Fetched, TrustRoot, UnixTime, parts::from_rfc3339};
use modelseal_tuf::{Answer, Expiry, Limits, Role, StartRoot, State, Trusted};
use serde::{Deserialize, Serialize};

use crate::{
    exit::{Failure, quoted, reason},
    read_file::read_file,
};

/// The target file that is a trust root.
pub const TRUSTED_ROOT: &str = "trusted_root.json";

/// How long a second update waits for the first one.
const WAIT: Duration = Duration::from_secs(10);

/// Bytes of a generation that are read at all.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// What is stored of an instance: files as they were received, which are JSON, and so are strings here.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Generation {
    /// When it was fetched, in RFC 3339.
    pub fetched_at: String,
    roots: Vec<String>,
    timestamp: Option<String>,
    snapshot: Option<String>,
    targets: Option<String>,
    #[serde(default)]
    delegated: BTreeMap<String, String>,
    /// The trust root; none after a refresh that failed.
    trusted_root: Option<String>,
}

/// A stored trust root that is verified.
pub struct Stored {
    /// The trust root.
    pub root: TrustRoot,
    /// When it was fetched, as is claimed.
    pub fetched_at: UnixTime,
    /// Of the targets metadata.
    pub targets: Expiry,
    /// Of the last root.
    pub tuf_root: Expiry,
}

impl Generation {
    /// What a client stores, and the trust root that it fetched.
    pub fn new(fetched_at: String, state: &State, trusted_root: Option<&[u8]>) -> Self {
        // Verified metadata is JSON, and so UTF-8.
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let delegated = state.delegated.iter();
        Self {
            fetched_at,
            roots: state.roots.iter().map(|bytes| text(bytes)).collect(),
            timestamp: state.timestamp.as_deref().map(text),
            snapshot: state.snapshot.as_deref().map(text),
            targets: state.targets.as_deref().map(text),
            delegated: delegated
                .map(|(name, bytes)| (name.clone(), text(bytes)))
                .collect(),
            trusted_root: trusted_root.map(text),
        }
    }

    /// The trust root, as it was received.
    pub fn trusted_root(&self) -> Option<Vec<u8>> {
        self.trusted_root.clone().map(String::into_bytes)
    }

    /// What a client begins with.
    pub fn state(&self) -> State {
        let bytes = |text: &String| text.clone().into_bytes();
        let delegated = self.delegated.iter();
        State {
            roots: self.roots.iter().map(bytes).collect(),
            timestamp: self.timestamp.as_ref().map(bytes),
            snapshot: self.snapshot.as_ref().map(bytes),
            targets: self.targets.as_ref().map(bytes),
            delegated: delegated
                .map(|(name, text)| (name.clone(), bytes(text)))
                .collect(),
        }
    }

    /// Verifies all of it from the start root, expiry aside.
    ///
    /// # Errors
    /// One sentence on what is wrong.
    pub fn verify(&self, start: &StartRoot) -> Result<Stored, String> {
        let text = |error: modelseal_tuf::Error| error.to_string();
        let trusted = Trusted::from_state(start.json, self.state(), Limits::default());
        let trusted = trusted.map_err(text)?;
        let expiry = |role| trusted.expiry(role).ok_or("a role is missing");
        let (targets, tuf_root) = (expiry(Role::Targets)?, expiry(Role::Root)?);
        let search = trusted.search(TRUSTED_ROOT).map_err(text)?;
        let (_, target) = search.finish();
        let bytes = Answer::Bytes(self.trusted_root().ok_or("it has no trust root")?);
        let bytes = target
            .and_then(|target| target.verify(bytes))
            .map_err(text)?;
        let fetched_at = from_rfc3339(&self.fetched_at).ok_or("it has no time of its fetch")?;
        let root = TrustRoot::parse(&bytes).map_err(|error| error.to_string())?;
        let root = root.with_fetched(Fetched {
            at: fetched_at,
            root_version: tuf_root.version,
            root_expires: tuf_root.expires,
        });
        Ok(Stored {
            root,
            fetched_at,
            targets,
            tuf_root,
        })
    }
}

/// The folder of the store.
pub struct Store {
    folder: PathBuf,
}

/// The lock of an update.
pub struct Locked<'s> {
    store: &'s Store,
    // The system unlocks it when it is closed.
    _file: fs::File,
}

impl Store {
    /// The folder that `MODELSEAL_STORE` names, or the one for data of the user; none where there is no home.
    pub fn find() -> Option<Self> {
        let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
        let own = set("MODELSEAL_STORE").map(PathBuf::from);
        let data = || {
            if cfg!(windows) {
                return set("LOCALAPPDATA").map(PathBuf::from);
            }
            let home = set("HOME").map(PathBuf::from);
            if cfg!(target_os = "macos") {
                return home.map(|home| home.join("Library/Application Support"));
            }
            let data = set("XDG_DATA_HOME").map(PathBuf::from);
            // The XDG specification: a relative path is not used.
            let data = data.filter(|data| data.is_absolute());
            data.or_else(|| home.map(|home| home.join(".local/share")))
        };
        let folder = own.or_else(|| data().map(|data| data.join("modelseal").join("roots")))?;
        Some(Self { folder })
    }

    /// A store in this folder.
    #[cfg(test)]
    pub const fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The last complete generation, if there is one.
    ///
    /// # Errors
    /// If there is something else.
    pub fn complete(&self, name: &str) -> io::Result<Option<Generation>> {
        self.read(&format!("{name}.json"))
    }

    /// What a refresh begins with: what was verified last, even if that refresh failed.
    pub fn latest(&self, name: &str) -> State {
        let seen = self.read(&format!("{name}.seen.json"));
        let latest = seen.ok().flatten();
        let latest = latest.or_else(|| self.complete(name).ok().flatten());
        latest.unwrap_or_default().state()
    }

    fn read(&self, file: &str) -> io::Result<Option<Generation>> {
        match read_file(&self.folder.join(file), MAX_BYTES) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Waits until no other update is under way.
    ///
    /// # Errors
    /// If another one takes too long, or the folder cannot be written.
    pub fn lock(&self) -> Result<Locked<'_>, Failure> {
        self.lock_within(WAIT)
    }

    fn lock_within(&self, wait: Duration) -> Result<Locked<'_>, Failure> {
        let unwritable = |error: io::Error| self.unwritable(&error);
        fs::create_dir_all(&self.folder).map_err(unwritable)?;
        let mut options = fs::OpenOptions::new();
        let options = options.create(true).truncate(false).write(true);
        let file = options.open(self.folder.join("lock")).map_err(unwritable)?;
        let end = Instant::now() + wait;
        loop {
            match FileExt::try_lock(&file) {
                Ok(()) => {
                    return Ok(Locked {
                        store: self,
                        _file: file,
                    });
                }
                Err(TryLockError::WouldBlock) if Instant::now() < end => {
                    thread::sleep(Duration::from_millis(50))
                }
                Err(TryLockError::WouldBlock) => {
                    let message = "another update of the trust roots is under way";
                    return Err(Failure::new("store-busy", message));
                }
                Err(TryLockError::Error(error)) => return Err(unwritable(error)),
            }
        }
    }

    fn unwritable(&self, error: &io::Error) -> Failure {
        let folder = quoted(&self.folder);
        let message = format!("cannot write the store {folder}: {}", reason(error));
        Failure::new("store-unwritable", message)
    }
}

impl Locked<'_> {
    /// Stores a generation in place of the last one.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn write(&self, name: &str, generation: &Generation) -> Result<(), Failure> {
        self.replace(&format!("{name}.json"), generation)?;
        self.remove(&format!("{name}.seen.json"))
    }

    /// Stores what a refresh that failed has verified: it protects the next one from older files.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn write_seen(&self, name: &str, generation: &Generation) -> Result<(), Failure> {
        self.replace(&format!("{name}.seen.json"), generation)
    }

    /// Forgets everything about an instance.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn forget(&self, name: &str) -> Result<(), Failure> {
        self.remove(&format!("{name}.json"))?;
        self.remove(&format!("{name}.seen.json"))
    }

    fn replace(&self, file: &str, generation: &Generation) -> Result<(), Failure> {
        let write = || {
            let path = self.store.folder.join(file);
            let beside = path.with_extension("json.new");
            let mut new = fs::File::create(&beside)?;
            new.write_all(&serde_json::to_vec(generation)?)?;
            new.sync_all()?;
            fs::rename(&beside, &path)
        };
        write().map_err(|error: io::Error| self.store.unwritable(&error))
    }

    fn remove(&self, file: &str) -> Result<(), Failure> {
        match fs::remove_file(self.store.folder.join(file)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(self.store.unwritable(&error)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_update_waits_and_gives_up() {
        let folder = tempfile::TempDir::new().unwrap();
        let store = Store::at(folder.path().to_owned());
        let first = store.lock().unwrap();
        let second = store.lock_within(Duration::from_millis(120));
        assert_eq!(
            second.err().map(|failure| failure.code()),
            Some("store-busy")
        );
        drop(first);
        assert!(store.lock_within(Duration::ZERO).is_ok());
    }
}
