//! The answers about the signature and the publisher.

use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};

use modelseal_hash::{Digest, Hex};
use serde::Serialize;

use crate::{
    envelope::{Form, PublisherCheck},
    error::Error,
    manifest::Listing,
    signer::{CertificateIdentity, ChainLink, Signer},
    timestamp::{SignedTime, TimeSource},
    tlog::Logged,
};

/// A valid signature, and who made it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ValidSignature {
    method: &'static str,
    algorithm: &'static str,
    form: &'static str,
    key: String,
    chain: Vec<ChainAnswer>,
    identity: Option<IdentityAnswer>,
    log_entries: Vec<LogAnswer>,
    verified_times: Vec<TimeAnswer>,
}

/// Whom a keyless certificate is for.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct IdentityAnswer {
    issuer: String,
    identity: String,
    kind: &'static str,
    fields: BTreeMap<&'static str, String>,
}

/// An entry of a transparency log.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "camelCase")]
struct LogAnswer {
    log: String,
    log_id: String,
    index: u64,
    kind: String,
    version: String,
    /// `proved` or `promised`.
    inclusion: &'static str,
    integrated_time: Option<String>,
}

/// A verified time.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
struct TimeAnswer {
    at: String,
    source: &'static str,
    authority: String,
}

/// A certificate, as shown.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChainAnswer {
    subject: String,
    issuer: String,
    serial: String,
    not_before: String,
    not_after: String,
    sha256: String,
}

/// An error, as shown.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ErrorAnswer {
    code: &'static str,
    stage: &'static str,
    message: String,
}

/// Is it the publisher whom somebody expected?
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case", tag = "status")]
pub(crate) enum Publisher {
    Expected {
        basis: &'static str,
        name: Option<String>,
        issuer: Option<String>,
    },
    Unexpected {
        name: Option<String>,
        issuer: Option<String>,
    },
    Unchecked {
        name: Option<String>,
        issuer: Option<String>,
    },
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Model {
    name: Option<String>,
    root_digest: Option<String>,
}

impl Publisher {
    /// Nobody knows who it is: the signature does not hold.
    pub(super) const UNKNOWN: Self = Self::Unchecked {
        name: None,
        issuer: None,
    };

    pub(crate) fn of(signer: &Signer, check: PublisherCheck) -> Self {
        let (name, issuer) = Self::names(signer);
        match check {
            PublisherCheck::Unchecked => Self::Unchecked { name, issuer },
            PublisherCheck::Expected => Self::Expected {
                basis: match (signer.identity(), signer.chain()) {
                    (Some(_), _) => "identity",
                    (None, []) => "key",
                    (None, _) => "anchor",
                },
                name,
                issuer,
            },
        }
    }

    pub(super) fn unexpected(signer: &Signer) -> Self {
        let (name, issuer) = Self::names(signer);
        Self::Unexpected { name, issuer }
    }

    /// The identity and who vouched for it, or else the certificate's subject.
    fn names(signer: &Signer) -> (Option<String>, Option<String>) {
        match signer.identity() {
            Some(identity) => (
                Some(identity.identity().into()),
                Some(identity.issuer().into()),
            ),
            None => (
                signer.chain().first().map(|leaf| leaf.subject.clone()),
                None,
            ),
        }
    }
}

impl ValidSignature {
    pub(crate) fn of(signer: &Signer, form: Form) -> Self {
        let key = signer.key();
        match form {
            Form::V1 => Self::in_form(signer, key.algorithm_by_curve(), "v1.0"),
            Form::DigestsV01 => Self::in_form(signer, key.algorithm_with_sha256(), "digests-v0.1"),
        }
    }

    /// A signature over an artifact, or an attestation about one.
    pub(super) fn of_artifact(signer: &Signer, is_attestation: bool) -> Self {
        let form = if is_attestation {
            "attestation"
        } else {
            "message"
        };
        Self::in_form(signer, signer.key().algorithm_by_curve(), form)
    }

    fn in_form(signer: &Signer, algorithm: &'static str, form: &'static str) -> Self {
        let key = signer.key();
        let mut log_entries: Vec<_> = signer.log_entries().iter().map(LogAnswer::of).collect();
        log_entries.sort_unstable();
        let mut verified_times: Vec<_> = signer.signed_times().iter().map(TimeAnswer::of).collect();
        verified_times.sort_unstable();
        Self {
            method: signer.method(),
            algorithm,
            form,
            key: sha256_text(&key.spki_digest()),
            chain: signer.chain().iter().map(ChainAnswer::of).collect(),
            identity: signer.identity().map(IdentityAnswer::of),
            log_entries,
            verified_times,
        }
    }
}

impl IdentityAnswer {
    pub(crate) fn of(identity: &CertificateIdentity) -> Self {
        let fields = identity.fields().iter();
        Self {
            issuer: identity.issuer().into(),
            identity: identity.identity().into(),
            kind: identity.kind(),
            fields: fields
                .map(|(field, text)| (field.name(), text.clone()))
                .collect(),
        }
    }
}

impl LogAnswer {
    fn of(entry: &Logged) -> Self {
        Self {
            log: entry.log().into(),
            log_id: Hex(entry.log_id()).to_string(),
            index: entry.log_index(),
            kind: entry.kind().into(),
            version: entry.version().into(),
            inclusion: if entry.is_included() {
                "proved"
            } else {
                "promised"
            },
            integrated_time: entry.integrated_time().map(|time| time.to_string()),
        }
    }
}

impl TimeAnswer {
    fn of(time: &SignedTime) -> Self {
        Self {
            at: time.at().to_string(),
            source: match time.source() {
                TimeSource::Log => "log",
                TimeSource::TimestampAuthority => "timestamp-authority",
            },
            authority: time.authority().into(),
        }
    }
}

impl ChainAnswer {
    pub(crate) fn of(link: &ChainLink) -> Self {
        Self {
            subject: link.subject.clone(),
            issuer: link.issuer.clone(),
            serial: link.serial.clone(),
            not_before: link.not_before.to_string(),
            not_after: link.not_after.to_string(),
            sha256: Hex(&link.sha256).to_string(),
        }
    }
}

impl ErrorAnswer {
    pub(crate) fn of(error: Error) -> Self {
        Self {
            code: error.code(),
            stage: error.stage().name(),
            message: error.to_string(),
        }
    }
}

impl Model {
    pub(crate) fn of(listing: &Listing) -> Self {
        Self {
            name: listing.model_name.clone(),
            root_digest: listing.root_digest.as_ref().map(sha256_text),
        }
    }
}

pub(crate) fn sha256_text(digest: &[u8; 32]) -> String {
    Digest::Sha256(*digest).to_string()
}

impl Error {
    /// `{"code", "stage", "message"}`, as every surface shows an error.
    pub fn to_json(&self) -> String {
        serde_json::to_string(&ErrorAnswer::of(*self)).unwrap_or_default()
    }
}
