//! What `modelseal-tuf` shares with this crate, so that there is one copy of what reads hostile input:
//! strict JSON, and the keys of TUF metadata.
//!
//! It is not an interface for others: it may change in any version.

pub use crate::{
    json::{Object, Value},
    keys::TufKey,
};

use crate::time::UnixTime;

/// Reads a time in RFC 3339 (section 5.6).
pub fn from_rfc3339(text: &str) -> Option<UnixTime> {
    UnixTime::from_rfc3339(text)
}
