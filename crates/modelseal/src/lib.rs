//! Verifies OpenSSF Model Signing (OMS) signatures: bytes and a time in, a verdict out.
#![no_std]

extern crate alloc;

mod error;
mod limits;
mod time;

pub use error::{Error, Stage};
pub use limits::Limits;
pub use time::UnixTime;
