//! DER in its one canonical form (X.690 sections 8, 10 and 11).
//!
//! There are two ways to ask for it. What a typed reader reads is encoded again and compared:
//! `canonical`. What no reader opens is walked: `strict`.

mod canonical;
mod strict;

pub(crate) use canonical::{decode, encode};
pub(crate) use strict::{is_minimal, well_formed};
