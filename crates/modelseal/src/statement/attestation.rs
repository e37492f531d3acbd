//! Attestations: an in-toto statement about an artifact, such as how it was built.

use alloc::{string::String, vec::Vec};

use modelseal_hash::decode_hex;

use super::Head;
use crate::{
    artifact_digests::ArtifactDigests,
    error::{DigestNames, Error, Stage},
    json::{Document, Fields, Value},
    keys::Hash,
    limits::Limits,
    policy::{MODEL_SIGNING, PredicateTypes},
};

/// `_type` of v0.1 and of v1.
const STATEMENT_TYPES: [&str; 2] = [
    "https://in-toto.io/Statement/v0.1",
    "https://in-toto.io/Statement/v1",
];

/// A verification summary (SLSA VSA v1).
const VERIFICATION_SUMMARY: &str = "https://slsa.dev/verification_summary/v1";

/// A statement about an artifact, one of whose subjects has its digests.
#[derive(Clone, Debug)]
pub struct Attestation {
    predicate_type: String,
    provenance: Option<Provenance>,
    /// Is it a verification summary that does not say that the verification passed?
    not_passed: bool,
}

/// How an artifact was built, as the builder states it (SLSA provenance v0.2 and v1). Escape the
/// strings where they are shown.
#[derive(Clone, Debug, Default, Eq, PartialEq, serde::Serialize)]
#[non_exhaustive]
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
    /// Reads a verified payload, which must be about the artifact with these digests.
    pub(crate) fn read(
        payload: &[u8],
        digests: &ArtifactDigests,
        limits: &Limits,
    ) -> Result<Self, Error> {
        let value = Value::parse_around(payload, limits, Stage::Statement, "predicate")?;
        let head = Head::read(&value, &STATEMENT_TYPES)?;
        let predicate_type = head.predicate_type;
        if predicate_type.is_empty() || predicate_type.starts_with(MODEL_SIGNING) {
            return Err(Error::PredicateTypeUnsupported);
        }
        if head.subjects.len() > limits.resources {
            return Err(Error::SubjectCount {
                count: head.subjects.len(),
            });
        }
        find_subject(head.subjects, digests)?;
        let mut attestation = Self {
            predicate_type: predicate_type.into(),
            provenance: None,
            not_passed: false,
        };
        if let Some(read) = attestation.reader() {
            match head.fields.optional("predicate") {
                Some(Value::Raw(json)) => attestation.add_predicate(json, limits, read)?,
                _ => attestation.add(None, read),
            }
        }
        Ok(attestation)
    }

    /// What is read of a predicate of this type; nothing of one that is not known.
    fn reader(&self) -> Option<Reader> {
        match self.predicate_type.as_str() {
            "https://slsa.dev/provenance/v0.2" => Some(Reader::Provenance(slsa_v02)),
            "https://slsa.dev/provenance/v1" => Some(Reader::Provenance(slsa_v1)),
            VERIFICATION_SUMMARY => Some(Reader::VerificationSummary),
            _ => None,
        }
    }

    fn add_predicate(&mut self, json: &str, limits: &Limits, read: Reader) -> Result<(), Error> {
        match Value::parse(json.as_bytes(), limits, Stage::Statement) {
            Ok(value) => {
                let fields = Fields::of(&value, Document::Statement, "predicate").ok();
                self.add(fields, read);
            }
            // It is JSON, as the reader around it has checked, with something that we do not read,
            // such as a number too large for a float.
            Err(Error::JsonSyntax { .. }) => self.add(None, read),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn add(&mut self, predicate: Option<Fields<'_, '_>>, read: Reader) {
        match read {
            Reader::Provenance(read) => self.provenance = predicate.map(read),
            Reader::VerificationSummary => {
                let result = predicate.and_then(|fields| string(fields, &["verificationResult"]));
                self.not_passed = result.as_deref() != Some("PASSED");
            }
        }
    }

    /// Is it of a type that is accepted, and does it say nothing against the artifact?
    pub(crate) fn accept(&self, types: &PredicateTypes) -> Result<(), Error> {
        if let PredicateTypes::OneOf(types) = types
            && !types.contains(&self.predicate_type)
        {
            return Err(Error::PredicateTypeUnexpected);
        }
        if self.not_passed {
            return Err(Error::VerificationNotPassed);
        }
        Ok(())
    }

    /// Those of `hashes` by which any subject has a digest, whatever the rest of the payload is.
    pub(crate) fn asked_of(payload: &[u8], hashes: &[Hash], limits: &Limits) -> Vec<Hash> {
        let read = || {
            let value = Value::parse_around(payload, limits, Stage::Statement, "predicate").ok()?;
            let subjects = Head::read(&value, &STATEMENT_TYPES).ok()?.subjects;
            let asks = |hash: &Hash| {
                let has = |subject| has_digest(subject, *hash).unwrap_or(false);
                subjects.iter().any(has)
            };
            Some(hashes.iter().copied().filter(asks).collect())
        };
        read().unwrap_or_default()
    }

    /// The type of the statement: what it is about. Escape it where it is shown.
    pub fn predicate_type(&self) -> &str {
        &self.predicate_type
    }

    /// How the artifact was built, where the statement says so in a known form.
    pub const fn provenance(&self) -> Option<&Provenance> {
        self.provenance.as_ref()
    }
}

/// What is read of a predicate.
#[derive(Clone, Copy)]
enum Reader {
    Provenance(fn(Fields<'_, '_>) -> Provenance),
    VerificationSummary,
}

/// One of the subjects must have the artifact's digest. Every digest of it that can be compared must
/// match, and at least one.
fn find_subject(subjects: &[Value<'_>], own: &ArtifactDigests) -> Result<(), Error> {
    let (mut found, mut cannot_tell) = (false, false);
    let mut available = DigestNames::NONE;
    for (index, subject) in subjects.iter().enumerate() {
        let fields = Fields::of(subject, Document::Statement, "subject")?;
        fields.optional_str("name")?;
        let digest = fields.fields("digest")?;
        let compared = [
            compare(digest, Hash::Sha256, own.sha256, index)?,
            compare(digest, Hash::Sha384, own.sha384, index)?,
            compare(digest, Hash::Sha512, own.sha512, index)?,
        ];
        let mut compared = compared.into_iter().flatten().peekable();
        if compared.peek().is_some() {
            found |= compared.all(|same| same);
            continue;
        }
        cannot_tell = true;
        available.sha256 |= has_digest(subject, Hash::Sha256)?;
        available.sha384 |= has_digest(subject, Hash::Sha384)?;
        available.sha512 |= has_digest(subject, Hash::Sha512)?;
    }
    match (found, cannot_tell) {
        (true, _) => Ok(()),
        (false, true) => Err(Error::ArtifactDigestMissing { available }),
        (false, false) => Err(Error::ArtifactMismatch),
    }
}

/// Does the subject have a digest by `hash`?
fn has_digest(subject: &Value<'_>, hash: Hash) -> Result<bool, Error> {
    let subject = Fields::of(subject, Document::Statement, "subject")?;
    Ok(subject.fields("digest")?.optional(name(hash)).is_some())
}

/// What a digest set calls a digest by `hash` (in-toto attestation spec, "DigestSet").
const fn name(hash: Hash) -> &'static str {
    match hash {
        Hash::Sha256 => "sha256",
        Hash::Sha384 => "sha384",
        Hash::Sha512 => "sha512",
    }
}

/// Is the digest by `hash` the artifact's? `None` where one of the two is not known.
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

/// The string at the end of `path`, if there is one.
fn string(fields: Fields<'_, '_>, path: &[&str]) -> Option<String> {
    let (last, path) = path.split_last()?;
    let mut fields = fields;
    for step in path {
        let value = fields.optional(step)?;
        // The first of a list is the one that the others depend on.
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
        builder: string(predicate, &["builder", "id"]),
        source: string(predicate, &["invocation", "configSource", "uri"]),
        commit: string(predicate, &["invocation", "configSource", "digest", "sha1"]),
        workflow: string(predicate, &["invocation", "configSource", "entryPoint"]),
    }
}

/// SLSA provenance v1, "Schema", with the external parameters of GitHub's build type.
fn slsa_v1(predicate: Fields<'_, '_>) -> Provenance {
    let definition = "buildDefinition";
    let workflow = [definition, "externalParameters", "workflow"];
    let parameter = |name| string(predicate, &[workflow.as_slice(), &[name]].concat());
    let dependency = [definition, "resolvedDependencies"];
    let resolved = |path: &[&str]| string(predicate, &[dependency.as_slice(), path].concat());
    Provenance {
        builder: string(predicate, &["runDetails", "builder", "id"]),
        source: parameter("repository").or_else(|| resolved(&["uri"])),
        commit: resolved(&["digest", "gitCommit"]),
        workflow: parameter("path"),
    }
}
