//! The statement of a model signature: in-toto Statement v1 with a predicate of OMS.

use alloc::{string::String, vec::Vec};

use modelseal_hash::decode_hex;

use super::Head;
use crate::{
    envelope::Form,
    error::Error,
    json::{Document, Fields, Value},
    limits::Limits,
};

/// in-toto attestation spec v1, "Statement": `_type`.
const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";

/// OMS 1.0 section 8.3.
const PREDICATE_V1: &str = "https://model_signing/signature/v1.0";

/// v0.2.0 of the reference implementation.
const PREDICATE_V0_2: &str = "https://model_signing/Digests/v0.1";

/// A statement whose types are OMS's. Borrows from the payload.
pub(crate) struct Statement<'v, 'a> {
    pub(crate) subjects: Vec<Subject>,
    pub(crate) predicate: Fields<'v, 'a>,
}

/// A subject: a model and its root digest, or in the form of v0.2.0 a file and its digest.
pub(crate) struct Subject {
    pub(crate) name: Option<String>,
    pub(crate) sha256: [u8; 32],
}

impl<'v, 'a> Statement<'v, 'a> {
    /// Reads a statement that was signed in `form`: each form has its own predicate type.
    pub(crate) fn read(value: &'v Value<'a>, form: Form, limits: &Limits) -> Result<Self, Error> {
        let head = Head::read(value, &[STATEMENT_TYPE])?;
        let predicate_type = match form {
            Form::V1 => PREDICATE_V1,
            Form::V02 => PREDICATE_V0_2,
        };
        if head.predicate_type != predicate_type {
            return Err(Error::PredicateTypeUnsupported);
        }
        let predicate = head
            .fields
            .optional("predicate")
            .ok_or(Error::PredicateMissing)?;
        let predicate = Fields::of(predicate, Document::Manifest, "predicate")
            .map_err(|_| Error::PredicateMissing)?;
        let subjects = head.subjects;
        if subjects.len() > limits.resources {
            return Err(Error::ResourceCount {
                limit: limits.resources,
            });
        }
        let subjects = subjects
            .iter()
            .enumerate()
            .map(|(index, value)| Subject::read(value, index, form))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            subjects,
            predicate,
        })
    }
}

impl Subject {
    fn read(value: &Value<'_>, index: usize, form: Form) -> Result<Self, Error> {
        let fields = Fields::of(value, Document::Statement, "subject")?;
        let digest = fields.fields("digest")?;
        let sha256 = digest.optional_str("sha256")?.and_then(decode_hex);
        let sha256 = sha256.ok_or(Error::SubjectDigestInvalid { index })?;
        if form == Form::V02
            && let Some(annotations) = fields.optional_fields("annotations")?
            && let Some(algorithm) = annotations.optional_str("actual_hash_algorithm")?
            && algorithm != "file-sha256"
        {
            return Err(Error::DigestAlgorithmMismatch { index });
        }
        Ok(Self {
            name: fields.optional_str("name")?.map(String::from),
            sha256,
        })
    }
}
