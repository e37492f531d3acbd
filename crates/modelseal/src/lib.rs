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

mod artifact;
mod attestation;
mod audit;
mod bundle;
mod clock;
mod content;
mod describe;
mod envelope;
mod error;
mod evidence;
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
mod timestamp;
mod tlog;
mod trust;
mod verdict;
mod x509;

pub use artifact::{ReportedArtifact, VerifiedArtifact};
pub use attestation::{Attestation, Provenance};
pub use audit::{
    Audit, AuditOptions, CheckedFile, Diagnostics, Disposition, EntryKind, FileCheck, FileStatus,
};
pub use bundle::Bundle;
pub use clock::Clock;
pub use content::{ArtifactDigests, ArtifactHasher};
pub use describe::{Claimed, inspect};
pub use envelope::{ReportedPayload, VerifiedPayload};
pub use error::{Error, Stage};
pub use keys::PublicKey;
pub use limits::Limits;
pub use manifest::{Content, IgnoreBasis, Manifest, Method, ReportedManifest, SignedFile};
pub use modelseal_hash::{Algorithm, Digest};
pub use policy::{AnyPolicy, Expectation, Policy, ReportOnly, SetBy, TrustRoots};
pub use signer::{CertificateField, CertificateIdentity, ChainLink, Identity, Signer};
pub use time::UnixTime;
pub use timestamp::{SignedTime, TimeSource};
pub use tlog::Logged;
pub use trust::TrustRoot;
pub use verdict::{ArtifactVerdict, Outcome, Verdict};
pub use x509::Anchors;

/// The README's example is compiled like every other.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
