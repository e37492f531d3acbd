//! A TUF repository of the tests' own: keys, roles, delegations, and faults at will.
//!
//! It knows nothing of the client. Everything in it can be changed, before it is signed and after.

mod canonical;
mod document;
mod repository;
mod signer;

pub use canonical::canonical;
pub use document::Document;
pub use repository::{DELEGATED, FUTURE, Mirror, PAST, Repository, TARGET, hex, sha256};
pub use signer::Signer;
