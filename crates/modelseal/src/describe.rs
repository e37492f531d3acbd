//! JSON for hosts: a verified manifest, and what an unverified bundle claims.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use modelseal_hash::Hex;
use serde::Serialize;

use crate::{
    bundle::{self, Bundle, LogEntry, Material},
    envelope::Form,
    error::Error,
    limits::Limits,
    manifest::{Content, Listing, Manifest, Method, ReportedManifest},
    signer::{CertificateIdentity, ChainLink},
    time::UnixTime,
    timestamp::claimed_time,
    verdict::{ChainAnswer, ErrorAnswer, IdentityAnswer, Model, Publisher, ValidSignature},
    x509::Certificate,
};

/// A list of files, signed or claimed, as shown.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ListingAnswer<'m> {
    model: Model,
    method: &'static str,
    algorithm: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    shard_size: Option<u64>,
    allow_symlinks: bool,
    single: bool,
    ignore_paths: &'m [String],
    files: Vec<FileAnswer<'m>>,
}

#[derive(Serialize)]
struct FileAnswer<'m> {
    path: &'m str,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shards: Option<Vec<String>>,
}

impl<'m> ListingAnswer<'m> {
    fn of(listing: &'m Listing) -> Self {
        let (method, shard_size) = match listing.method {
            Method::Files => ("files", None),
            Method::Shards { size } => ("shards", Some(size)),
        };
        Self {
            model: Model::of(listing),
            method,
            algorithm: listing.algorithm.name(),
            shard_size,
            allow_symlinks: listing.allow_symlinks,
            single: listing.is_single_file(),
            ignore_paths: &listing.ignore_paths,
            files: listing
                .files
                .iter()
                .map(|file| FileAnswer {
                    path: &file.path,
                    digest: match &file.content {
                        Content::Whole(digest) => Some(digest.to_string()),
                        Content::Shards { .. } => None,
                    },
                    size: file.content.length(),
                    shards: match &file.content {
                        Content::Whole(_) => None,
                        Content::Shards { digests, .. } => {
                            Some(digests.iter().map(ToString::to_string).collect())
                        }
                    },
                })
                .collect(),
        }
    }
}

impl ReportedManifest {
    /// The signer and the list of files, on one line. The publisher is `unchecked`.
    pub fn to_json(&self) -> String {
        self.0.to_json()
    }
}

impl Manifest {
    /// The signer, the publisher and the list of files, on one line.
    pub fn to_json(&self) -> String {
        #[derive(Serialize)]
        struct Answer<'m> {
            #[serde(flatten)]
            listing: ListingAnswer<'m>,
            signature: ValidSignature,
            publisher: Publisher,
        }
        let answer = Answer {
            listing: ListingAnswer::of(&self.listing),
            signature: ValidSignature::of(&self.signer, self.form),
            publisher: Publisher::of(&self.signer, self.context.publisher),
        };
        serde_json::to_string(&answer).unwrap_or_default()
    }
}

/// What a bundle says of itself. Nobody has vouched for any of it: show it as a claim.
///
/// It is text to be shown, no road to a [`Manifest`].
#[derive(Debug)]
pub struct Claimed {
    json: String,
}

impl Claimed {
    /// `{"verified": false, "claimed": {…}}`, on one line.
    pub fn to_json(&self) -> String {
        self.json.clone()
    }

    /// Takes the text of [`Claimed::to_json`].
    pub fn into_json(self) -> String {
        self.json
    }
}

/// Reads what a bundle claims, without verifying anything.
///
/// A bundle whose statement cannot be read is shown as far as it can be, with the error.
///
/// # Errors
/// Those of [`Bundle::parse`].
pub fn inspect(bytes: &[u8], limits: &Limits) -> Result<Claimed, Error> {
    let bundle = Bundle::parse(bytes, limits)?;
    let listing = match &bundle.content {
        bundle::Content::Envelope(envelope) => Some(read_listing(&envelope.payload, limits)),
        bundle::Content::Message(_) => None,
    };
    let answer = ClaimedAnswer {
        verified: false,
        claimed: Claims {
            media_type: bundle.media_type.name(),
            method: bundle.material.method_name(),
            key_hint: match &bundle.material {
                Material::PublicKey(key) => key.hint.as_deref(),
                _ => None,
            },
            certificates: certificates(&bundle.material),
            identity: identity(&bundle.material),
            log_entries: bundle.log_entries.iter().map(LogClaim::of).collect(),
            timestamps: timestamps(&bundle.timestamps),
            statement: listing
                .as_ref()
                .and_then(|listing| listing.as_ref().ok())
                .map(ListingAnswer::of),
            statement_error: listing
                .as_ref()
                .and_then(|listing| listing.as_ref().err())
                .map(|error| ErrorAnswer::of(*error)),
        },
        bundle: Hex(&bundle.sha256).to_string(),
    };
    Ok(Claimed {
        json: serde_json::to_string(&answer).unwrap_or_default(),
    })
}

/// Nobody knows which form was signed before the signature holds: both are tried.
fn read_listing(payload: &[u8], limits: &Limits) -> Result<Listing, Error> {
    Listing::read(payload, Form::V1, limits)
        .or_else(|error| Listing::read(payload, Form::DigestsV01, limits).map_err(|_| error))
}

#[derive(Serialize)]
struct ClaimedAnswer<'m> {
    verified: bool,
    #[serde(rename = "bundleSha256")]
    bundle: String,
    claimed: Claims<'m>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Claims<'m> {
    media_type: &'static str,
    method: &'static str,
    key_hint: Option<&'m str>,
    certificates: Vec<CertificateClaim>,
    /// Of a keyless certificate alone.
    identity: Option<IdentityAnswer>,
    log_entries: Vec<LogClaim<'m>>,
    timestamps: Vec<TimestampClaim>,
    statement: Option<ListingAnswer<'m>>,
    statement_error: Option<ErrorAnswer>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum CertificateClaim {
    Readable(ChainAnswer),
    Unreadable { error: ErrorAnswer },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogClaim<'m> {
    kind: &'m str,
    version: &'m str,
    index: u64,
    log_id: String,
    integrated_time: Option<String>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum TimestampClaim {
    Readable { at: String },
    Unreadable { error: ErrorAnswer },
}

impl<'m> LogClaim<'m> {
    fn of(entry: &'m LogEntry) -> Self {
        // 0 stands for "none" (protobuf-specs, `TransparencyLogEntry`).
        let time = Some(entry.integrated_time).filter(|seconds| *seconds != 0);
        Self {
            kind: &entry.kind,
            version: &entry.version,
            index: entry.log_index,
            log_id: Hex(&entry.log_id).to_string(),
            integrated_time: time.map(|seconds| UnixTime::from_seconds(seconds).to_string()),
        }
    }
}

fn timestamps(responses: &[Vec<u8>]) -> Vec<TimestampClaim> {
    let responses = responses.iter().enumerate();
    responses
        .map(|(index, response)| match claimed_time(response, index) {
            Ok(at) => TimestampClaim::Readable { at: at.to_string() },
            Err(error) => TimestampClaim::Unreadable {
                error: ErrorAnswer::of(error),
            },
        })
        .collect()
}

/// Whom a keyless certificate names, if it can be read.
fn identity(material: &Material) -> Option<IdentityAnswer> {
    let Material::Certificate(der) = material else {
        return None;
    };
    let leaf = Certificate::from_der(der, 0).ok()?;
    let identity = CertificateIdentity::read(&leaf).ok()?;
    Some(IdentityAnswer::of(&identity))
}

fn certificates(material: &Material) -> Vec<CertificateClaim> {
    let chain = match material {
        Material::Certificate(der) => core::slice::from_ref(der),
        Material::CertificateChain(chain) => chain,
        Material::PublicKey(_) => &[],
    };
    chain
        .iter()
        .enumerate()
        .map(|(index, der)| match Certificate::from_der(der, index) {
            Ok(certificate) => {
                CertificateClaim::Readable(ChainAnswer::of(&ChainLink::of(&certificate)))
            }
            Err(error) => CertificateClaim::Unreadable {
                error: ErrorAnswer::of(error),
            },
        })
        .collect()
}
