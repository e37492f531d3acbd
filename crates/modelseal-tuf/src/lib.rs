#![doc = include_str!("../README.md")]
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

// Values.

/// Which role a file or an error belongs to.
mod role;

/// What is wrong, as one flat enum.
mod error;

/// How much a mirror may send.
mod limits;

/// Values by their names.
mod table;

/// Hex of any length.
mod hex;

/// The bytes that signatures are over.
mod canonical;

// What metadata says: claims, until enough keys have signed them.

/// Members of objects.
mod fields;

/// Keys, and the keys of a role.
mod keys;

/// Lengths and hashes of files.
mod digests;

/// Which targets a delegation is for.
mod pattern;

/// The four kinds of metadata.
mod metadata;

// The client.

/// What is stored between two refreshes.
mod state;

/// Which file is wanted, and where it lies.
mod wanted;

/// What a refresh has verified.
mod trusted;

/// From a start root to verified targets.
mod refresh;

/// From targets to one target.
mod search;

/// The start roots that ship with modelseal.
mod start;

pub use error::Error;
pub use limits::Limits;
pub use refresh::Refresh;
pub use role::Role;
pub use search::{Search, Target};
pub use start::StartRoot;
pub use state::State;
pub use trusted::{Expiry, Trusted};
pub use wanted::{Answer, Place, Wanted};
