//! Signed timestamps (RFC 3161): when a signature existed, by an authority of the trust root.

mod cms;
mod strict;
mod tst_info;

use alloc::{string::String, vec::Vec};

use cms::{SignerInfo, Token};
use tst_info::TstInfo;

use crate::{
    error::Error,
    limits::Limits,
    time::UnixTime,
    trust::{Authority, TrustRoot},
    x509::{Certificate, Purpose},
};

/// A time that an authority of the trust root vouches for. Made by the check that earns it.
#[derive(Clone, Debug)]
pub struct SignedTime {
    at: UnixTime,
    source: TimeSource,
    authority: String,
}

/// Who vouches for a [`SignedTime`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TimeSource {
    /// A transparency log, with its promise of inclusion.
    Log,
    /// A timestamp authority (RFC 3161).
    TimestampAuthority,
}

impl SignedTime {
    /// The time that a log's verified promise states.
    pub(crate) fn of_log(at: UnixTime, log: &str) -> Self {
        Self {
            at,
            source: TimeSource::Log,
            authority: log.into(),
        }
    }

    /// The time itself.
    pub const fn at(&self) -> UnixTime {
        self.at
    }

    /// Who vouches for it.
    pub const fn source(&self) -> TimeSource {
        self.source
    }

    /// The address of the log or authority, as the trust root names it.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// Verifies the timestamp response at `index` of a bundle, which is to be over `signature`.
    pub(crate) fn verify(
        response: &[u8],
        index: usize,
        signature: &[u8],
        root: &TrustRoot,
        limits: &Limits,
    ) -> Result<Self, Error> {
        let token = Token::read(response, index)?;
        let info = TstInfo::read(&token.content, index)?;
        // RFC 3161 section 2.4.2: what was stamped is the signature, as DSSE and OMS have it.
        if info.hash.digest(&[signature]) != info.imprint {
            return Err(Error::TimestampImprintMismatch { index });
        }
        let embedded = certificates(&token, limits, index)?;
        let authority = verify_signer(&token, &embedded, info.at, root, limits, index)?;
        Ok(Self {
            at: info.at,
            source: TimeSource::TimestampAuthority,
            authority: authority.uri.clone(),
        })
    }
}

/// The time that an unverified response states: to be shown as a claim.
pub(crate) fn claimed_time(response: &[u8], index: usize) -> Result<UnixTime, Error> {
    let token = Token::read(response, index)?;
    Ok(TstInfo::read(&token.content, index)?.at)
}

/// The certificates in a token: nobody trusts them, a path may use them.
fn certificates(token: &Token, limits: &Limits, index: usize) -> Result<Vec<Certificate>, Error> {
    let limit = limits.certificates;
    if token.certificates.len() > limit {
        return Err(Error::CertificateCount { limit });
    }
    let certificates = token.certificates.iter().enumerate();
    certificates
        .map(|(position, der)| {
            Certificate::from_der(der, position).map_err(|_| Error::TimestampInvalid { index })
        })
        .collect()
}

/// Finds the authority whose signer signed the token, valid when it did.
fn verify_signer<'r>(
    token: &Token,
    embedded: &[Certificate],
    at: UnixTime,
    root: &'r TrustRoot,
    limits: &Limits,
    index: usize,
) -> Result<&'r Authority, Error> {
    let mut failure = Error::TimestampAuthorityUnknown { index };
    for authority in root.timestamp_authorities() {
        let Some(signer) = find_signer(&token.signer, authority, embedded) else {
            continue;
        };
        match check(token, signer, embedded, authority, at, limits, index) {
            Ok(()) => return Ok(authority),
            // What an authority by another name makes of it says less.
            Err(Error::TimestampAuthorityUnknown { .. }) => {}
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

/// The certificate that the token names as its signer's. An authority whose chain begins with it
/// has no other.
fn find_signer<'a>(
    signer: &SignerInfo,
    authority: &'a Authority,
    embedded: &'a [Certificate],
) -> Option<&'a Certificate> {
    let own = authority.chain.first().filter(|first| !first.is_ca());
    match own {
        Some(own) => signer.names(own).then_some(own),
        None => embedded
            .iter()
            .find(|certificate| signer.names(certificate)),
    }
}

fn check(
    token: &Token,
    signer: &Certificate,
    embedded: &[Certificate],
    authority: &Authority,
    at: UnixTime,
    limits: &Limits,
    index: usize,
) -> Result<(), Error> {
    token.signer.verify(&token.content, signer, index)?;
    if !authority.window.covers(at) {
        return Err(Error::TimestampAuthorityOutsideValidity { index, at });
    }
    let path = authority.verify(signer, embedded, &[at], Purpose::TimeStamping, limits);
    path.map(drop).map_err(|error| match error {
        Error::CertificateExpired { .. } | Error::CertificateNotYetValid { .. } => {
            Error::TimestampCertificateOutsideValidity { index, at }
        }
        Error::IssuerUnknown | Error::CertificateSignatureMismatch { .. } => {
            Error::TimestampAuthorityUnknown { index }
        }
        other => other,
    })
}
