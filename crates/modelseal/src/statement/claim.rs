//! What an unverified statement claims, whatever it is about.

use alloc::{string::String, vec::Vec};

use serde::Serialize;

use super::Head;
use crate::{
    error::Stage,
    json::{Document, Fields, Value},
    limits::Limits,
};

/// What an unverified attestation claims. Its author chose all strings: escape them where they are
/// shown.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct Claim {
    /// `_type`.
    pub statement_type: String,
    /// What kind of statement it is.
    pub predicate_type: String,
    /// What it is about.
    pub subjects: Vec<SubjectClaim>,
}

/// What an unverified statement is about.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SubjectClaim {
    /// The name.
    pub name: Option<String>,
    /// The digests: names of algorithms, and values.
    #[serde(serialize_with = "as_map")]
    pub digest: Vec<(String, String)>,
}

/// Reads a statement of any type; `None` for what is not one.
pub(crate) fn claim(payload: &[u8], limits: &Limits) -> Option<Claim> {
    let value = Value::parse_around(payload, limits, Stage::Statement, "predicate").ok()?;
    let fields = Fields::of(&value, Document::Statement, "statement").ok()?;
    let statement_type = fields.str("_type").ok()?;
    let head = Head::read(&value, &[statement_type]).ok()?;
    if head.subjects.len() > limits.resources {
        return None;
    }
    let subjects = head.subjects.iter().map(SubjectClaim::of);
    Some(Claim {
        statement_type: statement_type.into(),
        predicate_type: head.predicate_type.into(),
        subjects: subjects.collect::<Option<_>>()?,
    })
}

impl SubjectClaim {
    fn of(subject: &Value<'_>) -> Option<Self> {
        let fields = Fields::of(subject, Document::Statement, "subject").ok()?;
        let digest = fields.fields("digest").ok()?;
        let digest = digest.keys().map(|name| {
            let value = digest.optional(name)?.as_str()?;
            Some((String::from(name), String::from(value)))
        });
        Some(Self {
            name: fields.optional_str("name").ok()?.map(String::from),
            digest: digest.collect::<Option<_>>()?,
        })
    }
}

fn as_map<S: serde::Serializer>(
    digests: &[(String, String)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(digests.iter().map(|(name, value)| (name, value)))
}
