//! Targets metadata (section 4.5): target files, and roles that this one delegates to.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use super::{Common, Metadata};
use crate::{
    digests::Digests,
    error::Error,
    fields::Fields,
    keys::{Keys, Signers},
    limits::Limits,
    pattern::Targets,
    role::Role,
    table::Table,
};

/// The role is not known yet where this is read: errors name this one.
const ROLE: Role = Role::Targets;

/// The names of the roles that no one can delegate to.
const TOP_LEVEL: [&str; 4] = ["root", "snapshot", "targets", "timestamp"];

/// Target files and delegations.
#[derive(Clone, Debug)]
pub(crate) struct TargetsMetadata {
    common: Common,
    targets: Table<Digests>,
    pub(crate) keys: Keys,
    pub(crate) delegations: Vec<Delegation>,
}

/// A role that another one trusts with some targets.
#[derive(Clone, Debug)]
pub(crate) struct Delegation {
    pub(crate) name: String,
    pub(crate) signers: Signers,
    pub(crate) targets: Targets,
    pub(crate) terminating: bool,
}

impl TargetsMetadata {
    pub(crate) fn target(&self, path: &str) -> Option<&Digests> {
        self.targets.get(path)
    }
}

impl Metadata for TargetsMetadata {
    fn read(common: Common, signed: Fields<'_, '_>, limits: &Limits) -> Result<Self, Error> {
        let mut targets = Table::default();
        for (path, value) in signed.fields("targets")?.object().members() {
            let digests = Digests::read(Fields::of(value, ROLE, "targets")?)?;
            // What nothing is signed of could be anything.
            if digests.length.is_none() || !digests.has_hashes() {
                return Err(signed.invalid("targets"));
            }
            targets.push(path, digests);
        }
        let mut delegations = Vec::new();
        let mut keys = Keys::default();
        if signed.optional("delegations").is_some() {
            let fields = signed.fields("delegations")?;
            keys = Keys::read(fields.required("keys")?, ROLE)?;
            for value in fields.array("roles")? {
                let role = Delegation::read(Fields::of(value, ROLE, "roles")?, limits)?;
                delegations.push(role);
            }
            let mut names: Vec<&str> = delegations.iter().map(|role| &*role.name).collect();
            names.sort_unstable();
            if names
                .windows(2)
                .any(|pair| matches!(pair, [a, b] if a == b))
            {
                return Err(fields.invalid("roles"));
            }
        }
        Ok(Self {
            common,
            targets,
            keys,
            delegations,
        })
    }

    fn common(&self) -> Common {
        self.common
    }
}

impl Delegation {
    fn read(fields: Fields<'_, '_>, limits: &Limits) -> Result<Self, Error> {
        let name = fields.str("name")?;
        if name.is_empty() || TOP_LEVEL.contains(&name) {
            return Err(fields.invalid("name"));
        }
        Ok(Self {
            name: name.to_owned(),
            signers: Signers::read(fields, limits)?,
            targets: Targets::read(fields)?,
            terminating: fields.optional_bool("terminating")?,
        })
    }
}
