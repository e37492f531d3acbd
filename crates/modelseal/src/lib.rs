//! Verifies OpenSSF Model Signing (OMS) signatures: bytes and a time in, a verdict out.
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod error;
// The signer's methods, which use the rest of it, are on their way.
#[cfg_attr(not(test), allow(dead_code))]
mod keys;
mod limits;
mod pem;
#[cfg(test)]
mod testing;
mod time;
#[cfg_attr(not(test), allow(dead_code, unused_imports))]
mod x509;

pub use error::{Error, Stage};
pub use keys::PublicKey;
pub use limits::Limits;
pub use time::UnixTime;
pub use x509::Anchors;
