//! Verifies OpenSSF Model Signing (OMS) signatures: bytes and a time in, a verdict out.
//!
//! The modules stand in the order in which data flows. The whole story:
//!
//! ```
//! use modelseal::{AuditOptions, Bundle, Clock, Error, Limits, Policy, Verdict};
//!
//! fn check(bytes: &[u8], policy: &Policy, clock: Clock) -> Result<Verdict, Error> {
//!     let bundle = Bundle::parse(bytes, &Limits::default())?; // shape only
//!     let manifest = bundle.verify(policy, clock)?.manifest()?; // the only road to file names
//!     let audit = manifest.audit(AuditOptions::default()); // announce files, push chunks
//!     Ok(audit.finish())
//! }
//! ```
//!
//! A rejected bundle is an [`Error`]. It can be turned into a `failed` [`Verdict`], never into a
//! [`Manifest`].
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod audit;
mod bundle;
mod clock;
mod describe;
mod envelope;
mod error;
mod json;
mod keys;
mod limits;
mod manifest;
mod pem;
mod policy;
mod signer;
mod statement;
#[cfg(test)]
mod testing;
mod time;
mod verdict;
mod x509;

pub use audit::{Audit, AuditOptions, CheckedFile, Disposition, EntryKind, FileCheck, FileStatus};
pub use bundle::Bundle;
pub use clock::Clock;
pub use describe::{Claimed, inspect};
pub use envelope::VerifiedPayload;
pub use error::{Error, Stage};
pub use keys::PublicKey;
pub use limits::Limits;
pub use manifest::{Content, IgnoreBasis, Manifest, Method, SignedFile};
pub use modelseal_hash::{Algorithm, Digest};
pub use policy::{Expectation, Policy, SetBy};
pub use signer::{ChainLink, Signer};
pub use time::UnixTime;
pub use verdict::{Outcome, Verdict};
pub use x509::Anchors;
