//! Entries of transparency logs: promised (SET), included (RFC 6962), and about this very bundle.

mod body;
mod checkpoint;
mod merkle;
mod set;

use alloc::string::String;

use checkpoint::Checkpoint;

pub(crate) use body::Verifier;

use crate::{
    bundle::{InclusionProof, LogEntry},
    content::Signed,
    error::Error,
    limits::Limits,
    time::UnixTime,
    trust::{Log, TrustRoot},
};

/// An entry of which a log of the trust root says that it has it. Made by the checks that earn it.
#[derive(Clone, Debug)]
pub struct Logged {
    log: String,
    log_id: alloc::vec::Vec<u8>,
    log_index: u64,
    kind: String,
    version: String,
    included: bool,
    integrated_time: Option<UnixTime>,
}

impl Logged {
    /// The log's address, as the trust root names it.
    pub fn log(&self) -> &str {
        &self.log
    }

    /// The log's id.
    pub fn log_id(&self) -> &[u8] {
        &self.log_id
    }

    /// The entry's index.
    pub const fn log_index(&self) -> u64 {
        self.log_index
    }

    /// The entry's kind, such as `hashedrekord`.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The version of the kind, such as `0.0.2`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Was inclusion proved? Else it was promised.
    pub const fn is_included(&self) -> bool {
        self.included
    }

    /// When the log says that it took the entry; none for logs that sign no time.
    pub const fn integrated_time(&self) -> Option<UnixTime> {
        self.integrated_time
    }
}

/// An entry whose log is known and whose promise, if it has one, holds.
pub(crate) struct Promised<'a> {
    entry: &'a LogEntry,
    index: usize,
    log: &'a Log,
    pub(crate) integrated_time: Option<UnixTime>,
}

impl<'a> Promised<'a> {
    /// Finds the log of the entry at `index`, and verifies the promise that it made.
    pub(crate) fn verify(
        entry: &'a LogEntry,
        index: usize,
        root: &'a TrustRoot,
    ) -> Result<Self, Error> {
        let mut logs = root.logs().iter();
        let log = logs
            .find(|log| log.id == entry.log_id)
            .ok_or(Error::LogUnknown { index })?;
        // Without a promise nobody signed this time.
        let mut integrated_time = None;
        if let Some(promise) = &entry.promise {
            let at = UnixTime::from_seconds(entry.integrated_time);
            if !log.window.covers(at) {
                return Err(Error::LogOutsideValidity { index, at });
            }
            if !log.key.verify(set::signed_text(entry).as_bytes(), promise) {
                return Err(Error::SetSignatureMismatch { index });
            }
            integrated_time = Some(at);
        }
        Ok(Self {
            entry,
            index,
            log,
            integrated_time,
        })
    }

    /// The log's address, as the trust root names it.
    pub(crate) fn log_uri(&self) -> &'a str {
        &self.log.uri
    }

    /// Verifies that the log has the entry, and that the entry is about this signature. `times` are
    /// all verified times of the bundle.
    pub(crate) fn include(
        self,
        signed: &Signed<'_>,
        verifier: &Verifier<'_>,
        times: impl Iterator<Item = UnixTime>,
        limits: &Limits,
    ) -> Result<Logged, Error> {
        let (entry, index) = (self.entry, self.index);
        if let Some(proof) = &entry.proof {
            self.verify_inclusion(proof, limits)?;
            // The promise's own time was compared with the log's window already.
            for at in times.filter(|_| self.integrated_time.is_none()) {
                if !self.log.window.covers(at) {
                    return Err(Error::LogOutsideValidity { index, at });
                }
            }
        }
        body::verify(entry, index, signed, verifier)?;
        Ok(Logged {
            log: self.log.uri.clone(),
            log_id: self.log.id.clone(),
            // The promise signs the one, the proof proves the other.
            log_index: match (&entry.proof, self.integrated_time) {
                (Some(proof), None) => proof.index,
                _ => entry.log_index,
            },
            kind: entry.kind.clone(),
            version: entry.version.clone(),
            included: entry.proof.is_some(),
            integrated_time: self.integrated_time,
        })
    }

    /// RFC 6962 section 2.1.1: from the entry to the root that the checkpoint signs.
    fn verify_inclusion(&self, proof: &InclusionProof, limits: &Limits) -> Result<(), Error> {
        let index = self.index;
        let text = proof.checkpoint.as_ref();
        let text = text.ok_or(Error::CheckpointMissing { index })?;
        let limit = limits.checkpoint_bytes;
        if text.len() > limit {
            return Err(Error::CheckpointTooLarge { index, limit });
        }
        let checkpoint = Checkpoint::parse(text).ok_or(Error::CheckpointInvalid { index })?;
        if !checkpoint.is_signed_by(self.log) {
            return Err(Error::CheckpointSignatureMismatch { index });
        }
        // The signed tree is the one that counts. What the proof says of it has to agree; tile logs
        // may leave it out.
        let tiles = self.entry.is_of_tile_log();
        let agrees = (tiles && proof.root.is_empty() || proof.root == checkpoint.root)
            && (tiles && proof.tree_size == 0 || proof.tree_size == checkpoint.size);
        if !agrees {
            return Err(Error::CheckpointRootMismatch { index });
        }
        // A tile log has one tree, so that both indices are the same.
        if tiles && self.entry.log_index != proof.index {
            return Err(Error::InclusionProofMismatch { index });
        }
        let leaf = merkle::leaf_hash(&self.entry.body);
        let root = merkle::root(proof.index, checkpoint.size, leaf, &proof.hashes);
        if root.is_some_and(|root| root == checkpoint.root) {
            Ok(())
        } else {
            Err(Error::InclusionProofMismatch { index })
        }
    }
}
