//! DER in its one canonical form (X.690 sections 8, 10 and 11).
//!
//! A structure is walked as a whole before it is read, `well_formed`, and then read field by field,
//! `Fields`. What depends on the structure is the reader's: a default that is written out, the form
//! of a time.

mod fields;
mod strict;
pub(crate) mod write;

pub(crate) use fields::{Fields, constructed, error, expect, explicit, primitive};
pub(crate) use strict::{is_minimal, read, well_formed};
