//! What others attest about a signature: that it existed at a time, and that a log has it.
//!
//! All or nothing: every log entry must verify, and every timestamp that claims an authority of the
//! trust root. One of another authority is skipped where there is another verified time.

use alloc::vec::Vec;

use crate::{
    bundle::{Bundle, LogEntry, MediaType},
    conditions::Conditions,
    error::Error,
    keys::Hash,
    signed::Signed,
    time::UnixTime,
    timestamp::{SignedTime, Timestamp},
    tlog::{Promised, VerifiedLogEntry, Verifier},
    trust::TrustRoot,
};

/// Verified log entries and times. Without any, nothing is attested.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evidence {
    pub(crate) log_entries: Vec<VerifiedLogEntry>,
    pub(crate) times: Vec<SignedTime>,
    /// Was a timestamp skipped, of an authority that the trust root does not name?
    pub(crate) skipped_timestamp: bool,
}

impl Evidence {
    /// Verifies all log entries and timestamps of `bundle` with the trust root of the conditions.
    pub(crate) fn verify(
        bundle: &Bundle,
        signed: &Signed<'_>,
        verifier: &Verifier<'_>,
        conditions: &Conditions<'_>,
    ) -> Result<Self, Error> {
        if bundle.log_entries.is_empty() && bundle.timestamps.is_empty() {
            return Ok(Self::default());
        }
        let root = conditions.root.ok_or(Error::TrustRootMissing)?;
        let (mut times, skipped) = timestamps(bundle, signed, root, conditions)?;
        let mut promised = Vec::new();
        for (index, entry) in bundle.log_entries.iter().enumerate() {
            bundle.media_type.check_entry(entry, index)?;
            let entry = Promised::verify(entry, index, root, conditions)?;
            if let Some(at) = entry.integrated_time {
                times.push(SignedTime::of_log(at, entry.log_uri()));
            }
            promised.push(entry);
        }
        if let (Some(index), []) = (skipped, times.as_slice()) {
            return Err(Error::TimestampAuthorityUnknown { index });
        }
        let clock = conditions.clock;
        if let Some(time) = times.iter().find(|time| clock.is_too_far_behind(time.at())) {
            return Err(Error::TimeInFuture {
                at: time.at(),
                now: clock.machine_time(),
            });
        }
        let at: Vec<UnixTime> = times.iter().map(SignedTime::at).collect();
        let mut log_entries = Vec::new();
        for entry in promised {
            log_entries.push(entry.include(signed, verifier, &at, conditions)?);
        }
        Ok(Self {
            log_entries,
            times,
            skipped_timestamp: skipped.is_some(),
        })
    }

    /// The hash that the log entries state for a signature over an artifact, if they state one.
    pub(crate) fn message_hash(&self) -> Result<Option<Hash>, Error> {
        let mut stated = None;
        for (index, entry) in self.log_entries.iter().enumerate() {
            match (stated, entry.message_hash()) {
                (Some(one), Some(other)) if one != other => {
                    return Err(Error::LogEntryMismatch { index });
                }
                (_, hash) => stated = stated.or(hash),
            }
        }
        Ok(stated)
    }

    /// The verified times, each once, sorted. Only they move the time for which certificates are
    /// checked.
    pub(crate) fn moments(&self) -> Vec<UnixTime> {
        let mut moments: Vec<_> = self.times.iter().map(SignedTime::at).collect();
        moments.sort_unstable();
        moments.dedup();
        moments
    }
}

/// The verified timestamps, and the position of one of an unknown authority.
fn timestamps(
    bundle: &Bundle,
    signed: &Signed<'_>,
    root: &TrustRoot,
    conditions: &Conditions<'_>,
) -> Result<(Vec<SignedTime>, Option<usize>), Error> {
    let mut times: Vec<SignedTime> = Vec::new();
    let mut skipped = None;
    for (index, timestamp) in bundle.timestamps.iter().enumerate() {
        match Timestamp::verify(timestamp, index, signed.signature(), root, conditions)? {
            Timestamp::Verified(time) if times.iter().any(|other| other.repeats(&time)) => {
                return Err(Error::TimestampDuplicate { index });
            }
            Timestamp::Verified(time) => times.push(time),
            Timestamp::OfUnknownAuthority => skipped = skipped.or(Some(index)),
        }
    }
    Ok((times, skipped))
}

impl MediaType {
    /// Version 0.1 has promises, later versions have proofs; what else there is must verify too.
    fn check_entry(self, entry: &LogEntry, index: usize) -> Result<(), Error> {
        match self {
            Self::V01 if entry.promise.is_none() => Err(Error::InclusionPromiseMissing { index }),
            Self::V01 => Ok(()),
            _ if entry.proof.is_none() => Err(Error::InclusionProofMissing { index }),
            _ => Ok(()),
        }
    }
}
