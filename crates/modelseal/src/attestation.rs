//! Attestations: an in-toto statement about an artifact, such as how it was built.

use alloc::{string::String, vec::Vec};

use modelseal_hash::decode_hex;

use crate::{
    content::ArtifactDigests,
    error::{Error, Stage},
    json::{Document, Fields, Value},
    keys::Hash,
    limits::Limits,
};

/// in-toto attestation spec, "Statement": `_type` of v0.1 and of v1.
const STATEMENT_TYPES: [&str; 2] = [
    "https://in-toto.io/Statement/v0.1",
    "https://in-toto.io/Statement/v1",
];

/// A statement about an artifact, one of whose subjects has its digests.
#[derive(Clone, Debug)]
pub struct Attestation {
    predicate_type: String,
    provenance: Option<Provenance>,
}

/// How an artifact was built, as the builder states it (SLSA provenance v0.2 and v1).
#[derive(Clone, Debug, Default, Eq, PartialEq, serde::Serialize)]
pub struct Provenance {
    /// The platform that built it.
    pub builder: Option<String>,
    /// The source that it was built from.
    pub source: Option<String>,
    /// The version of the source.
    pub commit: Option<String>,
    /// The instructions that it was built with.
    pub workflow: Option<String>,
}

impl Attestation {
    /// Reads a verified payload that has to be about the artifact with these digests.
    pub(crate) fn read(
        payload: &[u8],
        digests: &ArtifactDigests,
        limits: &Limits,
    ) -> Result<Self, Error> {
        let value = Value::parse(payload, limits, Stage::Statement)?;
        let statement = Fields::of(&value, Document::Statement, "top level")?;
        if !STATEMENT_TYPES.contains(&statement.str("_type")?) {
            return Err(Error::StatementTypeUnsupported);
        }
        let subjects = statement.array("subject")?;
        if subjects.len() > limits.resources {
            return Err(Error::SubjectCount {
                count: subjects.len(),
            });
        }
        let mut found = false;
        for (index, subject) in subjects.iter().enumerate() {
            found |= is_subject(subject, digests, index)?;
        }
        if !found {
            return Err(Error::ArtifactMismatch);
        }
        let predicate_type = statement.str("predicateType")?;
        let predicate = statement.optional_fields("predicate")?;
        Ok(Self {
            predicate_type: predicate_type.into(),
            provenance: match (predicate_type, predicate) {
                ("https://slsa.dev/provenance/v0.2", Some(predicate)) => Some(slsa_v02(predicate)),
                ("https://slsa.dev/provenance/v1", Some(predicate)) => Some(slsa_v1(predicate)),
                _ => None,
            },
        })
    }

    /// Those of `hashes` by which any subject has a digest. A payload that is no statement has no
    /// subjects.
    pub(crate) fn asked_of(payload: &[u8], hashes: &[Hash], limits: &Limits) -> Vec<Hash> {
        let read = || {
            let value = Value::parse(payload, limits, Stage::Statement).ok()?;
            let statement = Fields::of(&value, Document::Statement, "top level").ok()?;
            let subjects = statement.array("subject").ok()?;
            let asks = |hash: &Hash| {
                subjects.iter().any(|subject| {
                    let subject = Fields::of(subject, Document::Statement, "subject");
                    let digest = subject.and_then(|subject| subject.fields("digest"));
                    digest.is_ok_and(|digest| digest.optional(name(*hash)).is_some())
                })
            };
            Some(hashes.iter().copied().filter(asks).collect())
        };
        read().unwrap_or_default()
    }

    /// What kind of statement it is.
    pub fn predicate_type(&self) -> &str {
        &self.predicate_type
    }

    /// How the artifact was built, where the statement says so in a known form.
    pub const fn provenance(&self) -> Option<&Provenance> {
        self.provenance.as_ref()
    }
}

/// Does the subject at `index` have the artifact's digest? Every digest that can be compared has to
/// match, and at least one.
fn is_subject(subject: &Value<'_>, own: &ArtifactDigests, index: usize) -> Result<bool, Error> {
    let subject = Fields::of(subject, Document::Statement, "subject")?;
    subject.optional_str("name")?;
    let digest = subject.fields("digest")?;
    let compared = [
        compare(digest, Hash::Sha256, own.sha256, index)?,
        compare(digest, Hash::Sha384, own.sha384, index)?,
        compare(digest, Hash::Sha512, own.sha512, index)?,
    ];
    let mut compared = compared.into_iter().flatten().peekable();
    Ok(compared.peek().is_some() && compared.all(|same| same))
}

/// What a digest set calls a digest by `hash` (in-toto attestation spec, "DigestSet").
const fn name(hash: Hash) -> &'static str {
    match hash {
        Hash::Sha256 => "sha256",
        Hash::Sha384 => "sha384",
        Hash::Sha512 => "sha512",
    }
}

/// Is the digest by `hash` the artifact's? None where one of the two is not known.
fn compare<const N: usize>(
    digest: Fields<'_, '_>,
    hash: Hash,
    own: Option<[u8; N]>,
    index: usize,
) -> Result<Option<bool>, Error> {
    let Some(text) = digest.optional_str(name(hash))? else {
        return Ok(None);
    };
    let stated = decode_hex(text).ok_or(Error::SubjectDigestInvalid { index })?;
    Ok(own.map(|own| own == stated))
}

/// The text at the end of `path`, where everything on the way is there.
fn text(fields: Fields<'_, '_>, path: &[&str]) -> Option<String> {
    let (last, path) = path.split_last()?;
    let mut fields = fields;
    for step in path {
        let value = fields.optional(step)?;
        // Of lists it is the first that the others depend on.
        let value = match value {
            Value::Array(values) => values.first()?,
            value => value,
        };
        fields = Fields::of(value, Document::Statement, "predicate").ok()?;
    }
    fields.optional(last)?.as_str().map(String::from)
}

/// SLSA provenance v0.2, "Schema".
fn slsa_v02(predicate: Fields<'_, '_>) -> Provenance {
    Provenance {
        builder: text(predicate, &["builder", "id"]),
        source: text(predicate, &["invocation", "configSource", "uri"]),
        commit: text(predicate, &["invocation", "configSource", "digest", "sha1"]),
        workflow: text(predicate, &["invocation", "configSource", "entryPoint"]),
    }
}

/// SLSA provenance v1, "Schema", with the external parameters of GitHub's build type.
fn slsa_v1(predicate: Fields<'_, '_>) -> Provenance {
    let definition = "buildDefinition";
    let workflow = [definition, "externalParameters", "workflow"];
    let parameter = |name| text(predicate, &[workflow.as_slice(), &[name]].concat());
    let dependency = [definition, "resolvedDependencies"];
    let resolved = |path: &[&str]| text(predicate, &[dependency.as_slice(), path].concat());
    Provenance {
        builder: text(predicate, &["runDetails", "builder", "id"]),
        source: parameter("repository").or_else(|| resolved(&["uri"])),
        commit: resolved(&["digest", "gitCommit"]),
        workflow: parameter("path"),
    }
}
