#![doc = include_str!("../README.md")]
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

// Values.

/// What a file is that is not what it should be.
mod file_kind;

/// Moments, windows of validity, and the clock of a check.
mod time;

/// What is wrong, as one flat enum.
mod error;

/// How much a bundle may contain, and how much work it may cause.
mod limits;

/// What is left of that work.
mod budget;

/// Decimal numbers.
mod decimal;

/// Strict, bounded JSON.
mod json;

/// Strings of others, made safe to show.
mod escape;

/// Lower-case hex in JSON.
mod hex;

/// PEM blocks.
mod pem;

/// DER in its one canonical form.
mod der;

// Keys and certificates.

/// Public keys and their signatures.
mod keys;

/// X.509 certificates, and paths to an anchor.
mod x509;

// What comes in: claims.

/// The bundle's JSON and shape.
mod bundle;

/// The digests of an artifact.
mod artifact_digests;

/// What a signature is over.
mod signed;

// Who signed, and when: verified.

/// What the policy denies.
mod deny;

/// Trust roots: authorities and logs.
mod trust;

/// The conditions of one check.
mod conditions;

/// Timestamps (RFC 3161).
mod timestamp;

/// Entries of transparency logs.
mod tlog;

/// What others attest about a signature.
mod evidence;

/// Who signed.
mod signer;

/// What the caller expects.
mod policy;

/// What every verdict repeats.
mod context;

// What was signed: verified.

/// A model's envelope.
mod envelope;

/// A signer that nothing confirms.
mod unidentified;

/// In-toto statements.
mod statement;

/// One artifact.
mod artifact;

/// The signed list of files.
mod manifest;

// Is it there?

/// A model's files against the list.
mod audit;

/// Four answers and one outcome.
pub mod verdict;

/// What is only shown.
pub mod report;

// The whole road.

/// From a bundle to a verdict over a model.
mod open;

/// From bundles to a verdict over an artifact.
mod judge;

// What other crates of ours share.

/// Strict JSON and keys for `modelseal-tuf`: not an interface for others.
#[doc(hidden)]
pub mod parts;

/// What unit tests share.
#[cfg(test)]
mod testing;

// vvv Public API

pub use artifact::{ReportedArtifact, VerifiedArtifact};
pub use artifact_digests::{ArtifactDigests, ArtifactHasher};
pub use audit::{
    Audit, AuditOptions, ChangeReason, CheckedFile, Diagnostics, Disposition, EntryHasher,
    EntryKind, FileCheck, FileStatus, HashedEntry, IgnoreBasis, LinkRefusal, LinkTargets,
};
pub use bundle::Bundle;
pub use envelope::{ReportedPayload, VerifiedPayload};
pub use error::{DigestNames, Error, FieldName, Stage};
pub use escape::{escape_json, escape_non_ascii, escape_text};
pub use file_kind::FileKind;
pub use judge::ArtifactBundles;
pub use keys::PublicKey;
pub use limits::Limits;
pub use manifest::{FileContent, Manifest, Method, ReportedManifest, SignedFile};
pub use modelseal_hash::{Algorithm, Digest};
pub use open::{Opened, Rejected};
pub use policy::{AnyPolicy, Expectation, Policy, ReportOnly, SetBy, TrustRoots};
pub use report::inspect;
pub use signer::{
    CertificateField, CertificateIdentity, CertificatePolicy, ChainLink, Identity, IdentityKind,
    Mismatch, Signer, SigningMethod,
};
pub use statement::{Attestation, Claim, Provenance, SubjectClaim};
pub use time::{Clock, UnixTime};
pub use timestamp::{SignedTime, TimeSource};
pub use tlog::VerifiedLogEntry;
pub use trust::{Fetched, TrustRoot};
pub use verdict::{ArtifactVerdict, Outcome, Verdict};
pub use x509::{Anchors, IgnoredAnchor};
