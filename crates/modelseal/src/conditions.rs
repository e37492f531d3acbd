//! The conditions of one check, which every step of it needs.

use crate::{budget::Budget, deny::DenyList, time::Clock, trust::TrustRoot};

/// What a bundle is checked with, in addition to what the policy's method expects.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Conditions<'a> {
    /// What log entries, timestamps and keyless certificates are checked with.
    pub(crate) root: Option<&'a TrustRoot>,
    pub(crate) deny: &'a DenyList,
    pub(crate) clock: Clock,
    pub(crate) budget: &'a Budget,
}
