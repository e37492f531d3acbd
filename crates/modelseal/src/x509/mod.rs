//! X.509 certificates (RFC 5280): read strictly, and joined to a path that leads to an anchor.

mod anchors;
mod canonical;
mod certificate;
mod constraints;
mod extensions;
#[cfg(test)]
mod limbo;
mod names;
mod path;
mod precertificate;
mod purpose;
#[cfg(test)]
mod tests;

pub use anchors::Anchors;
pub(crate) use certificate::Certificate;
pub(crate) use path::{Path, verify_path};
pub(crate) use precertificate::precertificate;
pub(crate) use purpose::Purpose;
