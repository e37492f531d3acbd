//! Root metadata (section 4.3): the keys of the four roles.

use super::{Common, Metadata};
use crate::{
    error::Error,
    fields::Fields,
    keys::{Keys, Signers},
    limits::Limits,
    role::Role,
};

/// Who signs for each role.
#[derive(Clone, Debug)]
pub(crate) struct Root {
    pub(super) common: Common,
    pub(crate) consistent_snapshot: bool,
    pub(crate) keys: Keys,
    pub(crate) root: Signers,
    pub(crate) timestamp: Signers,
    pub(crate) snapshot: Signers,
    pub(crate) targets: Signers,
}

impl Metadata for Root {
    fn read(common: Common, signed: Fields<'_, '_>, limits: &Limits) -> Result<Self, Error> {
        let roles = signed.fields("roles")?;
        let signers = |name| Signers::read(roles.fields(name)?, limits);
        Ok(Self {
            common,
            consistent_snapshot: signed.optional_bool("consistent_snapshot")?,
            keys: Keys::read(signed.required("keys")?, Role::Root)?,
            root: signers("root")?,
            timestamp: signers("timestamp")?,
            snapshot: signers("snapshot")?,
            targets: signers("targets")?,
        })
    }

    fn common(&self) -> Common {
        self.common
    }
}
