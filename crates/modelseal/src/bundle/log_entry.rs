//! The bundle's log entries and timestamps: shape only.

use alloc::{string::String, vec::Vec};

use crate::{
    error::Error,
    json::{Document, Fields, Value},
    limits::Limits,
};

/// An entry of a transparency log (protobuf-specs, `TransparencyLogEntry`).
#[derive(Debug)]
pub(crate) struct LogEntry {
    /// The index over all shards of the log.
    pub(crate) log_index: u64,
    pub(crate) log_id: Vec<u8>,
    pub(crate) kind: String,
    pub(crate) version: String,
    /// Seconds since the epoch; 0 where there is none.
    pub(crate) integrated_time: u64,
    /// The signed entry timestamp (SET).
    pub(crate) promise: Option<Vec<u8>>,
    pub(crate) proof: Option<InclusionProof>,
    /// The canonicalized body, which is the leaf of the tree.
    pub(crate) body: Vec<u8>,
}

/// A path from a leaf to the root of a tree (RFC 6962 section 2.1.1).
#[derive(Debug)]
pub(crate) struct InclusionProof {
    /// The index in the tree.
    pub(crate) index: u64,
    /// Empty where the checkpoint alone says it.
    pub(crate) root: Vec<u8>,
    /// 0 where the checkpoint alone says it.
    pub(crate) tree_size: u64,
    pub(crate) hashes: Vec<Vec<u8>>,
    pub(crate) checkpoint: Option<String>,
}

/// Hashes from a leaf to the root of the largest tree: its size has 64 bits.
const MAX_PATH: usize = 64;

/// Bytes of a SHA-256 hash, with room to spare: a wrong length is found where it is compared.
const HASH_BYTES: usize = 64;

pub(super) fn log_entries(entries: &[Value<'_>], limits: &Limits) -> Result<Vec<LogEntry>, Error> {
    let limit = limits.log_entries;
    if entries.len() > limit {
        return Err(Error::LogEntryCount { limit });
    }
    let mut read: Vec<LogEntry> = Vec::new();
    for (index, value) in entries.iter().enumerate() {
        let entry = LogEntry::read(
            Fields::of(value, Document::Bundle, "tlogEntries")?,
            index,
            limits,
        )?;
        let is_same = |other: &LogEntry| {
            other.log_id == entry.log_id
                && (other.log_index == entry.log_index || other.body == entry.body)
        };
        if read.iter().any(is_same) {
            return Err(Error::LogEntryDuplicate { index });
        }
        read.push(entry);
    }
    Ok(read)
}

/// RFC 3161 responses, each once.
pub(super) fn timestamps(fields: Fields<'_, '_>, limits: &Limits) -> Result<Vec<Vec<u8>>, Error> {
    let values = fields
        .only(&["rfc3161Timestamps"])?
        .optional_array("rfc3161Timestamps")?;
    let limit = limits.log_entries;
    if values.len() > limit {
        return Err(Error::LogEntryCount { limit });
    }
    let most = limits.timestamp_bytes;
    let mut read: Vec<Vec<u8>> = Vec::new();
    for (index, value) in values.iter().enumerate() {
        let timestamp = Fields::of(value, Document::Bundle, "rfc3161Timestamps")?
            .only(&["signedTimestamp"])?
            .bytes_up_to(
                "signedTimestamp",
                most,
                Error::TimestampTooLarge { index, limit: most },
            )?;
        if read.contains(&timestamp) {
            return Err(Error::TimestampDuplicate { index });
        }
        read.push(timestamp);
    }
    Ok(read)
}

impl LogEntry {
    /// Rekor v2 has tiles, and these kinds alone (rekor-tiles, "API").
    pub(crate) fn is_of_tile_log(&self) -> bool {
        matches!(self.kind.as_str(), "dsse" | "hashedrekord") && self.version == "0.0.2"
    }

    fn read(fields: Fields<'_, '_>, index: usize, limits: &Limits) -> Result<Self, Error> {
        let bytes = |fields: Fields<'_, '_>, field, limit| {
            fields.bytes_up_to(field, limit, Error::LogEntryTooLarge { index, limit })
        };
        let small = limits.signature_bytes;
        let fields = fields.only(&[
            "canonicalizedBody",
            "inclusionPromise",
            "inclusionProof",
            "integratedTime",
            "kindVersion",
            "logId",
            "logIndex",
        ])?;
        let kind = fields.fields("kindVersion")?.only(&["kind", "version"])?;
        let promise = fields.optional_fields("inclusionPromise")?;
        let proof = fields.optional_fields("inclusionProof")?;
        Ok(Self {
            log_index: fields.int64("logIndex")?,
            log_id: bytes(fields.fields("logId")?.only(&["keyId"])?, "keyId", small)?,
            kind: kind.str("kind")?.into(),
            version: kind.str("version")?.into(),
            integrated_time: fields.int64("integratedTime")?,
            promise: promise
                .map(|promise| {
                    let promise = promise.only(&["signedEntryTimestamp"])?;
                    bytes(promise, "signedEntryTimestamp", small)
                })
                .transpose()?,
            proof: proof
                .map(|proof| InclusionProof::read(proof, index, limits))
                .transpose()?,
            body: bytes(fields, "canonicalizedBody", limits.log_body_bytes)?,
        })
    }
}

impl InclusionProof {
    fn read(fields: Fields<'_, '_>, index: usize, limits: &Limits) -> Result<Self, Error> {
        let fields = fields.only(&["checkpoint", "hashes", "logIndex", "rootHash", "treeSize"])?;
        let hashes = fields.optional_array("hashes")?;
        if hashes.len() > MAX_PATH {
            return Err(Error::InclusionProofMismatch { index });
        }
        let hash = |value: &Value<'_>, field| {
            let too_large = Error::InclusionProofMismatch { index };
            Document::Bundle.bytes_up_to(value, field, HASH_BYTES, too_large)
        };
        let checkpoint = fields.optional_fields("checkpoint")?;
        let checkpoint = match checkpoint {
            None => None,
            Some(checkpoint) => checkpoint.only(&["envelope"])?.optional_str("envelope")?,
        };
        let limit = limits.checkpoint_bytes;
        if checkpoint.is_some_and(|text| text.len() > limit) {
            return Err(Error::CheckpointTooLarge { index, limit });
        }
        Ok(Self {
            index: fields.int64("logIndex")?,
            root: match fields.optional("rootHash") {
                None => Vec::new(),
                Some(root) => hash(root, "rootHash")?,
            },
            tree_size: fields.int64("treeSize")?,
            hashes: hashes
                .iter()
                .map(|value| hash(value, "hashes"))
                .collect::<Result<_, _>>()?,
            checkpoint: checkpoint.filter(|text| !text.is_empty()).map(String::from),
        })
    }
}
