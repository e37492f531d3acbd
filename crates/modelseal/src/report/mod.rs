//! What is only shown: lists of files, trust roots, and what an unverified bundle claims.

mod trust_root;

mod manifest;

mod claims;

pub use claims::{
    CertificateClaim, Claimed, Claims, DigestClaim, LogEntryClaim, TimestampClaim, inspect,
};
pub use manifest::ListingClaim;
pub use trust_root::{AuthorityReport, IgnoredReport, LogReport, TrustRootReport, Validity};
