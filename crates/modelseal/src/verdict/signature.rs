//! The answer about the signature.

use alloc::{string::String, vec::Vec};

use modelseal_hash::Digest;
use serde::{Serialize, Serializer, ser::SerializeStruct};

use crate::{
    envelope::Form,
    error::Error,
    keys::Hash,
    signer::{CertificateIdentity, ChainLink, Signer, SigningMethod},
    time::UnixTime,
    timestamp::{SignedTime, TimeSource},
    tlog::VerifiedLogEntry,
    unidentified::Unidentified,
};

/// Is the signature valid?
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case", tag = "status")]
pub enum SignatureAnswer {
    /// It does not hold, or could not be read.
    #[non_exhaustive]
    Invalid {
        /// Why.
        error: ErrorAnswer,
    },
    /// It could not be checked: nothing confirms its key.
    Unchecked(UncheckedSignature),
    /// It holds.
    Valid(ValidSignature),
}

/// A signature whose key nothing confirms, and what its bundle claims. Escape the names where they are
/// shown: anyone can write them.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct UncheckedSignature {
    /// What is needed to check it.
    pub error: ErrorAnswer,
    /// The method.
    pub method: SigningMethod,
    /// The hint at the key.
    pub key_hint: Option<String>,
    /// The certificates, leaf first. The leaf's key made the signature.
    pub claimed_chain: Vec<ChainLink>,
}

/// An error, in JSON as `{"code", "stage", "message"}`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ErrorAnswer(pub Error);

/// A valid signature, and what made it.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ValidSignature {
    /// The method.
    pub method: SigningMethod,
    /// The algorithm, such as `ecdsa-p384-sha384`.
    pub algorithm: &'static str,
    /// What was signed, and in which form.
    pub form: SignedForm,
    /// SHA-256 of the key's SubjectPublicKeyInfo, in JSON with `sha256:` before it.
    #[serde(serialize_with = "digest")]
    pub key: [u8; 32],
    /// The certificates from the leaf to the anchor; empty for a key.
    pub chain: Vec<ChainLink>,
    /// The identity of a keyless certificate.
    pub identity: Option<CertificateIdentity>,
    /// Entries of transparency logs, sorted.
    pub log_entries: Vec<LogEntryAnswer>,
    /// Times at which the signature existed, sorted.
    pub verified_times: Vec<TimeAnswer>,
}

/// What was signed, and in which form.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum SignedForm {
    /// An in-toto statement about an artifact.
    Attestation,
    /// An artifact itself.
    Message,
    /// A model, in the form of v0.2.0 (`https://model_signing/Digests/v0.1`).
    #[serde(rename = "digests-v0.1")]
    DigestsV01,
    /// A model, as in OMS 1.0.
    #[serde(rename = "v1.0")]
    V1,
}

/// An entry of a transparency log.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct LogEntryAnswer {
    /// The log's address, as the trust root names it.
    pub log: String,
    /// The log's id.
    #[serde(serialize_with = "crate::hex::serialize")]
    pub log_id: Vec<u8>,
    /// The entry's index.
    pub index: u64,
    /// Its kind, such as `hashedrekord`.
    pub kind: String,
    /// The version of the kind, such as `0.0.2`.
    pub version: String,
    /// How the log says that it has the entry.
    pub inclusion: Inclusion,
    /// When the log says that it took the entry.
    pub integrated_time: Option<UnixTime>,
}

/// How a log says that it has an entry.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum Inclusion {
    /// It promised to include it.
    Promised,
    /// It proved that it is included.
    Proved,
}

/// A time at which the signature existed.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[non_exhaustive]
pub struct TimeAnswer {
    /// The time.
    pub at: UnixTime,
    /// What certifies it.
    pub source: TimeSource,
    /// The address of the log or authority, as the trust root names it.
    pub authority: String,
}

impl SignatureAnswer {
    pub(super) fn unchecked(claims: &Unidentified) -> Self {
        Self::Unchecked(UncheckedSignature {
            error: ErrorAnswer(claims.reason),
            method: claims.method,
            key_hint: claims.key_hint.clone(),
            claimed_chain: claims.certificates.clone(),
        })
    }

    pub(super) const fn invalid(error: Error) -> Self {
        Self::Invalid {
            error: ErrorAnswer(error),
        }
    }
}

impl Serialize for ErrorAnswer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut answer = serializer.serialize_struct("ErrorAnswer", 3)?;
        answer.serialize_field("code", self.0.code())?;
        answer.serialize_field("stage", &self.0.stage())?;
        answer.serialize_field("message", &format_args!("{}", self.0))?;
        answer.end()
    }
}

impl Error {
    /// `{"code", "stage", "message"}`, as every surface shows an error.
    pub fn to_json(&self) -> String {
        serde_json::to_string(&ErrorAnswer(*self)).unwrap_or_default()
    }
}

impl ValidSignature {
    pub(crate) fn of(signer: &Signer, form: Form) -> Self {
        match form {
            Form::V1 => Self::in_form(signer, None, SignedForm::V1),
            Form::V02 => Self::in_form(signer, Some(Hash::Sha256), SignedForm::DigestsV01),
        }
    }

    /// A signature over an artifact, or an attestation about one.
    pub(super) fn of_artifact(signer: &Signer, hash: Option<Hash>, is_attestation: bool) -> Self {
        let form = if is_attestation {
            SignedForm::Attestation
        } else {
            SignedForm::Message
        };
        Self::in_form(signer, hash, form)
    }

    fn in_form(signer: &Signer, hash: Option<Hash>, form: SignedForm) -> Self {
        let mut log_entries: Vec<_> = signer
            .log_entries()
            .iter()
            .map(LogEntryAnswer::of)
            .collect();
        log_entries.sort_unstable();
        let mut verified_times: Vec<_> = signer.signed_times().iter().map(TimeAnswer::of).collect();
        verified_times.sort_unstable();
        Self {
            method: signer.method(),
            algorithm: signer.key().algorithm(hash),
            form,
            key: signer.key().spki_digest(),
            chain: signer.chain().to_vec(),
            identity: signer.identity().cloned(),
            log_entries,
            verified_times,
        }
    }
}

impl LogEntryAnswer {
    fn of(entry: &VerifiedLogEntry) -> Self {
        Self {
            log: entry.log().into(),
            log_id: entry.log_id().into(),
            index: entry.log_index(),
            kind: entry.kind().into(),
            version: entry.version().into(),
            inclusion: if entry.is_included() {
                Inclusion::Proved
            } else {
                Inclusion::Promised
            },
            integrated_time: entry.integrated_time(),
        }
    }
}

impl TimeAnswer {
    fn of(time: &SignedTime) -> Self {
        Self {
            at: time.at(),
            source: time.source(),
            authority: time.authority().into(),
        }
    }
}

/// Writes `sha256:` and the digest in lower-case hex.
fn digest<S: Serializer>(sha256: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&Digest::Sha256(*sha256))
}

/// Writes `sha256:` and the digest in lower-case hex, or `null`.
pub(super) fn optional_digest<S: Serializer>(
    sha256: &Option<[u8; 32]>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match sha256 {
        Some(sha256) => digest(sha256, serializer),
        None => serializer.serialize_none(),
    }
}
