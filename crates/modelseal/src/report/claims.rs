//! What an unverified bundle claims.

use alloc::{string::String, vec::Vec};

use serde::Serialize;

use super::manifest::ListingClaim;
use crate::{
    bundle::{self, Bundle, LogEntry, Material, MediaType},
    envelope::Form,
    error::Error,
    limits::Limits,
    manifest::Listing,
    policy::MODEL_SIGNING,
    signer::{CertificateIdentity, ChainLink, SigningMethod},
    statement::{self, Claim},
    time::UnixTime,
    timestamp::claimed_time,
    verdict::ErrorAnswer,
    x509::Certificate,
};

/// What a bundle says of itself. Nothing of it is verified: show it as a claim.
///
/// It is data to be shown, no road to a [`Manifest`](crate::Manifest).
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct Claimed {
    /// Always `false`.
    verified: bool,
    /// SHA-256 of the bundle's bytes.
    #[serde(rename = "bundleSha256", serialize_with = "crate::hex::serialize")]
    pub bundle_sha256: [u8; 32],
    /// The claims.
    pub claimed: Claims,
}

/// What an unverified bundle claims. Its author chose all strings: escape them where they are shown.
#[derive(Debug, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct Claims {
    /// The bundle's media type.
    pub media_type: &'static str,
    /// The method that its material belongs to.
    pub method: SigningMethod,
    /// The hint at the key.
    pub key_hint: Option<String>,
    /// The certificates, leaf first.
    pub certificates: Vec<CertificateClaim>,
    /// The identity of the leaf, where it has one.
    pub identity: Option<CertificateIdentity>,
    /// The entries of transparency logs.
    pub log_entries: Vec<LogEntryClaim>,
    /// The timestamps.
    pub timestamps: Vec<TimestampClaim>,
    /// The digest of the artifact that the signature is over.
    pub message_digest: Option<DigestClaim>,
    /// The statement of a model signature: its list of files.
    pub statement: Option<ListingClaim>,
    /// The statement of an attestation.
    pub attestation: Option<Claim>,
    /// Why a statement cannot be read.
    pub statement_error: Option<ErrorAnswer>,
}

/// A certificate that a bundle contains.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
#[serde(untagged)]
pub enum CertificateClaim {
    /// It can be read.
    Readable(ChainLink),
    /// It cannot.
    #[non_exhaustive]
    Unreadable {
        /// Why.
        error: ErrorAnswer,
    },
}

/// An entry of a transparency log that a bundle contains.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct LogEntryClaim {
    /// The kind of the entry.
    pub kind: String,
    /// The version of the kind.
    pub version: String,
    /// The index.
    pub index: u64,
    /// The log's id.
    #[serde(serialize_with = "crate::hex::serialize")]
    pub log_id: Vec<u8>,
    /// When the log took the entry.
    pub integrated_time: Option<UnixTime>,
}

/// A timestamp that a bundle contains.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
#[serde(untagged)]
pub enum TimestampClaim {
    /// It can be read.
    #[non_exhaustive]
    Readable {
        /// The time that it states.
        at: UnixTime,
    },
    /// It cannot.
    #[non_exhaustive]
    Unreadable {
        /// Why.
        error: ErrorAnswer,
    },
}

/// The digest of an artifact.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DigestClaim {
    /// The name of the algorithm, such as `SHA2_256`.
    pub algorithm: String,
    /// The digest, in JSON as lower-case hex.
    #[serde(serialize_with = "crate::hex::serialize")]
    pub digest: Vec<u8>,
}

impl Claimed {
    /// `{"verified": false, "claimed": {…}}`, on one line.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Reads what a bundle claims, without verifying anything.
///
/// A bundle whose statement cannot be read is shown as far as it can be, with the error.
///
/// ```
/// use modelseal::{Limits, inspect};
///
/// let error = inspect(b"<html></html>", &Limits::default()).unwrap_err();
/// assert_eq!(error.code(), "bundle-unreadable");
/// ```
///
/// # Errors
/// Those of [`Bundle::parse`].
pub fn inspect(bytes: &[u8], limits: &Limits) -> Result<Claimed, Error> {
    let bundle = Bundle::parse(bytes, limits)?;
    let (statement, attestation, statement_error) = match &bundle.content {
        bundle::Content::Envelope(envelope) => read_statement(&envelope.payload, limits),
        bundle::Content::Message(_) => (None, None, None),
    };
    Ok(Claimed {
        verified: false,
        bundle_sha256: bundle.sha256,
        claimed: Claims {
            media_type: bundle.media_type.name(),
            method: method(&bundle),
            certificates: certificates(&bundle.material),
            identity: identity(&bundle.material),
            log_entries: bundle.log_entries.iter().map(LogEntryClaim::of).collect(),
            timestamps: timestamps(&bundle.timestamps),
            message_digest: message_digest(&bundle.content),
            key_hint: match bundle.material {
                Material::PublicKey(key) => key.hint,
                _ => None,
            },
            statement,
            attestation,
            statement_error,
        },
    })
}

type Statement = (Option<ListingClaim>, Option<Claim>, Option<ErrorAnswer>);

/// Which form was signed is only known once the signature holds: all are tried.
fn read_statement(payload: &[u8], limits: &Limits) -> Statement {
    let error = match Listing::read(payload, Form::V1, limits) {
        Ok(listing) => return (Some(ListingClaim::new(listing)), None, None),
        Err(error) => error,
    };
    if let Ok(listing) = Listing::read(payload, Form::V02, limits) {
        return (Some(ListingClaim::new(listing)), None, None);
    }
    match statement::claim(payload, limits) {
        // What says that it is a model's list of files is not shown as something else.
        Some(claim) if !claim.predicate_type.starts_with(MODEL_SIGNING) => {
            (None, Some(claim), None)
        }
        _ => (None, None, Some(ErrorAnswer(error))),
    }
}

/// The method that the material belongs to: before version 0.3 keyless bundles have chains too.
const fn method(bundle: &Bundle) -> SigningMethod {
    match (&bundle.material, bundle.media_type) {
        (Material::PublicKey(_), _) => SigningMethod::Key,
        (Material::Certificate(_), _)
        | (Material::CertificateChain(_), MediaType::V01 | MediaType::V02) => {
            SigningMethod::Sigstore
        }
        (Material::CertificateChain(_), _) => SigningMethod::Certificate,
    }
}

impl LogEntryClaim {
    fn of(entry: &LogEntry) -> Self {
        // 0 means "none" (protobuf-specs, `TransparencyLogEntry`).
        let time = Some(entry.integrated_time).filter(|seconds| *seconds != 0);
        Self {
            kind: entry.kind.clone(),
            version: entry.version.clone(),
            index: entry.log_index,
            log_id: entry.log_id.clone(),
            integrated_time: time.map(UnixTime::from_seconds),
        }
    }
}

fn timestamps(responses: &[Vec<u8>]) -> Vec<TimestampClaim> {
    let responses = responses.iter().enumerate();
    responses
        .map(|(index, response)| match claimed_time(response, index) {
            Ok(at) => TimestampClaim::Readable { at },
            Err(error) => TimestampClaim::Unreadable {
                error: ErrorAnswer(error),
            },
        })
        .collect()
}

fn message_digest(content: &bundle::Content) -> Option<DigestClaim> {
    let bundle::Content::Message(message) = content else {
        return None;
    };
    let (algorithm, digest) = message.digest.clone()?;
    Some(DigestClaim { algorithm, digest })
}

fn chain(material: &Material) -> &[Vec<u8>] {
    match material {
        Material::Certificate(der) => core::slice::from_ref(der),
        Material::CertificateChain(chain) => chain,
        Material::PublicKey(_) => &[],
    }
}

/// The identity that the leaf is for, if it is a keyless one.
fn identity(material: &Material) -> Option<CertificateIdentity> {
    let leaf = Certificate::from_der(chain(material).first()?, 0).ok()?;
    let identity = CertificateIdentity::read(&leaf).ok()?;
    let is_keyless = matches!(material, Material::Certificate(_)) || identity.issuer().is_some();
    is_keyless.then_some(identity)
}

fn certificates(material: &Material) -> Vec<CertificateClaim> {
    chain(material)
        .iter()
        .enumerate()
        .map(|(index, der)| match Certificate::from_der(der, index) {
            Ok(certificate) => CertificateClaim::Readable(ChainLink::of(&certificate)),
            Err(error) => CertificateClaim::Unreadable {
                error: ErrorAnswer(error),
            },
        })
        .collect()
}
