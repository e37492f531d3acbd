//! X.509 certificates (RFC 5280): read strictly, and joined to a path that leads to an anchor.

mod anchors;
mod certificate;
mod constraints;
mod extensions;
mod link;
mod name;
mod names;
mod path;
mod precertificate;
mod purpose;
#[cfg(test)]
mod tests;

pub use anchors::{Anchors, IgnoredAnchor};
pub(crate) use certificate::Certificate;
pub(crate) use extensions::Extension;
pub(crate) use name::{GeneralName, Name};
pub(crate) use path::{Path, verify_path};
pub(crate) use precertificate::precertificate;
pub(crate) use purpose::Purpose;
