//! Signed timestamps (RFC 3161): when a signature existed, by an authority of the trust root.

mod tst_info;

mod cms;

use alloc::{string::String, vec::Vec};

use cms::{SignerInfo, Token};
use sha2::{Digest as _, Sha256};
use tst_info::TstInfo;

use crate::{
    conditions::Conditions,
    error::Error,
    time::UnixTime,
    trust::{Authority, TrustRoot},
    x509::{Certificate, Purpose},
};

/// A time that an authority or a log of the trust root certifies. Made only by the check that earns
/// it.
#[derive(Clone, Debug)]
pub struct SignedTime {
    at: UnixTime,
    source: TimeSource,
    authority: String,
    /// SHA-256 of what an authority signed: the same in every form of a token.
    statement: Option<[u8; 32]>,
}

/// What certifies a [`SignedTime`].
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, serde::Serialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum TimeSource {
    /// A transparency log, with its promise of inclusion.
    Log,
    /// A timestamp authority (RFC 3161).
    TimestampAuthority,
}

/// What became of a timestamp that did not fail.
pub(crate) enum Timestamp {
    Verified(SignedTime),
    /// Its signer is not one of the trust root's, so that nothing can be said of it.
    OfUnknownAuthority,
}

impl SignedTime {
    /// The time that a log's verified promise states.
    pub(crate) fn of_log(at: UnixTime, log: &str) -> Self {
        Self {
            at,
            source: TimeSource::Log,
            authority: log.into(),
            statement: None,
        }
    }

    /// The time itself.
    pub const fn at(&self) -> UnixTime {
        self.at
    }

    /// What certifies it.
    pub const fn source(&self) -> TimeSource {
        self.source
    }

    /// The address of the log or authority, as the trust root names it.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// Is it the same statement of the same authority, perhaps in another form?
    pub(crate) fn repeats(&self, other: &Self) -> bool {
        self.statement.is_some()
            && self.statement == other.statement
            && self.authority == other.authority
    }
}

impl Timestamp {
    /// Verifies the timestamp response at `index` of a bundle, which is to be over `signature`.
    pub(crate) fn verify(
        response: &[u8],
        index: usize,
        signature: &[u8],
        root: &TrustRoot,
        conditions: &Conditions<'_>,
    ) -> Result<Self, Error> {
        let token = Token::read(response, index)?;
        let info = TstInfo::read(&token.content, index)?;
        let embedded = certificates(&token, conditions, index)?;
        let mut authorities = root.timestamp_authorities().iter();
        if !authorities.any(|authority| is_claimed(&token.signer, authority, &embedded)) {
            return Ok(Self::OfUnknownAuthority);
        }
        // RFC 3161 section 2.4.2: what was stamped is the signature, as DSSE and OMS have it.
        if info.hash.digest(&[signature]) != info.imprint {
            return Err(Error::TimestampImprintMismatch { index });
        }
        let authority = verify_signer(&token, &embedded, info.at, root, conditions, index)?;
        Ok(Self::Verified(SignedTime {
            at: info.at,
            source: TimeSource::TimestampAuthority,
            authority: authority.uri.clone(),
            statement: Some(Sha256::digest(&token.content).into()),
        }))
    }
}

/// The time that an unverified response states: to be shown as a claim.
pub(crate) fn claimed_time(response: &[u8], index: usize) -> Result<UnixTime, Error> {
    let token = Token::read(response, index)?;
    Ok(TstInfo::read(&token.content, index)?.at)
}

/// The certificates in a token: none is trusted, a path may use them.
fn certificates(
    token: &Token,
    conditions: &Conditions<'_>,
    index: usize,
) -> Result<Vec<Certificate>, Error> {
    let limit = conditions.budget.limits().certificates;
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

/// Does the token claim to be by this authority, in or out of its window? Then it must be valid.
///
/// An authority whose chain begins with its signer has no other one. One whose chain begins with an
/// issuer has every signer that it issued: which that is says the certificate in the token, or the
/// name of the issuer that the token states.
fn is_claimed(signer: &SignerInfo, authority: &Authority, embedded: &[Certificate]) -> bool {
    let Some(first) = authority.chain.first() else {
        return false;
    };
    if !first.is_ca() {
        return signer.names(first);
    }
    let mut issuers = authority.chain.iter();
    issuers.any(|issuer| {
        let issued = |certificate: &Certificate| issuer.is_named_issuer_of(certificate);
        signer.names_issuer(issuer)
            || embedded
                .iter()
                .any(|certificate| signer.names(certificate) && issued(certificate))
    })
}

/// Finds the authority whose signer signed the token, valid when it did.
fn verify_signer<'r>(
    token: &Token,
    embedded: &[Certificate],
    at: UnixTime,
    root: &'r TrustRoot,
    conditions: &Conditions<'_>,
    index: usize,
) -> Result<&'r Authority, Error> {
    let mut failure = Error::TimestampAuthorityUnknown { index };
    for authority in root.timestamp_authorities() {
        let Some(signer) = find_signer(&token.signer, authority, embedded) else {
            continue;
        };
        match check(token, signer, embedded, authority, at, conditions, index) {
            Ok(()) => return Ok(authority),
            // Another authority of the same signer says more.
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
    conditions: &Conditions<'_>,
    index: usize,
) -> Result<(), Error> {
    conditions.budget.signature_check()?;
    token.signer.verify(&token.content, signer, index)?;
    if !authority.window.covers(at) {
        return Err(Error::TimestampAuthorityOutsideValidity { index, at });
    }
    let purpose = Purpose::TimeStamping;
    let path = authority.verify(signer, embedded, &[at], purpose, conditions.budget);
    let path = path.map_err(|error| match error {
        Error::CertificateExpired { .. } | Error::CertificateNotYetValid { .. } => {
            Error::TimestampCertificateOutsideValidity { index, at }
        }
        Error::IssuerUnknown | Error::CertificateSignatureMismatch { .. } => {
            Error::TimestampAuthorityUnknown { index }
        }
        other => other,
    })?;
    conditions.deny.check_path(&path)
}
