//! The answers about the signature and the publisher.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use modelseal_hash::{Digest, Hex};
use serde::Serialize;

use crate::{
    envelope::Form,
    error::Error,
    manifest::{Listing, Manifest},
    signer::{ChainLink, Signer},
};

/// A valid signature, and who made it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ValidSignature {
    method: &'static str,
    algorithm: &'static str,
    form: &'static str,
    key: String,
    chain: Vec<ChainAnswer>,
    #[serde(rename = "logEntries")]
    log_entries: [(); 0],
    #[serde(rename = "verifiedTimes")]
    verified_times: [(); 0],
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
    },
    Unchecked,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Model {
    name: Option<String>,
    root_digest: Option<String>,
}

impl Publisher {
    pub(crate) fn of(signer: &Signer) -> Self {
        let basis = if signer.chain().is_empty() {
            "key"
        } else {
            "anchor"
        };
        let name = signer.chain().first().map(|leaf| leaf.subject.clone());
        Self::Expected { basis, name }
    }
}

impl ValidSignature {
    pub(crate) fn of(manifest: &Manifest) -> Self {
        let signer = &manifest.signer;
        let key = signer.key();
        let (algorithm, form) = match manifest.form {
            Form::V1 => (key.algorithm_by_curve(), "v1.0"),
            Form::DigestsV01 => (key.algorithm_with_sha256(), "digests-v0.1"),
        };
        Self {
            method: signer.method(),
            algorithm,
            form,
            key: sha256_text(&key.spki_digest()),
            chain: signer.chain().iter().map(ChainAnswer::of).collect(),
            log_entries: [],
            verified_times: [],
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
