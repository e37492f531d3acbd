//! Signed certificate timestamps (RFC 6962 section 3): a log of certificates has the leaf.

use alloc::vec::Vec;

use der::{Decode, asn1::OctetStringRef};
use sha2::{Digest, Sha256};

use crate::{
    conditions::Conditions,
    error::Error,
    time::UnixTime,
    trust::{Log, TrustRoot},
    x509::{Certificate, precertificate},
};

/// An SCT of version 1 (RFC 6962 section 3.2), unverified.
#[derive(Debug)]
struct Sct<'a> {
    log_id: &'a [u8],
    /// Milliseconds since the epoch.
    timestamp: u64,
    extensions: &'a [u8],
    /// SignatureAlgorithm (RFC 5246 section 7.4.1.4.1).
    algorithm: u8,
    signature: &'a [u8],
}

/// At least one SCT in `leaf`, which `issuer` issued, must be of a log of `root`, and each that is
/// must verify. A root that names no logs of certificates asks for none.
pub(super) fn verify(
    leaf: &Certificate,
    issuer: &Certificate,
    root: &TrustRoot,
    conditions: &Conditions<'_>,
) -> Result<(), Error> {
    if !root.names_ct_logs() {
        return Ok(());
    }
    let list = leaf.sct_list().ok_or(Error::SctMissing)?;
    let scts = read_list(list).ok_or(Error::SctInvalid)?;
    if scts.is_empty() {
        return Err(Error::SctMissing);
    }
    let entry = precertificate(leaf).ok_or(Error::SctInvalid)?;
    let issuer = Sha256::digest(issuer.public_key()?.spki());
    let mut known = false;
    for sct in &scts {
        let mut logs = root.ct_logs().iter();
        if let Some(log) = logs.find(|log| log.id == sct.log_id) {
            conditions.deny.check_key(log.key.key())?;
            conditions.budget.signature_check()?;
            sct.verify(log, &issuer, &entry)?;
            known = true;
        }
    }
    if known {
        Ok(())
    } else {
        Err(Error::SctLogUnknown)
    }
}

impl Sct<'_> {
    fn verify(&self, log: &Log, issuer: &[u8], precertificate: &[u8]) -> Result<(), Error> {
        let at = UnixTime::from_seconds(self.timestamp / 1000);
        if !log.window.covers(at) {
            return Err(Error::SctLogOutsideValidity { at });
        }
        let message = self
            .signed(issuer, precertificate)
            .ok_or(Error::SctInvalid)?;
        let algorithm = log.key.tls_signature_algorithm();
        if self.algorithm == algorithm && log.key.verify(&message, self.signature) {
            Ok(())
        } else {
            Err(Error::SctSignatureMismatch)
        }
    }

    /// What the log signed (section 3.2): version, type, time, kind of entry, the issuer's key, the
    /// certificate before it had SCTs, and the extensions.
    fn signed(&self, issuer: &[u8], precertificate: &[u8]) -> Option<Vec<u8>> {
        let length = u32::try_from(precertificate.len()).ok()?.to_be_bytes();
        let [0, length @ ..] = length else {
            return None;
        };
        let extensions = u16::try_from(self.extensions.len()).ok()?.to_be_bytes();
        Some(
            [
                &[0, 0],
                self.timestamp.to_be_bytes().as_slice(),
                &[0, 1],
                issuer,
                &length,
                precertificate,
                &extensions,
                self.extensions,
            ]
            .concat(),
        )
    }
}

/// Reads `SignedCertificateTimestampList` (section 3.3): vectors with their length in front.
fn read_list(value: &[u8]) -> Option<Vec<Sct<'_>>> {
    let list = <&OctetStringRef>::from_der(value).ok()?.as_bytes();
    let (mut list, []) = vector(list)? else {
        return None;
    };
    let mut scts = Vec::new();
    while !list.is_empty() {
        let (sct, rest) = vector(list)?;
        scts.push(read(sct)?);
        list = rest;
    }
    Some(scts)
}

fn read(sct: &[u8]) -> Option<Sct<'_>> {
    // Version 1 is written as 0.
    let rest = sct.strip_prefix(&[0])?;
    let (log_id, rest) = rest.split_at_checked(32)?;
    let (timestamp, rest) = rest.split_first_chunk::<8>()?;
    let (extensions, rest) = vector(rest)?;
    // RFC 5246 section 7.4.1.4.1: SHA-256 is 4.
    let (algorithm, rest) = rest.strip_prefix(&[4])?.split_first()?;
    let (signature, []) = vector(rest)? else {
        return None;
    };
    Some(Sct {
        log_id,
        timestamp: u64::from_be_bytes(*timestamp),
        extensions,
        algorithm: *algorithm,
        signature,
    })
}

/// A vector with its length in two octets (RFC 5246 section 4.3), and what follows it.
fn vector(octets: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = octets.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

#[cfg(test)]
mod tests;
