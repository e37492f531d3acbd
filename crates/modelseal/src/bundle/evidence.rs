//! Log entries and timestamps as the bundle brought them: shape only.

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

pub(super) fn log_entries(entries: &[Value<'_>], limits: &Limits) -> Result<Vec<LogEntry>, Error> {
    let limit = limits.log_entries;
    if entries.len() > limit {
        return Err(Error::LogEntryCount { limit });
    }
    let mut read: Vec<LogEntry> = Vec::new();
    for (index, value) in entries.iter().enumerate() {
        let entry = LogEntry::read(Fields::of(value, Document::Bundle, "tlogEntries")?)?;
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
    let mut read: Vec<Vec<u8>> = Vec::new();
    for (index, value) in values.iter().enumerate() {
        let timestamp = Fields::of(value, Document::Bundle, "rfc3161Timestamps")?
            .only(&["signedTimestamp"])?
            .bytes("signedTimestamp")?;
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

    fn read(fields: Fields<'_, '_>) -> Result<Self, Error> {
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
            log_id: fields.fields("logId")?.only(&["keyId"])?.bytes("keyId")?,
            kind: kind.str("kind")?.into(),
            version: kind.str("version")?.into(),
            integrated_time: fields.int64("integratedTime")?,
            promise: promise
                .map(|promise| {
                    let promise = promise.only(&["signedEntryTimestamp"])?;
                    promise.bytes("signedEntryTimestamp")
                })
                .transpose()?,
            proof: proof.map(InclusionProof::read).transpose()?,
            body: fields.bytes("canonicalizedBody")?,
        })
    }
}

impl InclusionProof {
    fn read(fields: Fields<'_, '_>) -> Result<Self, Error> {
        let fields = fields.only(&["checkpoint", "hashes", "logIndex", "rootHash", "treeSize"])?;
        let hashes = fields.optional_array("hashes")?.iter();
        let checkpoint = fields.optional_fields("checkpoint")?;
        let checkpoint = match checkpoint {
            None => None,
            Some(checkpoint) => checkpoint.only(&["envelope"])?.optional_str("envelope")?,
        };
        Ok(Self {
            index: fields.int64("logIndex")?,
            root: fields.optional_bytes("rootHash")?.unwrap_or_default(),
            tree_size: fields.int64("treeSize")?,
            hashes: hashes
                .map(|hash| Document::Bundle.bytes_of(hash, "hashes"))
                .collect::<Result<_, _>>()?,
            checkpoint: checkpoint.filter(|text| !text.is_empty()).map(String::from),
        })
    }
}
