//! Timestamp metadata (section 4.6): which snapshot is the present one.

use super::{Common, MetaFile, Metadata};
use crate::{error::Error, fields::Fields, limits::Limits};

/// The present snapshot.
#[derive(Clone, Debug)]
pub(crate) struct Timestamp {
    common: Common,
    pub(crate) snapshot: MetaFile,
}

impl Metadata for Timestamp {
    fn read(common: Common, signed: Fields<'_, '_>, _: &Limits) -> Result<Self, Error> {
        let snapshot = signed.fields("meta")?.fields("snapshot.json")?;
        let snapshot = MetaFile::read(snapshot)?;
        Ok(Self { common, snapshot })
    }

    fn common(&self) -> Common {
        self.common
    }
}
