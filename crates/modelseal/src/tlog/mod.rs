//! Entries of transparency logs: promised (SET), included (RFC 6962), and about this very bundle.

mod set;

mod checkpoint;

mod merkle;

mod body;

use alloc::string::String;

use checkpoint::Checkpoint;

pub(crate) use body::Verifier;

use crate::{
    bundle::{InclusionProof, LogEntry},
    conditions::Conditions,
    error::Error,
    keys::Hash,
    signed::Signed,
    time::UnixTime,
    trust::{Log, TrustRoot},
};

/// An entry that a log of the trust root has, or promised to have. Made only by the checks that earn
/// it.
#[derive(Clone, Debug)]
pub struct VerifiedLogEntry {
    log: String,
    log_id: alloc::vec::Vec<u8>,
    log_index: u64,
    kind: String,
    version: String,
    included: bool,
    integrated_time: Option<UnixTime>,
    /// The hash of a signature over an artifact, where the entry states it.
    message_hash: Option<Hash>,
}

impl VerifiedLogEntry {
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

    /// Was inclusion proved? If not, it was promised.
    pub const fn is_included(&self) -> bool {
        self.included
    }

    /// When the log says that it took the entry; `None` for logs that sign no time.
    pub const fn integrated_time(&self) -> Option<UnixTime> {
        self.integrated_time
    }

    /// The hash of a signature over an artifact, where the entry states it.
    pub(crate) const fn message_hash(&self) -> Option<Hash> {
        self.message_hash
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
        conditions: &Conditions<'_>,
    ) -> Result<Self, Error> {
        let mut logs = root.logs().iter();
        let log = logs
            .find(|log| log.id == entry.log_id)
            .ok_or(Error::LogUnknown { index })?;
        conditions.deny.check_key(log.key.key())?;
        // Without a promise this time is not signed.
        let mut integrated_time = None;
        if let Some(promise) = &entry.promise {
            let at = UnixTime::from_seconds(entry.integrated_time);
            if !log.window.covers(at) {
                return Err(Error::LogOutsideValidity { index, at });
            }
            conditions.budget.signature_check()?;
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
        times: &[UnixTime],
        conditions: &Conditions<'_>,
    ) -> Result<VerifiedLogEntry, Error> {
        let (entry, index) = (self.entry, self.index);
        if let Some(proof) = &entry.proof {
            self.verify_inclusion(proof, conditions)?;
            self.check_window(times, conditions)?;
        }
        let message_hash = body::verify(entry, index, signed, verifier)?;
        Ok(VerifiedLogEntry {
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
            message_hash,
        })
    }

    /// The log's key counts only in its window. A promise has a time of its own, which was compared
    /// with it. Else every verified time counts; where there is none, the one for which certificates
    /// are checked.
    fn check_window(&self, times: &[UnixTime], conditions: &Conditions<'_>) -> Result<(), Error> {
        if self.integrated_time.is_some() {
            return Ok(());
        }
        let now = [conditions.clock.at()];
        let times = if times.is_empty() { &now } else { times };
        match times.iter().find(|at| !self.log.window.covers(**at)) {
            None => Ok(()),
            Some(&at) => Err(Error::LogOutsideValidity {
                index: self.index,
                at,
            }),
        }
    }

    /// RFC 6962 section 2.1.1: from the entry to the root that the checkpoint signs.
    fn verify_inclusion(
        &self,
        proof: &InclusionProof,
        conditions: &Conditions<'_>,
    ) -> Result<(), Error> {
        let index = self.index;
        let text = proof.checkpoint.as_ref();
        let text = text.ok_or(Error::CheckpointMissing { index })?;
        let checkpoint = Checkpoint::parse(text).ok_or(Error::CheckpointInvalid { index })?;
        if !checkpoint.is_signed_by(self.log, conditions.budget)? {
            return Err(Error::CheckpointSignatureMismatch { index });
        }
        // The signed tree is the one that counts. What the proof says of it must agree; tile logs may
        // leave it out.
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
