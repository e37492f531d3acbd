//! The copy of Sigstore's production, in the layout of its mirror.

use std::fs;
use std::path::Path;

use modelseal_forge_tuf::{Mirror, hex, sha256};
use modelseal_tuf::{Answer, Wanted};

use crate::world::{World, fetch, seconds};

/// A time at which all of the copy is good.
pub const PRODUCTION_TIME: &str = "2026-08-24T00:00:00Z";

/// A repository that others published.
pub struct Published {
    mirror: Mirror,
}

impl Published {
    /// Reads the copy.
    pub fn production(folder: &Path) -> Self {
        let mut mirror = Mirror::default();
        let metadata = folder.join("metadata");
        for version in 1..=15 {
            let name = format!("{version}.root.json");
            let bytes = read(&metadata.join("root_history").join(&name));
            mirror.files.insert(format!("metadata/{name}"), bytes);
        }
        for (file, name) in [
            ("timestamp.json", "timestamp.json"),
            ("snapshot.json", "165.snapshot.json"),
            ("targets.json", "14.targets.json"),
        ] {
            let bytes = read(&metadata.join(file));
            mirror.files.insert(format!("metadata/{name}"), bytes);
        }
        for entry in fs::read_dir(folder.join("targets")).expect("a folder") {
            let path = entry.expect("an entry").path();
            let bytes = read(&path);
            let name = path.file_name().expect("a name").to_string_lossy();
            let path = format!("targets/{}.{name}", hex(&sha256(&bytes)));
            mirror.files.insert(path, bytes);
        }
        Self { mirror }
    }

    /// A root.
    pub fn root(&self, version: u64) -> Vec<u8> {
        self.mirror.files[&format!("metadata/{version}.root.json")].clone()
    }

    /// A client that begins at a root, at a time in RFC 3339.
    pub fn client(&self, version: u64, time: &str, target: &str) -> World {
        client(self.root(version), time, target)
    }

    /// What the mirror answers.
    pub fn answers(&self) -> impl Fn(&Wanted) -> Answer {
        |wanted| fetch(&self.mirror, wanted)
    }
}

/// A client that begins at a root, at a time in RFC 3339.
pub fn client(start: Vec<u8>, time: &str, target: &str) -> World {
    let mut world = World::new();
    world.start = Some(start);
    world.now = seconds(time);
    world.target = Some(target.to_owned());
    world
}

/// A file that must be there.
pub fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
