//! What a refresh has verified.

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use modelseal::UnixTime;

use crate::{
    limits::Limits,
    metadata::{Common, Metadata as _, Root, Snapshot, TargetsMetadata, Timestamp},
    role::Role,
    state::State,
    wanted::Taken,
};

/// Verified metadata of the four roles at the top.
#[derive(Debug)]
pub struct Trusted {
    /// None where expiry does not matter: for what is stored.
    pub(crate) now: Option<UnixTime>,
    pub(crate) limits: Limits,
    pub(crate) taken: Taken,
    pub(crate) root: Root,
    pub(crate) timestamp: Timestamp,
    pub(crate) snapshot: Snapshot,
    pub(crate) targets: TargetsMetadata,
    pub(crate) kept: State,
    /// What was stored of delegated roles: claims.
    pub(crate) delegated: BTreeMap<String, Vec<u8>>,
}

/// The version of a role's metadata, and when it expires.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Expiry {
    /// The version.
    pub version: u64,
    /// From when on it counts no more.
    pub expires: UnixTime,
}

impl Trusted {
    pub(crate) fn new(
        now: Option<UnixTime>,
        limits: Limits,
        taken: Taken,
        root: Root,
        (timestamp, snapshot, targets): (Timestamp, Snapshot, TargetsMetadata),
        kept: State,
        delegated: BTreeMap<String, Vec<u8>>,
    ) -> Self {
        Self {
            now,
            limits,
            taken,
            root,
            timestamp,
            snapshot,
            targets,
            kept,
            delegated,
        }
    }

    /// The version of the metadata of a role at the top, and when it expires; none for other roles.
    pub fn expiry(&self, role: Role) -> Option<Expiry> {
        let Common { version, expires } = match role {
            Role::Root => self.root.common(),
            Role::Timestamp => self.timestamp.common(),
            Role::Snapshot => self.snapshot.common(),
            Role::Targets => self.targets.common(),
            Role::Delegated | Role::Target => return None,
        };
        Some(Expiry { version, expires })
    }

    /// What is to be stored: all verified metadata as it was received, and what was stored of delegated roles that
    /// nothing asked for.
    pub fn state(&self) -> State {
        let mut state = self.kept.clone().or_delegated(&self.delegated);
        let listed = |name: &String| self.snapshot.file(name).is_some();
        state.delegated.retain(|name, _| listed(name));
        state
    }
}
