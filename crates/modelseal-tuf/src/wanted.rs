//! Which file is wanted, and where it lies.

use alloc::{string::String, vec::Vec};
use core::fmt::Write as _;

use crate::{error::Error, limits::Limits, role::Role};

/// Below which address of a mirror a file lies.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Place {
    /// The address of metadata.
    Metadata,
    /// The address of target files.
    Targets,
}

/// A file that is wanted from the mirror.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Wanted {
    /// Below which address it lies.
    pub place: Place,
    /// Its path there, quoted for a URL. It begins with no `/`, and no segment is `.` or `..`.
    pub path: String,
    /// How many bytes it may have: a caller that reads one more can stop.
    pub limit: u64,
    /// What it is.
    pub role: Role,
}

/// What the mirror said.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Answer {
    /// The file.
    Bytes(Vec<u8>),
    /// There is no such file. Every other failure is the caller's, who then ends the refresh.
    NotFound,
}

impl Wanted {
    /// The file of a role's metadata (section 5.5.1): with its version where snapshots are consistent.
    pub(crate) fn metadata(role: Role, name: &str, version: Option<u64>, limit: u64) -> Self {
        let mut path = String::new();
        if let Some(version) = version {
            path = alloc::format!("{version}.");
        }
        // A role's name is one segment, whatever it contains.
        quote(&mut path, name, false);
        path.push_str(".json");
        Self {
            place: Place::Metadata,
            path,
            limit,
            role,
        }
    }

    /// A target file (section 5.7.3): with its hash where snapshots are consistent.
    pub(crate) fn target(path: &str, hash: Option<&str>, limit: u64) -> Self {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let mut quoted = String::new();
        if path.contains('/') {
            quote(&mut quoted, folder, true);
            quoted.push('/');
        }
        if let Some(hash) = hash {
            quoted.push_str(hash);
            quoted.push('.');
        }
        quote(&mut quoted, name, true);
        Self {
            place: Place::Targets,
            path: quoted,
            limit,
            role: Role::Target,
        }
    }
}

/// Percent-encodes what is not unreserved (RFC 3986 section 2.3).
fn quote(text: &mut String, name: &str, keep_slash: bool) {
    for byte in name.bytes() {
        let unreserved = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if unreserved || (keep_slash && byte == b'/') {
            text.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
}

/// How many bytes were taken of all that a mirror may send.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taken {
    left: u64,
    limit: u64,
}

impl Taken {
    pub(crate) const fn none(limits: &Limits) -> Self {
        Self {
            left: limits.total_bytes,
            limit: limits.total_bytes,
        }
    }

    /// Takes an answer; `None` where there is no such file.
    pub(crate) fn take(
        &mut self,
        wanted: &Wanted,
        answer: Answer,
    ) -> Result<Option<Vec<u8>>, Error> {
        let Answer::Bytes(bytes) = answer else {
            return Ok(None);
        };
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let Wanted { role, limit, .. } = *wanted;
        if length > limit {
            return Err(Error::TooLong { role, limit });
        }
        let limit = self.limit;
        self.left = self
            .left
            .checked_sub(length)
            .ok_or(Error::TotalTooLong { limit })?;
        Ok(Some(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted() {
        for (name, version, path) in [
            ("targets", Some(3), "3.targets.json"),
            ("targets", None, "targets.json"),
            ("../a b", Some(1), "1...%2Fa%20b.json"),
            ("\u{e9}?", None, "%C3%A9%3F.json"),
        ] {
            let wanted = Wanted::metadata(Role::Targets, name, version, 1);
            assert_eq!(wanted.path, path);
        }
        for (target, hash, path) in [
            ("a", Some("00"), "00.a"),
            ("d/e f/a", Some("00"), "d/e%20f/00.a"),
            ("d/a", None, "d/a"),
        ] {
            assert_eq!(Wanted::target(target, hash, 1).path, path);
        }
    }
}
