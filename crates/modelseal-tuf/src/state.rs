//! What is stored between two refreshes.

use alloc::{collections::BTreeMap, string::String, vec::Vec};

/// Files of metadata as they were received. They are claims: each use verifies them again.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct State {
    /// The roots after the start root, in order.
    pub roots: Vec<Vec<u8>>,
    /// `timestamp.json`.
    pub timestamp: Option<Vec<u8>>,
    /// `snapshot.json`.
    pub snapshot: Option<Vec<u8>>,
    /// `targets.json`.
    pub targets: Option<Vec<u8>>,
    /// The metadata of delegated roles, by their names.
    pub delegated: BTreeMap<String, Vec<u8>>,
}

impl State {
    /// Takes from `other` what is not there, roots aside.
    pub(crate) fn or(mut self, other: &Self) -> Self {
        for (own, other) in [
            (&mut self.timestamp, &other.timestamp),
            (&mut self.snapshot, &other.snapshot),
            (&mut self.targets, &other.targets),
        ] {
            if own.is_none() {
                own.clone_from(other);
            }
        }
        self.or_delegated(&other.delegated)
    }

    /// Takes delegated roles that are not there.
    pub(crate) fn or_delegated(mut self, other: &BTreeMap<String, Vec<u8>>) -> Self {
        for (name, bytes) in other {
            let own = self.delegated.entry(name.clone());
            own.or_insert_with(|| bytes.clone());
        }
        self
    }
}
