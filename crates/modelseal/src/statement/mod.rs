//! In-toto statements (in-toto attestation spec, "Statement"): a model's list of files, and
//! attestations about an artifact.

mod oms;

mod attestation;

mod claim;

pub use attestation::{Attestation, Provenance};
pub(crate) use claim::claim;
pub use claim::{Claim, SubjectClaim};
pub(crate) use oms::{Statement, Subject};

use crate::{
    error::Error,
    json::{Document, Fields, TOP_LEVEL, Value},
};

/// What every statement has. Borrows from the payload.
#[derive(Clone, Copy)]
struct Head<'v, 'a> {
    fields: Fields<'v, 'a>,
    predicate_type: &'v str,
    subjects: &'v [Value<'a>],
}

impl<'v, 'a> Head<'v, 'a> {
    /// Reads a statement of one of these `types` (`_type`).
    fn read(value: &'v Value<'a>, types: &[&str]) -> Result<Self, Error> {
        let fields = Fields::of(value, Document::Statement, TOP_LEVEL)?;
        if !types.contains(&fields.str("_type")?) {
            return Err(Error::StatementTypeUnsupported);
        }
        Ok(Self {
            fields,
            predicate_type: fields.str("predicateType")?,
            subjects: fields.array("subject")?,
        })
    }
}
