//! Snapshot metadata (section 4.4): the versions of all targets metadata.

use super::{Common, Metadata};
use crate::{
    digests::Digests, error::Error, fields::Fields, limits::Limits, role::Role, table::Table,
};

/// What is signed of a file of metadata.
#[derive(Clone, Debug)]
pub(crate) struct MetaFile {
    pub(crate) version: u64,
    digests: Digests,
}

impl MetaFile {
    pub(super) fn read(fields: Fields<'_, '_>) -> Result<Self, Error> {
        Ok(Self {
            version: fields.positive("version")?,
            digests: Digests::read(fields)?,
        })
    }

    /// How many bytes the file may have; `most` where no length is signed.
    pub(crate) fn limit(&self, most: u64) -> u64 {
        self.digests.length.map_or(most, |length| length.min(most))
    }

    /// Is this the file, as far as its length and hashes are signed?
    pub(crate) fn check(&self, bytes: &[u8], role: Role) -> Result<(), Error> {
        self.digests.check(bytes, role)
    }
}

/// The versions of all targets metadata.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    common: Common,
    /// By file name.
    files: Table<MetaFile>,
}

impl Snapshot {
    /// What is signed of the metadata of a role.
    pub(crate) fn file(&self, name: &str) -> Option<&MetaFile> {
        self.files.get(&alloc::format!("{name}.json"))
    }

    /// Does this snapshot, which is newer, list each role of `old`, and in no lower version (section 5.5.5)?
    pub(crate) fn check_after(&self, old: &Self) -> Result<(), Error> {
        for (name, file) in old.files.iter() {
            let found = self.files.get(name).ok_or(Error::Vanished)?.version;
            let trusted = file.version;
            if found < trusted {
                let role = match name {
                    "targets.json" => Role::Targets,
                    _ => Role::Delegated,
                };
                return Err(Error::Rollback {
                    role,
                    trusted,
                    found,
                });
            }
        }
        Ok(())
    }
}

impl Metadata for Snapshot {
    fn read(common: Common, signed: Fields<'_, '_>, _: &Limits) -> Result<Self, Error> {
        let mut files = Table::default();
        for (name, value) in signed.fields("meta")?.object().members() {
            let file = Fields::of(value, Role::Snapshot, "meta")?;
            files.push(name, MetaFile::read(file)?);
        }
        Ok(Self { common, files })
    }

    fn common(&self) -> Common {
        self.common
    }
}
