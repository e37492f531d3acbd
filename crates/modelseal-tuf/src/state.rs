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
