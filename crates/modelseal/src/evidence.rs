//! What others attest about a signature: that it existed at a time, and that a log has it.
//!
//! All or nothing: every timestamp and every entry that a bundle brings has to hold.

use alloc::vec::Vec;

use crate::{
    bundle::{Bundle, MediaType},
    clock::Clock,
    content::Signed,
    error::Error,
    time::UnixTime,
    timestamp::SignedTime,
    tlog::{Logged, Promised, Verifier},
    trust::TrustRoot,
};

/// Verified log entries and times. Without any, nothing is attested.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evidence {
    pub(crate) logged: Vec<Logged>,
    pub(crate) times: Vec<SignedTime>,
}

impl Evidence {
    /// Verifies all that `bundle` brings, which `root` has to vouch for.
    pub(crate) fn verify(
        bundle: &Bundle,
        signed: &Signed<'_>,
        verifier: &Verifier<'_>,
        root: Option<&TrustRoot>,
        clock: Clock,
    ) -> Result<Self, Error> {
        if bundle.log_entries.is_empty() && bundle.timestamps.is_empty() {
            return Ok(Self::default());
        }
        let root = root.ok_or(Error::TrustRootMissing)?;
        let limits = &bundle.limits;
        let mut times = Vec::new();
        for (index, timestamp) in bundle.timestamps.iter().enumerate() {
            let signature = signed.signature();
            let time = SignedTime::verify(timestamp, index, signature, root, limits)?;
            times.push(time);
        }
        let mut promised = Vec::new();
        for (index, entry) in bundle.log_entries.iter().enumerate() {
            bundle.media_type.check_entry(entry, index)?;
            let entry = Promised::verify(entry, index, root)?;
            if let Some(at) = entry.integrated_time {
                times.push(SignedTime::of_log(at, entry.log_uri()));
            }
            promised.push(entry);
        }
        let future = |time: &&SignedTime| time.at() > clock.evaluated_at();
        if let Some(time) = times.iter().find(future) {
            return Err(Error::TimeInFuture { at: time.at() });
        }
        let mut logged = Vec::new();
        for entry in promised {
            let at = times.iter().map(SignedTime::at);
            logged.push(entry.include(signed, verifier, at, limits)?);
        }
        Ok(Self { logged, times })
    }

    /// The verified times, each once, sorted. They are what moves the time of judgement.
    pub(crate) fn moments(&self) -> Vec<UnixTime> {
        let mut moments: Vec<_> = self.times.iter().map(SignedTime::at).collect();
        moments.sort_unstable();
        moments.dedup();
        moments
    }
}

impl MediaType {
    /// Version 0.1 has promises, later versions have proofs; what is there besides is verified too.
    fn check_entry(self, entry: &crate::bundle::LogEntry, index: usize) -> Result<(), Error> {
        match self {
            Self::V01 if entry.promise.is_none() => Err(Error::InclusionPromiseMissing { index }),
            Self::V01 => Ok(()),
            _ if entry.proof.is_none() => Err(Error::InclusionProofMissing { index }),
            _ => Ok(()),
        }
    }
}
