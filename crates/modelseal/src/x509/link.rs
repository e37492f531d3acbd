//! Which certificate signed which.

/// The SHA-256 of a certificate, and of the one whose key signed it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Link {
    pub(super) child: [u8; 32],
    pub(super) issuer: [u8; 32],
}
