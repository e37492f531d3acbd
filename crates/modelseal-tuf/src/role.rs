//! The roles of TUF (section 2.1).

use core::fmt;

/// Which role a file or an error belongs to.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Role {
    /// `root`.
    Root,
    /// `timestamp`.
    Timestamp,
    /// `snapshot`.
    Snapshot,
    /// `targets`, at the top.
    Targets,
    /// A role that `targets`, or another such role, delegates to.
    Delegated,
    /// No role: a target file.
    Target,
}

impl Role {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Timestamp => "timestamp",
            Self::Snapshot => "snapshot",
            Self::Targets => "targets",
            Self::Delegated => "delegated targets",
            Self::Target => "target file",
        }
    }

    /// The `_type` of its metadata.
    pub(crate) const fn type_name(self) -> &'static str {
        match self {
            Self::Delegated | Self::Target => "targets",
            _ => self.name(),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
